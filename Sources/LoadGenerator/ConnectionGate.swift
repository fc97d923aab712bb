import Synchronization

/// Lets as many requests through as there may be connections; the others wait in line.
///
/// The wait is the measurement's, not the server's: a request that got no connection is late all the same, and says so
/// in its latency and not in its service time. The line is bounded by the journeys in flight.
final class ConnectionGate: Sendable {
    private struct State: Sendable {
        var free: Int
        var waiters: [UnsafeContinuation<Void, Never>] = []
        /// Waiters before this one have gone.
        var first = 0

        mutating func takeFirst() -> UnsafeContinuation<Void, Never>? {
            guard self.first < self.waiters.count else { return nil }
            defer {
                self.first += 1
                if self.first == self.waiters.count || self.first == 1_024 {
                    self.waiters.removeFirst(self.first)
                    self.first = 0
                }
            }
            return self.waiters[self.first]
        }
    }
    private let state: Mutex<State>

    init(connections: Int) { self.state = Mutex(State(free: connections)) }

    func enter() async {
        let isFree = self.state.withLock { state in
            guard state.free > 0 else { return false }
            state.free -= 1
            return true
        }
        if isFree { return }
        await withUnsafeContinuation { continuation in
            let isFree = self.state.withLock { state in
                if state.free > 0 {
                    state.free -= 1
                    return true
                }
                state.waiters.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    func leave() {
        let waiter = self.state.withLock { state -> UnsafeContinuation<Void, Never>? in
            if let waiter = state.takeFirst() { return waiter }
            state.free += 1
            return nil
        }
        waiter?.resume()
    }
}
