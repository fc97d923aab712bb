import HTTPCore
import Synchronization

/// A body that comes slowly, breaks off, or both.
final class HarmedBodyStream: HTTPBodyStream {
    private struct State: Sendable {
        /// Taken from the source and not handed on yet.
        var pending: ArraySlice<UInt8>
        var sent = 0
        var isSlow: Bool
    }

    private let source: (any HTTPBodyStream)?
    private let harm: BodyHarm
    /// Bytes after which it breaks off; nil: never.
    private let limit: Int?
    private let state: Mutex<State>

    /// Pieces a second of a slow body.
    private static let piecesPerSecond = 10

    init(_ body: HTTPBody, _ harm: BodyHarm, limit: Int?) {
        var pending: ArraySlice<UInt8> = []
        var source: (any HTTPBodyStream)?
        switch body {
        case .empty: break
        case .bytes(let bytes): pending = bytes[...]
        case .stream(let stream, _): source = stream
        }
        self.source = source
        self.harm = harm
        self.limit = limit
        self.state = Mutex(State(pending: pending, isSlow: harm.slowness != nil))
    }

    // A body has one consumer: nobody else changes the state between two looks at it.
    func next() async throws -> [UInt8]? {
        let sent = self.state.withLock { $0.sent }
        if let limit = self.limit, sent >= limit { throw try await self.abortion() }
        if self.state.withLock({ $0.pending.isEmpty }) {
            guard let piece = try await self.source?.next() else {
                if self.limit != nil { throw try await self.abortion() }
                return nil
            }
            self.state.withLock { $0.pending = piece[...] }
        }
        return self.take(try await self.allowance(sent))
    }

    private func abortion() async throws -> HTTPBodyAborted {
        try await self.harm.injector.settle()
        return HTTPBodyAborted()
    }

    /// How many bytes may follow now.
    private func allowance(_ sent: Int) async throws -> Int {
        let left = self.limit.map { $0 - sent } ?? .max
        guard let (fault, rate) = self.harm.slowness, self.state.withLock({ $0.isSlow }) else { return left }
        let piece = max(1, rate / Self.piecesPerSecond)
        // The first piece comes at once, as it would from a slow disk or a full network.
        if sent > 0 {
            let wait = Duration.seconds(1) * piece / rate
            guard try await self.harm.injector.dawdle(fault, wait, until: self.harm.deadline) else {
                self.state.withLock { $0.isSlow = false }
                return left
            }
        }
        return min(piece, left)
    }

    private func take(_ count: Int) -> [UInt8] {
        self.state.withLock { state in
            let piece = state.pending.prefix(count)
            state.pending = state.pending.dropFirst(count)
            state.sent += piece.count
            return Array(piece)
        }
    }

    var trailers: HTTPFields? { self.source?.trailers }
    func cancel() { self.source?.cancel() }
}
