/// How many calls a window holds, and how many of them failed or were slow.
public struct WindowTotals: Sendable, Hashable {
    public var calls = 0
    public var failures = 0
    public var slow = 0

    public var failureRatio: Double { self.calls == 0 ? 0 : Double(self.failures) / Double(self.calls) }
    public var slowRatio: Double { self.calls == 0 ? 0 : Double(self.slow) / Double(self.calls) }

    @inline(__always)
    fileprivate mutating func add(isFailure: Bool, isSlow: Bool) {
        self.calls &+= 1
        self.failures &+= isFailure ? 1 : 0
        self.slow &+= isSlow ? 1 : 0
    }

    @inline(__always)
    fileprivate mutating func subtract(_ other: WindowTotals) {
        self.calls &-= other.calls
        self.failures &-= other.failures
        self.slow &-= other.slow
    }
}

/// What a breaker judges: the last calls by number, or by time.
///
/// Two optionals, of which one is set, rather than an enum: an optional's value is changed where it lies, an enum's
/// payload would have to be taken out and put back.
struct CallWindow: Sendable {
    private var counted: CountWindow?
    private var timed: TimeWindow?

    init(_ window: CircuitBreakerSettings.Window) {
        switch window {
        case .calls(let size): self.counted = CountWindow(size: size)
        case .time(let duration, let buckets):
            self.timed = TimeWindow(nanoseconds: duration.clampedNanoseconds, buckets: buckets)
        }
    }

    @inline(__always)
    mutating func add(isFailure: Bool, isSlow: Bool, now: UInt64) {
        self.counted?.add(isFailure: isFailure, isSlow: isSlow)
        self.timed?.add(isFailure: isFailure, isSlow: isSlow, now: now)
    }

    /// The totals as they are after the last call.
    @inline(__always)
    var totals: WindowTotals { self.counted?.totals ?? self.timed?.totals ?? WindowTotals() }

    /// The totals with what is too old now left out.
    func totals(now: UInt64) -> WindowTotals {
        guard var timed = self.timed else { return self.totals }
        timed.advance(to: now)
        return timed.totals
    }

    /// The earliest end of a call that may be within the window.
    func since(now: UInt64) -> UInt64 { self.timed.map { now.saturatingSubtract($0.nanoseconds) } ?? 0 }

    mutating func reset() {
        self.counted?.reset()
        self.timed?.reset()
    }
}

/// The last `size` calls, two bits of each.
struct CountWindow: Sendable {
    private(set) var totals = WindowTotals()
    private var flags: [UInt8]
    private var next = 0

    init(size: Int) { self.flags = Array(repeating: 0, count: max(1, size)) }

    mutating func reset() {
        self.totals = WindowTotals()
        self.next = 0
    }

    @inline(__always)
    mutating func add(isFailure: Bool, isSlow: Bool) {
        if self.totals.calls == self.flags.count {
            let oldest = self.flags[self.next]
            self.totals.subtract(
                WindowTotals(calls: 1, failures: Int(oldest & 1), slow: Int(oldest >> 1)))
        }
        self.flags[self.next] = (isFailure ? 1 : 0) | (isSlow ? 2 : 0)
        self.next = self.next &+ 1 == self.flags.count ? 0 : self.next &+ 1
        self.totals.add(isFailure: isFailure, isSlow: isSlow)
    }
}

/// The calls of the last `nanoseconds`, summed in buckets: memory does not grow with traffic. The newest bucket is not
/// over yet, so the window reaches back between one bucket less than its time and all of it.
struct TimeWindow: Sendable {
    private(set) var totals = WindowTotals()
    let nanoseconds: UInt64
    private let width: UInt64
    private var buckets: [WindowTotals]
    /// The number of the newest bucket since time began.
    private var newest: UInt64 = 0

    init(nanoseconds: UInt64, buckets: Int) {
        let count = min(max(1, buckets), 60)
        self.nanoseconds = max(UInt64(count), nanoseconds)
        self.width = self.nanoseconds / UInt64(count)
        self.buckets = Array(repeating: WindowTotals(), count: count)
    }

    @inline(__always)
    mutating func add(isFailure: Bool, isSlow: Bool, now: UInt64) {
        self.advance(to: now)
        // A call whose instant is older than the newest bucket is counted as of now: it was only reported late.
        let index = Int(self.newest % UInt64(self.buckets.count))
        self.buckets[index].add(isFailure: isFailure, isSlow: isSlow)
        self.totals.add(isFailure: isFailure, isSlow: isSlow)
    }

    mutating func reset() {
        self.totals = WindowTotals()
        for index in self.buckets.indices { self.buckets[index] = WindowTotals() }
    }

    mutating func advance(to now: UInt64) {
        let number = now / self.width
        guard number > self.newest else { return }
        let steps = min(number - self.newest, UInt64(self.buckets.count))
        for step in 1...steps {
            let index = Int((number - steps + step) % UInt64(self.buckets.count))
            self.totals.subtract(self.buckets[index])
            self.buckets[index] = WindowTotals()
        }
        self.newest = number
    }
}
