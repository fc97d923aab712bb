import CSystem

/// Monotonic nanoseconds, as everything here counts time; those of the machine, or a test's.
public struct MonotonicClock: Sendable {
    private let read: @Sendable () -> UInt64
    private let readUnix: @Sendable () -> UInt64

    /// - Parameters:
    ///   - now: monotonic nanoseconds.
    ///   - unix: nanoseconds since 1970, for reports to people.
    public init(now: @escaping @Sendable () -> UInt64, unix: @escaping @Sendable () -> UInt64 = { 0 }) {
        self.read = now
        self.readUnix = unix
    }

    public static let system = MonotonicClock(
        now: { vitrine_monotonic_nanoseconds() }, unix: { vitrine_realtime_nanoseconds() })

    public func now() -> UInt64 { self.read() }

    /// The wall clock's time at a monotonic instant, in milliseconds since 1970.
    func unixMilliseconds(at instant: UInt64) -> Int {
        let age = Int64(bitPattern: self.read() &- instant)
        return Int((Int64(bitPattern: self.readUnix()) &- age) / 1_000_000)
    }
}
