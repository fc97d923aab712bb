import HTTPCore
import Synchronization

/// One page's queue of events, which is the body of its answer.
final class LiveReader: HTTPBodyStream {
    let wish: LiveFeed.Wish
    private let onEnd: @Sendable () -> Void

    private struct State: Sendable {
        var queue: [[UInt8]] = []
        var bytes = 0
        var skipped = 0
        var isEnded = false
        var waiter: CheckedContinuation<[UInt8]?, Never>?
    }
    private let state = Mutex(State())

    static let queueMax = 512
    /// Of all events that wait.
    static let queueBytesMax = 1 << 20

    init(_ wish: LiveFeed.Wish, onEnd: @escaping @Sendable () -> Void) {
        self.wish = wish
        self.onEnd = onEnd
    }

    var trailers: HTTPFields? { nil }

    /// - Returns: false where there is no room for it.
    func push(_ event: [UInt8]) -> Bool {
        let (waiter, isTaken) = self.state.withLock { state -> (CheckedContinuation<[UInt8]?, Never>?, Bool) in
            if state.isEnded { return (nil, true) }
            if let waiter = state.waiter.take() { return (waiter, true) }
            guard state.queue.count < Self.queueMax, state.bytes + event.count <= Self.queueBytesMax else {
                state.skipped += 1
                return (nil, false)
            }
            state.queue.append(event)
            state.bytes += event.count
            return (nil, true)
        }
        waiter?.resume(returning: event)
        return isTaken
    }

    /// All that waits, at once; then the next event.
    func next() async throws -> [UInt8]? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let ready: [UInt8]?? = self.state.withLock { state in
                    if state.isEnded { return .some(nil) }
                    if !state.queue.isEmpty {
                        var bytes = state.queue.flatMap { $0 }
                        state.queue = []
                        state.bytes = 0
                        if state.skipped > 0 {
                            bytes += LiveFeed.event("lagged", Array("{\"skipped\":\(state.skipped)}".utf8))
                            state.skipped = 0
                        }
                        return bytes
                    }
                    state.waiter = continuation
                    return nil
                }
                if let ready { continuation.resume(returning: ready) }
            }
        } onCancel: {
            self.cancel()
        }
    }

    func cancel() {
        let waiter = self.state.withLock { state in
            state.isEnded = true
            state.queue = []
            state.bytes = 0
            return state.waiter.take()
        }
        waiter?.resume(returning: nil)
        self.onEnd()
    }
}
