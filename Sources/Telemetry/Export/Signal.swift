import Synchronization

/// Something that tasks wait for: each `raise` ends the waits that are under way, or the next one if none is.
final class Signal: Sendable {
    private struct State: Sendable {
        var isRaised = false
        var next = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        /// Waits that were cancelled before they began.
        var cancelled: Set<Int> = []
    }

    private let state = Mutex(State())

    /// Returns after the next `raise`, at once if one is pending, or when the task is cancelled.
    func wait() async {
        let id = self.state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = self.state.withLock { state in
                    if state.isRaised || state.cancelled.remove(id) != nil {
                        state.isRaised = false
                        return true
                    }
                    state.waiters[id] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let waiter = self.state.withLock { state in
                let waiter = state.waiters.removeValue(forKey: id)
                if waiter == nil { state.cancelled.insert(id) }
                return waiter
            }
            waiter?.resume()
        }
        // Cancelled after its end, a wait would leave its number behind.
        self.state.withLock { _ = $0.cancelled.remove(id) }
    }

    func raise() {
        let waiters = self.state.withLock { state in
            state.isRaised = state.waiters.isEmpty
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume() }
    }
}
