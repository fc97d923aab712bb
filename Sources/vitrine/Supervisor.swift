import Glibc
import Lab
import NetworkIO
import Synchronization

/// Starts the platform's processes, starts again what dies, and stops all in order.
final class Supervisor: LabProcesses {
    private struct State: Sendable {
        var table = ProcessTable()
        /// Ends that nobody has waited for yet.
        var ended: Set<pid_t> = []
        var waiters: [pid_t: UnsafeContinuation<Void, Never>] = [:]
    }
    private let state = Mutex(State())
    private let topology: LabTopology
    private let document: LabDocument
    private let onEvent: @Sendable (String) -> Void
    /// Every process is started from this one thread: the children ask the kernel to tell them of their parent's death,
    /// and by that it means the thread that started them (prctl(2), PR_SET_PDEATHSIG).
    private let starter = BlockingExecutor(name: "starter", threads: 1, queueLimit: 64)

    /// - Parameter onEvent: told of every death and restart, a line each.
    init(topology: LabTopology, onEvent: @escaping @Sendable (String) -> Void) throws {
        self.topology = topology
        self.document = LabDocument(topology: topology)
        self.onEvent = onEvent
        try startThread(named: "reaper") { [self] in self.reap() }
    }

    // MARK: Starting

    func startAll() async throws {
        for member in self.topology.processes { try await self.start(.service(member)) }
    }

    /// Starts a process that is none of the shop's: once that is ready, or its first customers would meet closed doors.
    func start(_ member: LabMember) async throws {
        let pid = try await self.starter.run { try self.spawn(member) }
        self.change { $0.started(member, pid: pid, now: .now) }
    }

    private func spawn(_ member: LabMember) throws -> pid_t {
        var environment = try self.topology.variables(for: member)
        environment["VITRINE_SUPERVISOR"] = String(getpid())
        return try ChildProcess.start(
            self.topology.arguments(for: member), environment: environment, logPath: self.topology.logPath(of: member))
    }

    /// The first process that ended by itself before all were ready: it cannot start, and its log says why.
    var givenUp: LabMember? { self.state.withLock { $0.table.givenUp } }

    /// From now on whatever ends is started again.
    func allAreReady() { self.change { $0.allAreReady() } }

    /// From now on it is started again whenever it ends.
    func proven(_ member: LabMember) { self.change { $0.proven(member) } }

    /// Whether a process has ended, and nobody but a request will start it again.
    func isHeld(_ member: LabMember) -> Bool {
        self.entries.contains { $0.member == member && !$0.isAlive && $0.phase == .held }
    }

    // MARK: Telling

    /// From now on `lab.json` says what runs; see `LabDocument`.
    func publish(control: String) {
        self.document.open(control: control)
        self.document.write { self.entries }
    }

    /// What `lab.json` says, at this moment.
    func description() -> [UInt8] {
        LabDocument.bytes(self.entries, self.topology, control: nil, now: .now)
    }

    func unpublish() { self.document.remove() }

    /// The processes as they are now.
    var entries: [ProcessTable.Entry] { self.state.withLock { $0.table.entries } }

    /// Changes the table and writes it down.
    private func change<T: Sendable, E: Error>(_ body: (inout ProcessTable) throws(E) -> T) throws(E) -> T {
        let result: T
        do {
            result = try self.state.withLock { state throws(E) in try body(&state.table) }
        }
        self.document.write { self.entries }
        return result
    }

    // MARK: Requests

    /// Does to a process what someone asks; see `ProcessTable.ask`.
    func ask(
        _ request: ProcessTable.Request, of member: LabMember, for duration: Duration, label: String
    ) throws(ProcessTable.Refusal) {
        let actions = try self.change { table throws(ProcessTable.Refusal) in
            let actions = try table.ask(request, of: member, for: duration, now: .now)
            // Under the lock, so that a process that has just ended is not mistaken for another of the same number.
            self.signal(actions)
            return actions
        }
        let bound = request.isTimed ? " for \(duration)" : ""
        self.onEvent("\(member): \(request.rawValue)\(bound)\(label.isEmpty ? "" : ", asked by \(label)")")
        self.perform(actions)
    }

    private func signal(_ actions: [ProcessTable.Action]) {
        for case .signal(let pid, let number) in actions { kill(pid, number) }
    }

    private func perform(_ actions: [ProcessTable.Action]) {
        for action in actions {
            switch action {
            case .signal: break
            case .start(let member, let delay):
                Task { await self.start(member, after: delay) }
            case .expire(let member, let generation, let delay):
                Task {
                    // Nothing cancels it; a release before its time makes it do nothing.
                    try? await Task.sleep(for: delay)
                    self.expire(member, generation)
                }
            }
        }
    }

    private func expire(_ member: LabMember, _ generation: Int) {
        let actions = self.change { table in
            let actions = table.expired(member, generation: generation)
            self.signal(actions)
            return actions
        }
        if !actions.isEmpty { self.onEvent("\(member): its time is over, it goes on") }
        self.perform(actions)
    }

    private func start(_ member: LabMember, after delay: Duration) async {
        do {
            try await Task.sleep(for: delay)
            try await self.starter.run { self.startAgain(member) }
        } catch {
            self.onEvent("\(member) is not started again: \(error)")
        }
    }

    /// Runs on the starter's thread.
    private func startAgain(_ member: LabMember) {
        // Under the lock, so that a stop cannot come between the decision and the start.
        self.change { table in
            guard table.mayStart(member) else { return }
            do {
                table.started(member, pid: try self.spawn(member), now: .now)
            } catch {
                self.onEvent("\(member): \(error)")
            }
        }
    }

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
        let (waiter, actions, line) = self.state.withLock { state in
            let waiter = state.waiters.removeValue(forKey: pid)
            if waiter == nil { state.ended.insert(pid) }
            let (actions, line) = state.table.ended(pid, exit, now: .now)
            return (waiter, actions, line)
        }
        waiter?.resume()
        self.document.write { self.entries }
        if let line { self.onEvent(line) }
        self.perform(actions)
    }

    // MARK: Stopping

    /// Stops the processes one after the other, the made-up customers, what monitors and the gateway first; whatever has
    /// not ended by the deadline is killed.
    /// - Returns: those that had to be killed.
    func stopAll(within limit: Duration) async -> [LabMember] {
        let children = self.beginStopping()
        let deadline = ContinuousClock.now.advanced(by: limit)
        var killed: [LabMember] = []
        for child in children.reversed() where child.isAlive {
            kill(child.pid, SIGTERM)
            // One that is paused would heed the signal only when it goes on.
            if child.phase == .paused { kill(child.pid, SIGCONT) }
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
        for child in self.beginStopping() where child.isAlive { kill(child.pid, SIGKILL) }
    }

    private func beginStopping() -> [ProcessTable.Entry] {
        self.state.withLock { state in
            state.table.beginStopping()
            return state.table.entries
        }
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
