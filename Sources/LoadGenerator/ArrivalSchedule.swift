/// When journeys are to begin: decided before any of them runs, so that a slow server cannot slow the arrivals down.
///
/// An arrival comes whenever the integral of the profile's rate has grown by one (uniform) or by an exponential with mean
/// one (Poisson). The rate is taken as constant over stretches of 10 ms.
///
/// - SeeAlso: Schroeder, Wierman and Harchol-Balter, *Open Versus Closed: A Cautionary Tale* (2006)
public struct ArrivalSchedule: Sendable, Sequence, IteratorProtocol {
    private static let stretchNanoseconds: UInt64 = 10_000_000

    private let profile: LoadProfile
    private let end: UInt64
    private var random: SeededGenerator
    private var stretch: UInt64 = 0
    /// Nanoseconds of the present stretch that have passed.
    private var passed = 0.0

    /// - Parameter duration: after which no more arrive, also when the profile goes on.
    public init(_ profile: LoadProfile, seed: UInt64, duration: Duration? = nil) {
        self.profile = profile
        self.random = SeededGenerator(seed: seed, stream: .max)
        let ends = [profile.length, duration].compactMap { $0 }
        self.end = ends.min().map { UInt64($0 / .nanoseconds(1)) } ?? .max
    }

    /// Nanoseconds from the start to the next arrival; nil when there is none.
    public mutating func next() -> UInt64? {
        var needed = self.profile.arrivals == .poisson ? self.random.exponential() : 1
        while true {
            let start = self.stretch * Self.stretchNanoseconds
            guard start < self.end,
                let rate = self.profile.rate(at: Double(start) / 1e9 + 0.005) ?? self.lastRate(start)
            else { return nil }
            let left = Double(Self.stretchNanoseconds) - self.passed
            let gap = rate > 0 ? needed / rate * 1e9 : .infinity
            if gap < left {
                self.passed += gap
                let instant = start + UInt64(self.passed)
                return instant < self.end ? instant : nil
            }
            needed -= left * rate / 1e9
            self.stretch += 1
            self.passed = 0
        }
    }

    /// The rate of a stretch in whose middle the profile ends.
    private func lastRate(_ start: UInt64) -> Double? { self.profile.rate(at: Double(start) / 1e9) }
}
