import Synchronization

/// Whether the server and its services take calls: set by the process, asked for through `grpc.health.v1.Health`.
public final class RPCHealth: Sendable {
    /// As `HealthCheckResponse.ServingStatus` numbers them.
    public enum Status: Int32, Sendable, Hashable {
        case unknown = 0
        case serving = 1
        case notServing = 2
        /// Answered to who watches a service that is not known.
        case serviceUnknown = 3
    }

    private struct State {
        /// By service; the empty name is the server as a whole.
        var statuses: [String: Status]
        var isClosed = false
        var nextWaiter = 0
        var waiters: [Int: Waiter] = [:]
        /// Waits that were given up before they began.
        var abandoned: Set<Int> = []
    }
    private struct Waiter {
        let service: String
        let continuation: CheckedContinuation<Void, Never>
    }
    private let state: Mutex<State>

    /// - Parameter overall: Of the server as a whole, until it is set.
    public init(overall: Status = .serving) {
        self.state = Mutex(State(statuses: ["": overall]))
    }

    /// Sets the status of a service, or of the server as a whole for the empty name, and tells who watches.
    public func set(_ status: Status, for service: String = "") {
        let waiters = self.state.withLock { state in
            guard !state.isClosed, state.statuses[service] != status else { return [] as [Waiter] }
            state.statuses[service] = status
            let woken = state.waiters.filter { $0.value.service == service }
            for key in woken.keys { state.waiters[key] = nil }
            return Array(woken.values)
        }
        for waiter in waiters { waiter.continuation.resume() }
    }

    /// Sets everything to not serving, for good, and ends the watches: they would keep connections from draining.
    public func close() {
        let waiters = self.state.withLock { state in
            state.isClosed = true
            for service in state.statuses.keys { state.statuses[service] = .notServing }
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.continuation.resume() }
    }

    /// Nil for a service that is not known.
    public func status(of service: String = "") -> Status? { self.state.withLock { $0.statuses[service] } }

    var statuses: [String: Status] { self.state.withLock { $0.statuses } }

    /// Whether watches have ended.
    var isClosed: Bool { self.state.withLock { $0.isClosed } }

    /// Returns once the status of a service is another than `known`, the watches have ended, or the task is cancelled.
    func waitForChange(of service: String, from known: Status?) async {
        let id = self.state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mustWait = self.state.withLock { state in
                    guard state.abandoned.remove(id) == nil, !state.isClosed, state.statuses[service] == known else {
                        return false
                    }
                    state.waiters[id] = Waiter(service: service, continuation: continuation)
                    return true
                }
                if !mustWait { continuation.resume() }
            }
        } onCancel: {
            let waiter = self.state.withLock { state in
                let waiter = state.waiters.removeValue(forKey: id)
                if waiter == nil { state.abandoned.insert(id) }
                return waiter
            }
            waiter?.continuation.resume()
        }
        _ = self.state.withLock { $0.abandoned.remove(id) }
    }
}
