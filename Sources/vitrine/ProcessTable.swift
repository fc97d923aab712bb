import Glibc
import Lab

/// What the lab knows of its processes, and what is to be done about them. A value: it touches no process itself.
struct ProcessTable: Sendable {
    typealias Phase = LabProcessState
    typealias Request = LabRequest

    struct Entry: Sendable {
        let member: LabMember
        var pid: pid_t
        var startedAt: ContinuousClock.Instant
        var schedule = RestartSchedule()
        var phase = Phase.running
        var isAlive = true
        /// Whether it has once done what it is for.
        var isProven = false
        /// How often it was started.
        var starts = 1
        /// What was asked of it and carried out.
        var requests: [Request: Int] = [:]
        /// Whether its next end is one that was asked for, so that it starts again without delay.
        var endIsWanted = false
        /// Counts what was asked of it, so that the end of an earlier hold does not end a later one.
        var generation = 0
        /// When the hold or pause ends.
        var until: ContinuousClock.Instant?
    }

    /// What is to be done, outside the table's lock.
    enum Action: Sendable, Equatable {
        case signal(pid_t, Int32)
        case start(LabMember, after: Duration)
        case expire(LabMember, generation: Int, after: Duration)
    }

    /// Why a request is not carried out.
    struct Refusal: Error, Equatable {
        let reason: String
    }

    private(set) var entries: [Entry] = []
    private(set) var isStopping = false
    /// Until all are ready for the first time, a process that gives up by itself is not started again: it would only
    /// give up again.
    private(set) var isStarting = true
    private(set) var givenUp: LabMember?

    private func index(of member: LabMember) -> Int? {
        self.entries.firstIndex { $0.member == member }
    }

    // MARK: Life

    mutating func started(_ member: LabMember, pid: pid_t, now: ContinuousClock.Instant) {
        guard let index = self.index(of: member) else {
            self.entries.append(Entry(member: member, pid: pid, startedAt: now))
            return
        }
        self.entries[index].pid = pid
        self.entries[index].startedAt = now
        self.entries[index].isAlive = true
        self.entries[index].starts += 1
        self.entries[index].endIsWanted = false
        self.entries[index].phase = .running
    }

    mutating func allAreReady() { self.isStarting = false }

    /// A process has done what it is for: from now on an end of it is no sign that it cannot start.
    mutating func proven(_ member: LabMember) {
        if let index = self.index(of: member) { self.entries[index].isProven = true }
    }

    mutating func beginStopping() { self.isStopping = true }

    /// Whether a start that was put off still has to happen.
    func mayStart(_ member: LabMember) -> Bool {
        guard !self.isStopping, let index = self.index(of: member) else { return false }
        return !self.entries[index].isAlive && self.entries[index].phase == .restarting
    }

    /// A process has ended.
    /// - Returns: what to do, and a line for a person where the end was nobody's wish.
    mutating func ended(
        _ pid: pid_t, _ exit: ChildProcess.Exit, now: ContinuousClock.Instant
    ) -> (actions: [Action], line: String?) {
        guard !self.isStopping, let index = self.entries.firstIndex(where: { $0.pid == pid && $0.isAlive }) else {
            return ([], nil)
        }
        self.entries[index].isAlive = false
        let member = self.entries[index].member
        if self.cannotStart(index, exit) {
            // As if somebody held it: it would only end again. Whoever has mended what it is about releases it.
            self.entries[index].phase = .held
            return ([], nil)
        }
        if self.isStarting, case .status = exit {
            if self.givenUp == nil { self.givenUp = member }
            return ([], nil)
        }
        if self.entries[index].phase == .held { return ([], nil) }
        self.entries[index].phase = .restarting
        self.entries[index].until = nil
        self.entries[index].generation += 1
        if self.entries[index].endIsWanted { return ([.start(member, after: .zero)], nil) }
        let lifetime = self.entries[index].startedAt.duration(to: now)
        let delay = self.entries[index].schedule.next(after: lifetime)
        return (
            [.start(member, after: delay)], "\(member) (pid \(pid)) \(exit); starting it again in \(delay)"
        )
    }

