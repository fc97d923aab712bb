/// The random numbers of one call: they depend on the fault's seed and on the call's number, and on nothing else, so
/// that an experiment can be repeated.
struct SeededDraw: Sendable {
    private let state: UInt64

    init(seed: Int, call: Int) {
        // Mixed apart, or call n of seed s would be call n - 1 of the next seed.
        self.state = Self.mix(UInt64(bitPattern: Int64(seed))) &+ UInt64(bitPattern: Int64(call)) &* Self.step
    }

    /// From 0 to below 1; the same index gives the same number.
    func unit(_ index: UInt64) -> Double {
        Double(Self.mix(self.state ^ Self.mix(index &+ 1)) >> 11) * 0x1p-53
    }

    /// Whether the call is among `percentage` in a hundred. Whoever is among few is among many: raising a percentage
    /// adds calls and takes none away.
    func isChosen(percentage: Double) -> Bool { self.unit(0) * 100 < percentage }

    private static let step: UInt64 = 0x9e37_79b9_7f4a_7c15

    /// The finaliser of SplitMix64 (Steele, Lea and Flood, 2014).
    private static func mix(_ word: UInt64) -> UInt64 {
        var word = word &+ Self.step
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }
}
