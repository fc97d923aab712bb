import NetworkIO

/// Chooses among the addresses of an upstream on one loop: the less loaded of two drawn at random, of those that are
/// neither passed over after a failure nor ejected from outside.
struct HTTPBalancer {
    private let ejectionMax: UInt64
    private var random = XorShift(seed: UInt64.random(in: 1 ... .max))
    /// Endpoints that somebody with more to go by has taken out, and until when.
    private var ejected: [HTTPEndpoint: UInt64] = [:]

    init(ejectionMax: Duration) {
        self.ejectionMax = ejectionMax.wholeNanoseconds
    }

    mutating func setEjected(_ endpoint: HTTPEndpoint, until instant: UInt64) {
        self.ejected[endpoint] = instant == 0 ? nil : instant
    }

    /// When the target may be chosen again; in the past for one that may now.
    func restEnd(of target: HTTPTarget) -> UInt64 {
        guard !self.ejected.isEmpty else { return target.ejectedUntil }
        return max(target.ejectedUntil, self.ejected[target.endpoint] ?? 0)
    }

    /// - Parameter targets: at least one.
    mutating func choose(among targets: [HTTPTarget], at now: UInt64) -> HTTPTarget {
        if targets.count == 1 { return targets[0] }
        var candidates = targets
        if candidates.contains(where: { self.restEnd(of: $0) > now }) {
            // All failed lately: the one whose rest ends first, rather than refuse unseen.
            let last = candidates.min { self.restEnd(of: $0) < self.restEnd(of: $1) }
            candidates.removeAll { self.restEnd(of: $0) > now && $0 !== last }
            // It stands in only when there is no other.
            if candidates.count > 1 { candidates.removeAll { self.restEnd(of: $0) > now } }
        }
        let first = candidates[self.random.next(below: candidates.count)]
        let second = candidates[self.random.next(below: candidates.count)]
        return second.outstanding < first.outstanding ? second : first
    }

    /// Passes a target over for a while, longer from failure to failure.
    mutating func passOver(_ target: HTTPTarget, at now: UInt64) {
        target.failures += 1
        let base: UInt64 = 100_000_000 << UInt64(min(target.failures - 1, 8))
        let span = min(base, self.ejectionMax)
        // Half of it at random, so that not every loop and process knocks at the same moment.
        target.ejectedUntil = now &+ span / 2 &+ UInt64(self.random.next(below: Int(span / 2) + 1))
    }
}
