import HTTPCore
import Synchronization
import Testing

/// Gives out prepared pieces and remembers whether it was cancelled.
private final class PreparedStream: HTTPBodyStream {
    private let pieces: Mutex<[[UInt8]]>
    private let cancelled = Mutex(false)
    var trailers: HTTPFields? { nil }
    var isCancelled: Bool { self.cancelled.withLock { $0 } }
    var remaining: Int { self.pieces.withLock { $0.count } }

    init(_ pieces: [[UInt8]]) {
        self.pieces = Mutex(pieces)
    }

    func next() async throws -> [UInt8]? {
        self.pieces.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }

    func cancel() {
        self.cancelled.withLock { $0 = true }
    }
}

@Suite("Values")
struct HTTPBodyTests {
    @Test("A body is gathered up to its limit")
    func collect() async throws {
        #expect(try await HTTPBody.empty.collect(upTo: 0) == [])
        #expect(try await HTTPBody.bytes([1, 2]).collect(upTo: 2) == [1, 2])
        let stream = PreparedStream([[1], [2, 3], [4]])
        #expect(try await HTTPBody.stream(stream, length: nil).collect(upTo: 4) == [1, 2, 3, 4])
        #expect(!stream.isCancelled)
        #expect(try await HTTPBody.stream(PreparedStream([]), length: 0).collect(upTo: 0) == [])
    }

    @Test("A body over its limit is refused and its stream cancelled")
    func tooLarge() async throws {
        await #expect(throws: HTTPBodyError.tooLarge(1)) { try await HTTPBody.bytes([1, 2]).collect(upTo: 1) }
        for pieces in [[[1, 2, 3, 4]], [[1], [2, 3], [4]], [[1, 2, 3], [4]]] as [[[UInt8]]] {
            let stream = PreparedStream(pieces)
            await #expect(throws: HTTPBodyError.tooLarge(3)) {
                try await HTTPBody.stream(stream, length: nil).collect(upTo: 3)
            }
            #expect(stream.isCancelled)
        }
    }

    @Test("A body that declares too much is not read at all")
    func declaredTooLarge() async {
        let stream = PreparedStream([[1]])
        await #expect(throws: HTTPBodyError.tooLarge(3)) {
            try await HTTPBody.stream(stream, length: 4).collect(upTo: 3)
        }
        #expect(stream.isCancelled)
        #expect(stream.remaining == 1)
    }

    @Test("A request splits its target at the first question mark")
    func request() {
        let request = HTTPRequest(.get, "/a?b=c?d")
        #expect(request.path == "/a")
        #expect(request.query == "b=c?d")
        #expect(request.target == "/a?b=c?d")
        #expect(HTTPRequest(.get, "/a").query == nil)
        #expect(HTTPRequest(.get, "/a?").query == "")
    }

    @Test("Statuses know their class")
    func statuses() {
        #expect(HTTPStatus.continue.isInformational)
        #expect(HTTPStatus.created.isSuccess)
        #expect(HTTPStatus.found.isRedirection)
        #expect(HTTPStatus.notFound.isClientError)
        #expect(HTTPStatus.badGateway.isServerError)
        #expect(!HTTPStatus(600).isServerError)
        #expect([100, 204, 304].allSatisfy { HTTPStatus($0).forbidsBody })
        #expect(!HTTPStatus.ok.forbidsBody)
        #expect(HTTPStatus.ok == 200)
    }

    @Test("A status has three digits")
    func badStatus() async {
        await #expect(processExitsWith: .failure) { _ = HTTPStatus(99) }
        await #expect(processExitsWith: .failure) { _ = HTTPStatus(1_000) }
    }

    @Test("Deadlines compare by their instants")
    func deadlines() {
        let soon = Deadline.after(.seconds(60))
        #expect(soon < .distantFuture)
        #expect(!soon.isPast)
        #expect(soon.remaining <= .seconds(60))
        #expect(Deadline.after(.seconds(-1)).isPast)
        #expect(Deadline.after(.seconds(-1)).remaining < .zero)
    }

    @Test("Methods know what may be repeated")
    func methods() {
        #expect(HTTPMethod.put.isIdempotent && !HTTPMethod.put.isSafe)
        #expect(HTTPMethod.get.isIdempotent && HTTPMethod.get.isSafe)
        #expect(!HTTPMethod.post.isIdempotent && !HTTPMethod.other("GET2").isIdempotent)
    }
}
