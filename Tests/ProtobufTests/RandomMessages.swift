/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators": the same values for the same seed.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { self.state = seed }

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var word = self.state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

extension RandomNumberGenerator {
    /// Of any magnitude, so that every length on the wire comes up.
    mutating func number<Number: FixedWidthInteger>(_: Number.Type = Number.self) -> Number {
        Number(truncatingIfNeeded: Int64(bitPattern: self.next()) >> Int64.random(in: 0..<64, using: &self))
    }

    mutating func text() -> String {
        String((0..<Int.random(in: 0..<40, using: &self)).map { _ in "aé世🎁\u{0}\"".randomElement(using: &self) ?? "a" })
    }

    mutating func bytes() -> [UInt8] { (0..<Int.random(in: 0..<200, using: &self)).map { _ in self.number() } }

    mutating func list<Element>(_ element: (inout Self) -> Element) -> [Element] {
        (0..<Int.random(in: 0..<5, using: &self)).map { _ in element(&self) }
    }
}

extension TestingV1.Everything {
    static func random<Generator: RandomNumberGenerator>(depth: Int, using generator: inout Generator) -> Self {
        var message = Self()
        message.singleInt32 = generator.number()
        message.singleUint64 = generator.number()
        message.singleSint64 = generator.number()
        message.singleSfixed32 = generator.number()
        message.singleDouble = Double(generator.number(Int32.self)) / 8
        message.singleString = generator.text()
        message.singleBytes = generator.bytes()
        message.singleMood = TestingV1.Mood(rawValue: generator.number())
        message.optionalSint32 = Bool.random(using: &generator) ? generator.number() : nil
        message.optionalString = Bool.random(using: &generator) ? generator.text() : nil
        message.repeatedInt64 = generator.list { $0.number() }
        message.repeatedFixed64 = generator.list { $0.number() }
        message.repeatedString = generator.list { $0.text() }
        message.repeatedMood = generator.list { TestingV1.Mood(rawValue: $0.number()) }
        message.unpackedSint64 = generator.list { $0.number() }
        for key in generator.list({ $0.number(Int32.self) }) { message.mapInt32[key] = generator.number() }
        for key in generator.list({ $0.text() }) { message.mapToBytes[key] = generator.bytes() }
        message.choice = self.choice(depth, &generator)
        if depth > 0, Bool.random(using: &generator) { message.child = .random(depth: depth - 1, using: &generator) }
        return message
    }

    private static func choice<Generator: RandomNumberGenerator>(
        _ depth: Int, _ generator: inout Generator
    ) -> Choice? {
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: .choiceString(generator.text())
        case 1: .choiceInt64(generator.number())
        case 2: .choiceInner(.init(number: generator.number(), text: generator.text()))
        case 3 where depth > 0: .choiceEverything(.random(depth: depth - 1, using: &generator))
        default: nil
        }
    }
}
