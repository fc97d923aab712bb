/// How long to wait before a resend: exponential, with full jitter, so that callers that failed together do not come
/// back together.
///
/// - SeeAlso: Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015.
public struct Backoff: Sendable, Hashable {
    /// The longest first wait; 25 ms by default.
    public var base: Duration
    /// What each further wait's bound grows by, 1 or more; 2 by default.
    public var growth: Double
    /// The longest wait of all; 1 s by default.
    public var longest: Duration

    public init(base: Duration = .milliseconds(25), growth: Double = 2, longest: Duration = .seconds(1)) {
        self.base = base
        self.growth = max(1, growth)
        self.longest = longest
    }

    /// The longest wait before a resend, in nanoseconds.
    /// - Parameter resend: 1 for the first.
    public func bound(resend: Int) -> UInt64 {
        let longest = Double(self.longest.clampedNanoseconds)
        var bound = Double(self.base.clampedNanoseconds)
        for _ in 0..<min(max(0, resend - 1), 64) where bound < longest { bound *= self.growth }
        return UInt64(min(longest, bound))
    }

    /// A wait between 0 and the bound, each as likely.
    public func wait(resend: Int, using generator: inout SeededGenerator) -> UInt64 {
        UInt64.random(in: 0...self.bound(resend: resend), using: &generator)
    }
}
