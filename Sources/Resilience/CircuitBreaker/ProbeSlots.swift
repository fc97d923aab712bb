/// The places of probes while half open: who has one, until when, and what came of those that are done.
struct ProbeSlots: Sendable {
    private struct Slot: Sendable {
        /// 0 while free.
        var serial: UInt32 = 0
        var leaseEnd: UInt64 = 0
    }

    private var slots: [Slot]
    private let probesMax: Int
    private(set) var inFlight = 0
    private(set) var totals = WindowTotals()
    private(set) var unsuccessful = 0
    /// Never reset: the serial of an earlier phase must not be met again.
    private var lastSerial: UInt32 = 0
    /// Probes that nobody reported.
    private(set) var expiredCount = 0

    var succeeded: Int { self.totals.calls - self.unsuccessful }

    init(inFlightMax: Int, probesMax: Int) {
        self.slots = Array(repeating: Slot(), count: inFlightMax)
        self.probesMax = probesMax
    }

    /// A place for a probe, as its serial; nil while there is none.
    mutating func take(now: UInt64, leaseEnd: UInt64) -> UInt32? {
        self.expire(now: now)
        guard self.inFlight + self.totals.calls < self.probesMax else { return nil }
        guard let index = self.slots.firstIndex(where: { $0.serial == 0 }) else { return nil }
        self.lastSerial = self.lastSerial == .max ? 1 : self.lastSerial + 1
        self.slots[index] = Slot(serial: self.lastSerial, leaseEnd: leaseEnd)
        self.inFlight += 1
        return self.lastSerial
    }

    /// Gives a place back; false for a probe whose lease is over.
    mutating func release(_ serial: UInt32) -> Bool {
        guard serial != 0, let index = self.slots.firstIndex(where: { $0.serial == serial }) else { return false }
        self.slots[index] = Slot()
        self.inFlight -= 1
        return true
    }

    mutating func count(isFailure: Bool, isSlow: Bool, isUnsuccessful: Bool) {
        self.totals.calls += 1
        self.totals.failures += isFailure ? 1 : 0
        self.totals.slow += isSlow ? 1 : 0
        self.unsuccessful += isUnsuccessful ? 1 : 0
    }

    mutating func reset() {
        for index in self.slots.indices { self.slots[index] = Slot() }
        self.inFlight = 0
        self.totals = WindowTotals()
        self.unsuccessful = 0
    }

    private mutating func expire(now: UInt64) {
        for index in self.slots.indices where self.slots[index].serial != 0 && self.slots[index].leaseEnd <= now {
            self.slots[index] = Slot()
            self.inFlight -= 1
            self.expiredCount += 1
        }
    }
}
