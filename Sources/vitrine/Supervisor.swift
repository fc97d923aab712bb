import Glibc
import NetworkIO
import ServiceKit
import Synchronization

/// Starts the platform's processes, starts again what dies, and stops all in order.
final class Supervisor: Sendable {
    private struct Child: Sendable {
        let member: LabMember
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
        var givenUp: LabMember?
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
        for name in LabTopology.startOrder { try await self.start(.service(name)) }
    }

    /// Starts the made-up customers: once all are ready, or the first of them would meet closed doors.
    func startLoad() async throws { try await self.start(.load) }

    private func start(_ member: LabMember) async throws {
        let pid = try await self.starter.run { try self.spawn(member) }
        self.state.withLock { $0.children.append(Child(member: member, pid: pid, startedAt: .now)) }
    }

    private func spawn(_ member: LabMember) throws -> pid_t {
        var environment = try self.topology.variables(for: member)
        environment["VITRINE_SUPERVISOR"] = String(getpid())
        return try ChildProcess.start(
            self.topology.arguments(for: member), environment: environment, logPath: self.topology.logPath(of: member))
    }

    /// The first process that ended by itself before all were ready: it cannot start, and its log says why.
    var givenUp: LabMember? { self.state.withLock { $0.givenUp } }

    /// From now on whatever ends is started again.
    func allAreReady() { self.state.withLock { $0.isStarting = false } }

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
            state -> (UnsafeContinuation<Void, Never>?, (LabMember, Duration)?) in
            let waiter = state.waiters.removeValue(forKey: pid)
            if waiter == nil { state.ended.insert(pid) }
            guard !state.isStopping, let index = state.children.firstIndex(where: { $0.pid == pid }) else {
                return (waiter, nil)
            }
            if state.isStarting, case .status = exit {
                if state.givenUp == nil { state.givenUp = state.children[index].member }
                return (waiter, nil)
            }
            let lifetime = state.children[index].startedAt.duration(to: .now)
            let delay = state.children[index].schedule.next(after: lifetime)
            return (waiter, (state.children[index].member, delay))
        }
        waiter?.resume()
        guard let (member, delay) = restart else { return }
        self.onEvent("\(member.name) (pid \(pid)) \(exit); starting it again in \(delay)")
        Task {
            do {
                try await Task.sleep(for: delay)
                try await self.starter.run { self.restart(member, instead: pid) }
            } catch {
                self.onEvent("\(member.name) is not started again: \(error)")
            }
        }
    }

    /// Runs on the starter's thread.
    private func restart(_ member: LabMember, instead old: pid_t) {
        // Under the lock, so that a stop cannot come between the decision and the start.
        self.state.withLock { state in
            guard !state.isStopping, let index = state.children.firstIndex(where: { $0.pid == old }) else { return }
            do {
                state.children[index].pid = try self.spawn(member)
                state.children[index].startedAt = .now
            } catch {
                self.onEvent("\(member.name): \(error)")
            }
        }
    }

    // MARK: Stopping

    /// Stops the processes one after the other, the made-up customers and then the gateway first; whatever has not ended by the deadline is killed.
    /// - Returns: those that had to be killed.
    func stopAll(within limit: Duration) async -> [LabMember] {
        let children = self.state.withLock { state in
            state.isStopping = true
            return state.children
        }
        let deadline = ContinuousClock.now.advanced(by: limit)
        var killed: [LabMember] = []
        for child in children.reversed() {
            kill(child.pid, SIGTERM)
            if await !self.waitForEnd(of: child.pid, until: deadline) {
                kill(child.pid, SIGKILL)
                killed.append(child.member)
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
