import Glibc
import NetworkIO
import ServiceKit
import Synchronization

/// Starts the platform's processes, starts again what dies, and stops all in order.
final class Supervisor: Sendable {
    private struct Child: Sendable {
        let name: ServiceName
        var pid: pid_t
        var startedAt: ContinuousClock.Instant
        var schedule = RestartSchedule()
    }
    private struct State: Sendable {
        var children: [Child] = []
        var isStopping = false
        /// Until all are ready for the first time, a process that gives up by itself is not started again: it would
        /// only give up again.
        var isStarting = true
        var givenUp: ServiceName?
        /// Ends that nobody has waited for yet.
        var ended: Set<pid_t> = []
        var waiters: [pid_t: UnsafeContinuation<Void, Never>] = [:]
    }
    private let state = Mutex(State())
    private let topology: LabTopology
    private let onEvent: @Sendable (String) -> Void
    /// Every process is started from this one thread: the children ask the kernel to tell them of their parent's death,
    /// and by that it means the thread that started them (prctl(2), PR_SET_PDEATHSIG).
    private let starter = BlockingExecutor(name: "starter", threads: 1, queueLimit: 64)

    /// - Parameter onEvent: told of every death and restart, a line each.
    init(topology: LabTopology, onEvent: @escaping @Sendable (String) -> Void) throws {
        self.topology = topology
        self.onEvent = onEvent
        try startThread(named: "reaper") { [self] in self.reap() }
    }

    // MARK: Starting

    func startAll() async throws {
        for name in LabTopology.startOrder {
            let pid = try await self.starter.run { try self.spawn(name) }
            self.state.withLock { $0.children.append(Child(name: name, pid: pid, startedAt: .now)) }
        }
    }

    private func spawn(_ name: ServiceName) throws -> pid_t {
        var environment = try self.topology.variables(for: name)
        environment["VITRINE_SUPERVISOR"] = String(getpid())
        return try ChildProcess.start(
            ["serve", name.rawValue], environment: environment, logPath: self.logPath(of: name))
    }

    /// The first process that ended by itself before all were ready: it cannot start, and its log says why.
    var givenUp: ServiceName? { self.state.withLock { $0.givenUp } }

    /// From now on whatever ends is started again.
    func allAreReady() { self.state.withLock { $0.isStarting = false } }

    func logPath(of name: ServiceName) -> String { "\(self.topology.logFolder)/\(name.rawValue).log" }

    /// The pids of the processes as they are now.
    var pids: [(ServiceName, pid_t)] { self.state.withLock { $0.children.map { ($0.name, $0.pid) } } }

    // MARK: Dying

    /// Waits for children, for the life of the process, on a thread of its own.
    private func reap() {
        while true {
            var raw: Int32 = 0
            let pid = waitpid(-1, &raw, 0)
            if pid > 0 {
                self.childEnded(pid, ChildProcess.Exit(raw))
            } else if errno == ECHILD {
                // None now; one may be started later.
                usleep(20_000)
            }
        }
    }

    private func childEnded(_ pid: pid_t, _ exit: ChildProcess.Exit) {
        let (waiter, restart) = self.state.withLock {
            state -> (UnsafeContinuation<Void, Never>?, (ServiceName, Duration)?) in
            let waiter = state.waiters.removeValue(forKey: pid)
            if waiter == nil { state.ended.insert(pid) }
            guard !state.isStopping, let index = state.children.firstIndex(where: { $0.pid == pid }) else {
                return (waiter, nil)
            }
            if state.isStarting, case .status = exit {
                if state.givenUp == nil { state.givenUp = state.children[index].name }
                return (waiter, nil)
            }
            let lifetime = state.children[index].startedAt.duration(to: .now)
            let delay = state.children[index].schedule.next(after: lifetime)
            return (waiter, (state.children[index].name, delay))
        }
        waiter?.resume()
        guard let (name, delay) = restart else { return }
        self.onEvent("\(name.rawValue) (pid \(pid)) \(exit); starting it again in \(delay)")
        Task {
            do {
                try await Task.sleep(for: delay)
                try await self.starter.run { self.restart(name, instead: pid) }
            } catch {
                self.onEvent("\(name.rawValue) is not started again: \(error)")
            }
        }
    }

    /// Runs on the starter's thread.
    private func restart(_ name: ServiceName, instead old: pid_t) {
        // Under the lock, so that a stop cannot come between the decision and the start.
        self.state.withLock { state in
            guard !state.isStopping, let index = state.children.firstIndex(where: { $0.pid == old }) else { return }
            do {
                state.children[index].pid = try self.spawn(name)
                state.children[index].startedAt = .now
            } catch {
                self.onEvent("\(name.rawValue): \(error)")
            }
        }
    }

    // MARK: Stopping

    /// Stops the processes one after the other, the gateway first; whatever has not ended by the deadline is killed.
    /// - Returns: the services that had to be killed.
    func stopAll(within limit: Duration) async -> [ServiceName] {
        let children = self.state.withLock { state in
            state.isStopping = true
            return state.children
        }
        let deadline = ContinuousClock.now.advanced(by: limit)
        var killed: [ServiceName] = []
        for child in children.reversed() {
            kill(child.pid, SIGTERM)
            if await !self.waitForEnd(of: child.pid, until: deadline) {
                kill(child.pid, SIGKILL)
                killed.append(child.name)
                _ = await self.waitForEnd(of: child.pid, until: .now.advanced(by: .seconds(1)))
            }
        }
        return killed
    }

    /// Kills everything now.
    func killAll() {
        let children = self.state.withLock { state in
            state.isStopping = true
            return state.children
        }
        for child in children { kill(child.pid, SIGKILL) }
    }

    private func waitForEnd(of pid: pid_t, until deadline: ContinuousClock.Instant) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                await withUnsafeContinuation { continuation in
                    let hasEnded = self.state.withLock { state in
                        if state.ended.remove(pid) != nil { return true }
                        state.waiters[pid] = continuation
                        return false
                    }
                    if hasEnded { continuation.resume() }
                }
                return true
            }
            group.addTask {
                do { try await Task.sleep(until: deadline, clock: .continuous) } catch { return true }
                self.state.withLock { $0.waiters.removeValue(forKey: pid) }?.resume()
                return false
            }
            let ended = await group.next() ?? false
            group.cancelAll()
            return ended
        }
    }
}
