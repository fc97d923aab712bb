/// SplitMix64 (Steele, Lea and Flood, 2014): jitter that a test can foresee. It spreads load and protects nothing, so
/// that it can be predicted does not matter.
public struct SeededGenerator: RandomNumberGenerator, Sendable, Hashable {
    private var state: UInt64

    public init(seed: UInt64) { self.state = seed }

    public mutating func next() -> UInt64 {
        self.state &+= 0x9e37_79b9_7f4a_7c15
        var word = self.state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }

    /// From 0 up to, but not, 1.
    mutating func unit() -> Double { Double(self.next() >> 11) * 0x1p-53 }
}
