import HTTPCore
import HTTPEngine
import NetworkIO
import Synchronization
import Testing

/// Answers with a closure.
struct ClosureResponder: HTTPResponder {
    let body: @Sendable (HTTPRequest) async -> HTTPResponse
    func respond(to request: HTTPRequest) async -> HTTPResponse { await self.body(request) }
}

/// A server on a loop of its own.
struct TestServer: Sendable {
    let server: HTTPServer
    let loop: EventLoop
    let observer: RecordingObserver
    var port: Int { self.server.address.port }

    func connect() throws -> RawPeer { try RawPeer(port: self.port) }

    /// Sends bytes on a connection of its own, on a thread of its own, and reads one answer.
    func exchange(_ text: String, isBodiless: Bool = false) async throws -> RawPeer.Message {
        try await onThread {
            let peer = try self.connect()
            try peer.send(text)
            return try peer.receive(isBodiless: isBodiless)
        }
    }

    /// Lets the loop turn until a condition holds. The suite's time limit ends it when it never does.
    func turns(until condition: @Sendable () -> Bool) async {
        while !condition() { await self.loop.turn() }
    }
}

/// Runs a server for the time of `body`, and expects that nothing of it is left afterwards.
func withServer(
    _ configure: (inout HTTPServerConfiguration) -> Void = { _ in },
    respond: @escaping @Sendable (HTTPRequest) async -> HTTPResponse = { _ in .text("hello") },
    _ body: (TestServer) async throws -> Void
) async throws {
    var configuration = HTTPServerConfiguration()
    configure(&configuration)
    let loop = try EventLoop(index: 0, name: "server")
    defer { loop.stop() }
    let observer = RecordingObserver()
    let address = try #require(SocketAddress(numericHost: "127.0.0.1", port: 0))
    let server = try HTTPServer(
        address: address, loops: [loop], configuration: configuration, observer: observer,
        responder: ClosureResponder(body: respond))
    let test = TestServer(server: server, loop: loop, observer: observer)
    try await body(test)
    #expect(await server.drain(within: .seconds(10)) == 0)
    await test.turns { server.openConnections == 0 && loop.statistics.connections == 0 }
}

/// Notes what a listener tells.
final class RecordingObserver: HTTPServerObserver {
    let refusals = Record<HTTPRefusal>()
    let refusedConnections = Record<String>()
    let timeouts = Record<String>()
    let http2 = Record<HTTP2Refusal>()

    func messageRefused(_ refusal: HTTPRefusal, remoteAddress: String) -> HTTPResponse {
        self.refusals.append(refusal)
        return SilentObserver().messageRefused(refusal, remoteAddress: remoteAddress)
    }
    func connectionRefused(_ reason: String) { self.refusedConnections.append(reason) }
    func peerTimedOut(_ phase: StaticString, remoteAddress: String) { self.timeouts.append("\(phase)") }
    func http2Refused(_ refusal: HTTP2Refusal, remoteAddress: String) { self.http2.append(refusal) }
}

extension HTTPResponse {
    static func text(_ text: String, status: HTTPStatus = .ok) -> HTTPResponse {
        HTTPResponse(status, fields: [.contentType: "text/plain"], body: .bytes(Array(text.utf8)))
    }

    /// Answers with what was sent, its trailers in a field, or the error it ended in.
    static func echo(_ request: HTTPRequest) async -> HTTPResponse {
        do {
            let bytes = try await request.body.collect(upTo: 64 << 20)
            var fields = HTTPFields()
            if case .stream(let stream, _) = request.body, let trailer = stream.trailers?[.eTag] {
                fields.append(.eTag, trailer)
            }
            return HTTPResponse(.ok, fields: fields, body: .bytes(bytes))
        } catch let refusal as HTTPRefusal {
            return .text(refusal.reason, status: refusal.status)
        } catch {
            return .text("\(error)", status: .internalServerError)
        }
    }
}

/// A body of given parts, which counts what is taken of it.
final class PartsStream: HTTPBodyStream {
    struct Broken: Error {}
    private struct State: Sendable {
        var next = 0
        var isCancelled = false
    }
    private let state = Mutex(State())
    private let parts: [[UInt8]]
    private let end: HTTPFields
    private let breaks: Bool
    private let before: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - breaks: whether an error follows the last part instead of the end.
    ///   - before: awaited before each part and before the end, with its number.
    init(
        _ parts: [[UInt8]], trailers: HTTPFields = .init(), breaks: Bool = false,
        before: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.parts = parts
        self.end = trailers
        self.breaks = breaks
        self.before = before
    }

    convenience init(_ texts: String..., trailers: HTTPFields = .init(), breaks: Bool = false) {
        self.init(texts.map { Array($0.utf8) }, trailers: trailers, breaks: breaks)
    }

    var taken: Int { self.state.withLock { $0.next } }
    var isCancelled: Bool { self.state.withLock { $0.isCancelled } }
    var trailers: HTTPFields? { self.end.isEmpty ? nil : self.end }
    func cancel() { self.state.withLock { $0.isCancelled = true } }

    func next() async throws -> [UInt8]? {
        let number = self.state.withLock { state in
            state.next += 1
            return state.next - 1
        }
        await self.before(number)
        if number < self.parts.count { return self.parts[number] }
        if self.breaks { throw Broken() }
        return nil
    }
}