    /// Whether a program that the shop can do without gave up by itself before it was of any use.
    private func cannotStart(_ index: Int, _ exit: ChildProcess.Exit) -> Bool {
        let entry = self.entries[index]
        guard entry.member.isDispensable, !entry.isProven, !entry.endIsWanted, case .status = exit else { return false }
        return true
    }

    // MARK: Requests

    /// Does what was asked.
    ///
    /// - Parameter duration: how long a hold or pause lasts; what was asked before and lasts still is replaced.
    /// - Throws: `Refusal` when the process is in no state for it.
    mutating func ask(
        _ request: Request, of member: LabMember, for duration: Duration, now: ContinuousClock.Instant
    ) throws(Refusal) -> [Action] {
        guard let index = self.index(of: member) else { throw Refusal(reason: "there is no process \(member)") }
        if self.isStopping || self.isStarting { throw Refusal(reason: "the lab is starting or stopping") }
        let actions = try self.carryOut(request, index, for: duration, now: now)
        self.entries[index].requests[request, default: 0] += 1
        return actions
    }

    private mutating func carryOut(
        _ request: Request, _ index: Int, for duration: Duration, now: ContinuousClock.Instant
    ) throws(Refusal) -> [Action] {
        switch request {
        case .hold: return self.hold(index, for: duration, now: now)
        case .pause: return try self.pause(index, for: duration, now: now)
        case .release: return self.release(index)
        case .kill, .restart:
            guard self.entries[index].isAlive, self.entries[index].phase == .running else {
                throw Refusal(
                    reason: "\(self.entries[index].member) is \(self.entries[index].phase.rawValue)")
            }
            self.entries[index].endIsWanted = request == .restart
            return [.signal(self.entries[index].pid, request == .kill ? SIGKILL : SIGTERM)]
        }
    }

    private mutating func hold(_ index: Int, for duration: Duration, now: ContinuousClock.Instant) -> [Action] {
        let isAlive = self.entries[index].isAlive
        self.entries[index].phase = .held
        let expiry = self.time(index, for: duration, now: now)
        return isAlive ? [.signal(self.entries[index].pid, SIGKILL), expiry] : [expiry]
    }

    private mutating func pause(
        _ index: Int, for duration: Duration, now: ContinuousClock.Instant
    ) throws(Refusal) -> [Action] {
        let entry = self.entries[index]
        guard entry.isAlive, entry.phase == .running || entry.phase == .paused else {
            throw Refusal(reason: "\(entry.member) is \(entry.phase.rawValue)")
        }
        self.entries[index].phase = .paused
        let expiry = self.time(index, for: duration, now: now)
        return [.signal(entry.pid, SIGSTOP), expiry]
    }

    private mutating func time(_ index: Int, for duration: Duration, now: ContinuousClock.Instant) -> Action {
        self.entries[index].generation += 1
        self.entries[index].until = now.advanced(by: duration)
        return .expire(
            self.entries[index].member, generation: self.entries[index].generation, after: duration)
    }

    private mutating func release(_ index: Int) -> [Action] {
        let entry = self.entries[index]
        self.entries[index].until = nil
        self.entries[index].generation += 1
        switch entry.phase {
        case .running, .restarting: return []
        case .paused:
            self.entries[index].phase = .running
            return [.signal(entry.pid, SIGCONT)]
        case .held:
            self.entries[index].phase = entry.isAlive ? .running : .restarting
            // Killed and not yet gone: its end starts it.
            self.entries[index].endIsWanted = true
            return entry.isAlive ? [] : [.start(entry.member, after: .zero)]
        }
    }

    /// The time of a hold or pause is over.
    /// - Returns: nothing when it was replaced or released meanwhile.
    mutating func expired(_ member: LabMember, generation: Int) -> [Action] {
        guard let index = self.index(of: member), self.entries[index].generation == generation else { return [] }
        return self.release(index)
    }
}
