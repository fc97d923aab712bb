import Glibc

/// SplitMix64 (Steele, Lea and Flood, 2014): from the same seed the same numbers, on every machine.
///
/// The distributions are drawn here and not by the standard library, which promises no sequence.
struct SeededGenerator: Sendable, RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { self.state = seed }

    /// The generator of the `index`-th arrival: its choices do not depend on what others drew before it.
    init(seed: UInt64, stream index: UInt64) {
        var mixer = SeededGenerator(seed: seed ^ (index &* 0xd134_2543_de82_ef95))
        self.state = mixer.next()
    }

    mutating func next() -> UInt64 {
        self.state &+= 0x9e37_79b9_7f4a_7c15
        var word = self.state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }

    /// Uniform in [0, 1).
    mutating func unit() -> Double { Double(self.next() >> 11) * 0x1p-53 }

    /// Uniform in 0..<count.
    mutating func index(below count: Int) -> Int { Int(self.unit() * Double(count)) }

    /// Exponential with mean 1: the gaps of a Poisson process of rate 1.
    mutating func exponential() -> Double { -log(1 - self.unit()) }

    /// Normal with mean 0 and deviation 1 (Box and Muller).
    mutating func normal() -> Double {
        let radius = (-2 * log(1 - self.unit())).squareRoot()
        return radius * cos(2 * .pi * self.unit())
    }
}
