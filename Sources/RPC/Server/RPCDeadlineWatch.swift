import HTTPCore
import Synchronization

/// Tells calls that their deadline has passed.
///
/// One sleep serves all calls: it lasts until the earliest deadline, and most calls have ended long before, so that a
/// call costs a place in a table and no timer of its own.
final class RPCDeadlineWatch: Sendable {
    /// What is told.
    protocol Expiring: AnyObject, Sendable {
        func expire()
    }

    private let clock: RPCClock
    private let state = Mutex(Schedule())
    /// The sleep under way; a newer one takes its place, so that there is never more than one.
    private let sleeper = Mutex<Task<Void, Never>?>(nil)

    init(clock: RPCClock) { self.clock = clock }

    /// - Returns: the place to give to `remove`.
    func insert(_ call: any Expiring, deadline: Deadline) -> Int {
        let (place, alarm) = self.state.withLock { $0.insert(call, at: deadline.instant) }
        if let alarm { self.sleep(alarm) }
        return place
    }

    func remove(_ place: Int) {
        self.state.withLock { $0.remove(place) }
    }

    private func sleep(_ alarm: Schedule.Alarm) {
        let next = Task { [weak self, sleep = self.clock.sleep] in
            // One that is cut short rings too: if its alarm is still the one, it is set anew.
            try? await sleep(alarm.instant)
            self?.ring(alarm)
        }
        let old = self.sleeper.withLock { sleeper in
            defer { sleeper = next }
            return sleeper
        }
        old?.cancel()
    }

    private func ring(_ alarm: Schedule.Alarm) {
        let now = self.clock.now()
        let (due, next) = self.state.withLock { $0.takeDue(alarm, now: now) }
        for call in due { call.expire() }
        if let next { self.sleep(next) }
    }

    /// The calls and the next alarm: no clock within.
    struct Schedule {
        struct Alarm: Sendable {
            let instant: ContinuousClock.Instant
            let generation: Int
        }
        private struct Entry {
            let instant: ContinuousClock.Instant
            let call: any Expiring
        }
        // Places are used again, so the table is as long as the most calls at one time.
        private var entries: [Entry?] = []
        private var free: [Int] = []
        private var alarm: Alarm?
        private var generation = 0

        var count: Int { self.entries.count - self.free.count }

        mutating func insert(_ call: any Expiring, at instant: ContinuousClock.Instant) -> (place: Int, Alarm?) {
            let entry = Entry(instant: instant, call: call)
            let place: Int
            if let last = self.free.popLast() {
                place = last
                self.entries[place] = entry
            } else {
                place = self.entries.count
                self.entries.append(entry)
            }
            if let alarm, alarm.instant <= instant { return (place, nil) }
            return (place, self.arm(at: instant))
        }

        mutating func remove(_ place: Int) {
            // Already told and taken out.
            guard self.entries[place] != nil else { return self.free.append(place) }
            self.entries[place] = nil
            self.free.append(place)
        }

        /// The calls whose time has come; their places stay theirs until they are removed.
        mutating func takeDue(_ alarm: Alarm, now: ContinuousClock.Instant) -> (due: [any Expiring], Alarm?) {
            // A newer alarm, for an earlier instant, has taken over.
            guard alarm.generation == self.alarm?.generation else { return ([], nil) }
            self.alarm = nil
            var due: [any Expiring] = []
            var earliest: ContinuousClock.Instant?
            for (place, entry) in self.entries.enumerated() {
                guard let entry else { continue }
                if entry.instant <= now {
                    due.append(entry.call)
                    self.entries[place] = nil
                } else {
                    earliest = min(earliest ?? entry.instant, entry.instant)
                }
            }
            return (due, earliest.map { self.arm(at: $0) })
        }

        private mutating func arm(at instant: ContinuousClock.Instant) -> Alarm {
            self.generation += 1
            let alarm = Alarm(instant: instant, generation: self.generation)
            self.alarm = alarm
            return alarm
        }
    }
}
