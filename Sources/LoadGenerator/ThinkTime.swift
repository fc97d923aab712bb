import Glibc

/// How long a customer looks at an answer before the next step: log-normal, as dwell times are, and capped.
public struct ThinkTime: Sendable, Hashable {
    /// Factor on every pause; 1 is a median of a second and at most ten, 0 no pause at all.
    public var scale: Double

    static let medianSeconds = 1.0
    static let deviation = 0.7
    static let secondsMax = 10.0

    public init(scale: Double = 1) { self.scale = scale }

    /// - Returns: nanoseconds.
    func draw(_ random: inout SeededGenerator) -> UInt64 {
        // Drawn also when it is not used, so that the scale changes no other choice of the run.
        let seconds = Swift.min(Self.medianSeconds * exp(Self.deviation * random.normal()), Self.secondsMax)
        return UInt64(seconds * self.scale * 1e9)
    }
}
