import Testing

@testable import LoadGenerator

@Suite("Arrival schedule")
struct ArrivalScheduleTests {
    private func arrivals(_ profile: LoadProfile, seed: UInt64 = 1, seconds: Int = 100) -> [Double] {
        ArrivalSchedule(profile, seed: seed, duration: .seconds(seconds)).map { Double($0) / 1e9 }
    }

    @Test("The same seed gives the same arrivals, another seed others")
    func determinism() {
        let profile = LoadProfile.steady(50)
        #expect(self.arrivals(profile, seed: 7) == self.arrivals(profile, seed: 7))
        #expect(self.arrivals(profile, seed: 7) != self.arrivals(profile, seed: 8))
    }

    @Test("A sequence is the same on every machine and in every version")
    func golden() {
        var random = SeededGenerator(seed: 1_234_567)
        // The published first outputs of SplitMix64 for this seed.
        #expect(random.next() == 6_457_827_717_110_365_317)
        #expect(random.next() == 3_203_168_211_198_807_973)
        #expect(random.next() == 9_817_491_932_198_370_423)
    }

    @Test("Uniform arrivals are at even distances")
    func uniform() {
        let instants = self.arrivals(.steady(20, arrivals: .uniform), seconds: 10)
        #expect((199...200).contains(instants.count))
        for (index, instant) in instants.enumerated() { #expect(abs(instant - Double(index + 1) / 20) < 1e-6) }
    }

    @Test("Poisson arrivals come at the rate, with gaps as variable as they are long", arguments: [0.5, 20, 3_000])
    func poisson(rate: Double) {
        let seconds = Int(20_000 / rate)
        let instants = self.arrivals(.steady(rate), seconds: seconds)
        // The count's deviation is the root of its mean, 141: four of them on either side.
        #expect(abs(Double(instants.count) - rate * Double(seconds)) < 566)
        let gaps = zip(instants.dropFirst(), instants).map { $0 - $1 }
        let mean = gaps.reduce(0, +) / Double(gaps.count)
        let variance = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gaps.count)
        #expect(abs(variance.squareRoot() / mean - 1) < 0.05)
    }

    @Test("A ramp gathers speed in a straight line, and ends with its stage")
    func ramp() throws {
        let stage = try LoadProfile.Stage(ramp: "10:200:60s")
        let instants = self.arrivals(LoadProfile(stages: [stage], arrivals: .uniform))
        // The area below the line: (10 + 200) / 2 × 60.
        #expect(abs(instants.count - 6_300) <= 1)
        let half = instants.filter { $0 < 30 }.count
        #expect(abs(half - 1_725) <= 2)  // (10 + 105) / 2 × 30
        #expect(instants.allSatisfy { $0 < 60 })
    }

    @Test("A burst multiplies the rate at the end of each period, and there alone")
    func burst() throws {
        var profile = LoadProfile.steady(10, arrivals: .uniform)
        profile.burst = try LoadProfile.Burst("5x2s/20s")
        let instants = self.arrivals(profile, seconds: 40)
        #expect(abs(instants.filter { $0 < 18 }.count - 180) <= 1)
        #expect(abs(instants.filter { (18..<20).contains($0) }.count - 100) <= 1)
        #expect(abs(instants.filter { (20..<38).contains($0) }.count - 180) <= 1)
        #expect(abs(instants.filter { $0 >= 38 }.count - 100) <= 1)
    }

    @Test("A wave leaves the mean as it is and swings around it")
    func wave() throws {
        var profile = LoadProfile.steady(100, arrivals: .uniform)
        profile.wave = try LoadProfile.Wave("0.5/20s")
        let instants = self.arrivals(profile, seconds: 20)
        #expect(abs(instants.count - 2_000) <= 2)
        let first = instants.filter { $0 < 10 }.count
        // 1,000 and the area of half a sine: 50 × 20/π.
        #expect(abs(first - 1_318) <= 3)
        #expect(abs(try #require(profile.rate(at: 5)) - 150) < 1e-9)
    }

    @Test("Stages follow one another; the duration cuts what goes on")
    func stages() {
        let stages = [
            LoadProfile.Stage(from: 10, to: 10, length: .seconds(10)),
            LoadProfile.Stage(from: 100, to: 100, length: nil),
        ]
        let instants = self.arrivals(LoadProfile(stages: stages, arrivals: .uniform), seconds: 12)
        #expect(abs(instants.filter { $0 < 10 }.count - 100) <= 1)
        #expect(abs(instants.filter { $0 >= 10 }.count - 200) <= 2)
        #expect(instants.allSatisfy { $0 < 12 })
    }
}

@Suite("Seeded choices")
struct SeededChoicesTests {
    @Test("Popularity follows Zipf's law: the first is chosen as often as its weight says")
    func zipf() {
        let popularity = Popularity(count: 3, exponent: 1)
        var random = SeededGenerator(seed: 3)
        var counts = [0, 0, 0]
        for _ in 0..<11_000 { counts[popularity.choose(&random) ?? 0] += 1 }
        // 1, 1/2 and 1/3 of 11/6.
        #expect(abs(counts[0] - 6_000) < 250)
        #expect(abs(counts[1] - 3_000) < 250)
        #expect(abs(counts[2] - 2_000) < 250)
        #expect(Popularity(count: 0).choose(&random) == nil)
    }

    @Test("A pause has the median it should, never passes the cap, and vanishes at scale 0")
    func think() {
        var random = SeededGenerator(seed: 4)
        let pauses = (0..<10_000).map { _ in Double(ThinkTime(scale: 2).draw(&random)) / 1e9 }.sorted()
        #expect(abs(pauses[5_000] - 2) < 0.1)
        #expect(pauses[9_999] <= 20)
        #expect(ThinkTime(scale: 0).draw(&random) == 0)
    }

    @Test("An arrival's choices depend on the seed and its number, not on other arrivals")
    func streams() {
        var one = SeededGenerator(seed: 5, stream: 17)
        var same = SeededGenerator(seed: 5, stream: 17)
        var other = SeededGenerator(seed: 5, stream: 18)
        let (first, second, third) = (one.next(), same.next(), other.next())
        #expect(first == second)
        #expect(first != third)
    }

    @Test("Journeys are chosen by weight, and one without a weight never")
    func weights() throws {
        let weights = try JourneyWeights("browse=3,checkout=1")
        var random = SeededGenerator(seed: 6)
        var counts: [JourneyKind: Int] = [:]
        for _ in 0..<4_000 { counts[weights.choose(&random), default: 0] += 1 }
        #expect(Set(counts.keys) == [.browse, .checkout])
        #expect(abs((counts[.browse] ?? 0) - 3_000) < 120)
    }
}
