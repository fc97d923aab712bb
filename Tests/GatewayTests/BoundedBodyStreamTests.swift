import HTTPCore
import Synchronization
import Testing

@testable import Gateway

@Suite("Bodies of bounded length")
struct BoundedBodyStreamTests {
    private final class Parts: HTTPBodyStream {
        private let left: Mutex<[[UInt8]]>
        let isCancelled = Mutex(false)
        init(_ counts: [Int]) { self.left = Mutex(counts.map { [UInt8](repeating: 0x61, count: $0) }) }
        var trailers: HTTPFields? { [.eTag: "t"] }
        func next() async throws -> [UInt8]? { self.left.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
        func cancel() { self.isCancelled.withLock { $0 = true } }
    }

    @Test("A body up to the bound passes unchanged, trailers and all", arguments: [[], [10], [3, 7], [1, 1, 8]])
    func passes(counts: [Int]) async throws {
        let parts = Parts(counts)
        let bounded = BoundedBodyStream(parts, limit: 10)
        var seen: [Int] = []
        while let part = try await bounded.next() { seen.append(part.count) }
        #expect(seen == counts)
        #expect(bounded.trailers?[.eTag] == "t")
        #expect(!parts.isCancelled.withLock { $0 })
    }

    @Test("The part that exceeds the bound is an error and cancels the body", arguments: [[11], [10, 1], [5, 5, 5]])
    func refuses(counts: [Int]) async throws {
        let parts = Parts(counts)
        let bounded = BoundedBodyStream(parts, limit: 10)
        await #expect(throws: HTTPBodyError.tooLarge(10)) {
            while try await bounded.next() != nil {}
        }
        #expect(parts.isCancelled.withLock { $0 })
    }

    @Test("Cancelling passes on")
    func cancels() {
        let parts = Parts([1])
        BoundedBodyStream(parts, limit: 10).cancel()
        #expect(parts.isCancelled.withLock { $0 })
    }
}
