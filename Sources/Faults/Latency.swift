import Glibc

/// A delay, or a distribution of them.
public struct Latency: Sendable, Hashable {
    public enum Distribution: String, Sendable, CaseIterable {
        /// `milliseconds`, always.
        case fixed
        /// `milliseconds` give or take `jitterMilliseconds`.
        case uniform
        /// Mean `milliseconds`, standard deviation `jitterMilliseconds`; never below zero.
        case normal
        /// Mean `milliseconds`.
        case exponential
        /// Never below `milliseconds`, and `jitterMilliseconds` above it on average, with a heavy tail.
        case pareto
    }

    public let milliseconds: Double
    public let jitterMilliseconds: Double
    public let distribution: Distribution

    /// No delay is longer, however heavy the tail.
    public static let most = Duration.seconds(60)

    /// - Parameter distribution: nil for `fixed` without jitter and `uniform` with it.
    public init(milliseconds: Double, jitterMilliseconds: Double = 0, distribution: Distribution? = nil) {
        let distribution = distribution ?? (jitterMilliseconds > 0 ? .uniform : .fixed)
        self.milliseconds = milliseconds
        // A Pareto distribution needs a mean; this one gives it the exponent 3.
        self.jitterMilliseconds =
            distribution == .pareto && jitterMilliseconds == 0 ? milliseconds / 2 : jitterMilliseconds
        self.distribution = distribution
    }

    /// One delay; the same draw gives the same one.
    func sample(_ draw: SeededDraw) -> Duration {
        let milliseconds = min(max(0, self.drawn(draw)), Self.most / .milliseconds(1))
        return .microseconds(Int(milliseconds * 1_000))
    }

    private func drawn(_ draw: SeededDraw) -> Double {
        // Above 0, for the logarithms.
        let first = 1 - draw.unit(1)
        switch self.distribution {
        case .fixed: return self.milliseconds
        case .uniform: return self.milliseconds + self.jitterMilliseconds * (2 * draw.unit(1) - 1)
        case .normal:
            // Box and Muller, 1958.
            let deviation = (-2 * log(first)).squareRoot() * cos(2 * .pi * draw.unit(2))
            return self.milliseconds + self.jitterMilliseconds * deviation
        case .exponential: return -self.milliseconds * log(first)
        case .pareto:
            // The mean is a/(a - 1) times the least value.
            let exponent = (self.milliseconds + self.jitterMilliseconds) / self.jitterMilliseconds
            return self.milliseconds * pow(first, -1 / exponent)
        }
    }
}
