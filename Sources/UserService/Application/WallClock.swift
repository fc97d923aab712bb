import CSystem

/// The system's clock.
enum WallClock {
    /// Microseconds since the epoch.
    static func microseconds() -> Int { Int(vitrine_realtime_nanoseconds() / 1_000) }
}
