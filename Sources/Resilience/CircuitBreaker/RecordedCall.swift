import Telemetry

/// A call as the flight recorder keeps it.
public struct RecordedCall: Sendable, Hashable {
    /// When it ended, in monotonic nanoseconds.
    public let endNanoseconds: UInt64
    public let latencyNanoseconds: UInt64
    public let isFailure: Bool
    public let isSlow: Bool
    public let trace: TraceReference

    static let empty = RecordedCall(
        endNanoseconds: 0, latencyNanoseconds: 0, isFailure: false, isSlow: false, trace: .none)

    /// How it is counted.
    public var label: CircuitCallLabel { self.isFailure ? .failure : self.isSlow ? .slow : .success }
}

/// The last calls, in memory that is taken once.
struct CallRing: Sendable {
    private var calls: [RecordedCall]
    private var next = 0
    private(set) var count = 0

    init(capacity: Int) { self.calls = Array(repeating: .empty, count: capacity) }

    @inline(__always)
    mutating func append(_ call: RecordedCall) {
        self.calls[self.next] = call
        self.next = self.next &+ 1 == self.calls.count ? 0 : self.next &+ 1
        if self.count < self.calls.count { self.count &+= 1 }
    }

    mutating func reset() {
        self.next = 0
        self.count = 0
    }

    /// Those that ended at `since` or later, the oldest first.
    func contents(since: UInt64) -> [RecordedCall] {
        let first = self.count < self.calls.count ? 0 : self.next
        return (0..<self.count).map { self.calls[(first + $0) % self.calls.count] }
            .filter { $0.endNanoseconds >= since }
    }
}
