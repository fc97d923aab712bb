import Synchronization

/// Something that tasks wait for until a condition holds: whoever makes it hold calls `raise` afterwards.
///
/// A waiter looks at the condition after it has been noted, so a change between looking and waiting is never missed, however
/// many wait.
final class Signal: Sendable {
    private struct State: Sendable {
        var next = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        /// Waits that were cancelled before they began.
        var cancelled: Set<Int> = []
    }

    private let state = Mutex(State())

    /// Returns after the next `raise`, at once if the condition holds already, or when the task is cancelled.
    func wait(unless isMet: @Sendable () -> Bool) async {
        let id = self.state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isCancelled = self.state.withLock { state in
                    if state.cancelled.remove(id) != nil { return true }
                    state.waiters[id] = continuation
                    return false
                }
                if isCancelled { continuation.resume() } else if isMet() { self.end(id) }
            }
        } onCancel: {
            self.cancel(id)
        }
        // Cancelled after its end, a wait would leave its number behind.
        self.state.withLock { _ = $0.cancelled.remove(id) }
    }

    func raise() {
        let waiters = self.state.withLock { state in
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume() }
    }

    private func end(_ id: Int) { self.state.withLock { $0.waiters.removeValue(forKey: id) }?.resume() }

    private func cancel(_ id: Int) {
        let waiter = self.state.withLock { state in
            let waiter = state.waiters.removeValue(forKey: id)
            if waiter == nil { state.cancelled.insert(id) }
            return waiter
        }
        waiter?.resume()
    }
}
