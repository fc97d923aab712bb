/// The rules of a bulkhead: so many calls in flight, so many waiting, first come first served.
struct BulkheadMachine: Sendable {
    enum Entry: Sendable, Hashable {
        case entered
        /// The place in the queue, by its number.
        case queued(UInt64)
        case rejected
    }

    let inFlightMax: Int
    let queueMax: Int
    private(set) var inFlight = 0
    private var waiting: [UInt64] = []
    private var lastNumber: UInt64 = 0

    var waitingCount: Int { self.waiting.count }

    init(inFlightMax: Int, queueMax: Int) {
        self.inFlightMax = max(1, inFlightMax)
        self.queueMax = max(0, queueMax)
    }

    mutating func enter() -> Entry {
        // Nobody overtakes those who wait.
        if self.inFlight < self.inFlightMax, self.waiting.isEmpty {
            self.inFlight += 1
            return .entered
        }
        guard self.waiting.count < self.queueMax else { return .rejected }
        self.lastNumber += 1
        self.waiting.append(self.lastNumber)
        return .queued(self.lastNumber)
    }

    /// A call is over; its place goes to the one that has waited longest, if any.
    mutating func leave() -> UInt64? {
        guard !self.waiting.isEmpty else {
            self.inFlight -= 1
            return nil
        }
        return self.waiting.removeFirst()
    }

    /// Gives up waiting. False if the place was given already.
    mutating func abandon(_ number: UInt64) -> Bool {
        guard let index = self.waiting.firstIndex(of: number) else { return false }
        self.waiting.remove(at: index)
        return true
    }
}
