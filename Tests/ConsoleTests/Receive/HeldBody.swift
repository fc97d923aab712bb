import HTTPCore
import Synchronization

/// A body that is there once it is released.
final class HeldBody: HTTPBodyStream {
    private struct State {
        var bytes: [UInt8]?
        var isAsked = false
        var isReleased = false
        var waiters: [CheckedContinuation<Void, Never>] = []
        var readers: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(_ bytes: [UInt8]) { self.state = Mutex(State(bytes: bytes)) }

    var trailers: HTTPFields? { nil }
    func cancel() {}

    func next() async -> [UInt8]? {
        for waiter in self.state.withLock({ state in
            state.isAsked = true
            defer { state.waiters = [] }
            return state.waiters
        }) {
            waiter.resume()
        }
        await withCheckedContinuation { continuation in
            let isReleased = self.state.withLock { state in
                if !state.isReleased { state.readers.append(continuation) }
                return state.isReleased
            }
            if isReleased { continuation.resume() }
        }
        return self.state.withLock { $0.bytes.take() }
    }

    /// Returns once somebody reads.
    func untilAsked() async {
        await withCheckedContinuation { continuation in
            let isAsked = self.state.withLock { state in
                if !state.isAsked { state.waiters.append(continuation) }
                return state.isAsked
            }
            if isAsked { continuation.resume() }
        }
    }

    func release() {
        let readers = self.state.withLock { state in
            state.isReleased = true
            defer { state.readers = [] }
            return state.readers
        }
        for reader in readers { reader.resume() }
    }
}
