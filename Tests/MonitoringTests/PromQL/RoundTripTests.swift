import Monitoring
import Testing

@Suite("What is written is read back")
struct RoundTripTests {
    @Test("Expressions of every kind, made at random", arguments: 0..<8)
    func random(seed: UInt64) throws {
        var source = ExpressionSource(seed: seed &+ 1)
        for _ in 0..<250 {
            let query = source.vector(depth: 4)
            let text = "\(query)"
            let read = try PromQL(parsing: text)
            #expect(read == query, "\(text)")
        }
    }

    @Test("Signs before numbers, and lengths of time that are past")
    func signs() throws {
        let queries: [PromQL] = [
            .number(-5), .negative(.number(5)), .negative(.number(-5)), .negative(.negative(.number(1))),
            .binary(.number(-2), .power, .number(2), nil), .negative(.binary(.number(2), .power, .number(2), nil)),
            .binary(.number(2), .power, .number(-2), nil), .binary(.number(1), .minus, .number(-1), nil),
            .vector(.init("a", offset: .minutes(-90))), .number(-.infinity), .number(1e-7), .number(-1.5e300),
        ]
        for query in queries { #expect(try PromQL(parsing: "\(query)") == query, "\(query)") }
        #expect("\(PromQL.negative(.number(5)))" == "-(5)")
        #expect(PromDuration.minutes(-90).text == "-1h30m")
    }
}

/// Makes valid expressions, the same for the same seed.
struct ExpressionSource {
    private var state: UInt64

    init(seed: UInt64) { self.state = seed }

    /// SplitMix64.
    private mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    private mutating func below(_ bound: Int) -> Int { Int(self.next() % UInt64(bound)) }
    private mutating func pick<T>(_ values: [T]) -> T { values[self.below(values.count)] }
    private mutating func maybe<T>(_ value: T) -> T? { self.below(2) == 0 ? value : nil }
    private mutating func labels() -> [String] { (0..<self.below(3)).map { ["a", "by", "on", "le"][$0] } }

    private mutating func number() -> Double {
        self.pick([0, 1, -1, 0.5, -2.75, 1e9, 1e20, -1e-9, .infinity, -.infinity, 123_456])
    }

    private mutating func duration() -> PromDuration {
        self.pick([.seconds(1), .minutes(90), .days(8), .milliseconds(1_500), .rateInterval, .range])
    }

    private mutating func offset() -> PromDuration? {
        self.pick([nil, nil, .minutes(5), .minutes(-5), .variable("$shift")])
    }

    private mutating func selector() -> VectorSelector {
        let values = ["x", "", "a|b", "\"\\\n\t", "é☃", "$v", "'`"]
        let matchers = (0..<self.below(3)).map { index in
            LabelMatcher(["a", "sum", "without"][index], self.pick(LabelMatcher.Kind.allCases), "x|\(index)")
        }
        let plain = (0..<self.below(2)).map { _ in LabelMatcher("p", self.pick([.equal, .notEqual]), self.pick(values))
        }
        let name = self.pick(["up", "a:b", "by", "offset", "sum", "start", "_x1"])
        return VectorSelector(name, matchers + plain, offset: self.offset())
    }

    private mutating func matching(_ symbol: PromQL.BinaryOperator) -> PromQL.VectorMatching? {
        let isBool = symbol.isComparison && self.below(3) == 0
        let labels: PromQL.VectorMatching.Labels? = self.pick([nil, .on(self.labels()), .ignoring(self.labels())])
        guard labels != nil else { return isBool ? .init(nil, isBool: true) : nil }
        let many: [PromQL.VectorMatching.Cardinality] = [.oneToOne, .manyToOne(["z"]), .oneToMany([])]
        return .init(labels, symbol.isSet ? .oneToOne : self.pick(many), isBool: isBool)
    }

    /// A range vector.
    private mutating func range(depth: Int) -> PromQL {
        if depth <= 1 || self.below(2) == 0 { return .range(self.selector(), self.duration()) }
        let subquery = PromQL.subquery(
            self.vector(depth: depth - 1), range: self.duration(), step: self.maybe(self.duration()))
        return self.offset().map { .offset(subquery, $0) } ?? subquery
    }

    /// A scalar.
    private mutating func scalar(depth: Int) -> PromQL {
        switch depth <= 1 ? 0 : self.below(4) {
        case 0, 1: return .number(self.number())
        case 2: return .negative(self.scalar(depth: depth - 1))
        default:
            let symbol: PromQL.BinaryOperator = self.pick([.plus, .minus, .times, .power, .arctangent])
            return .binary(self.scalar(depth: depth - 1), symbol, self.scalar(depth: depth - 1), nil)
        }
    }

    /// An instant vector.
    mutating func vector(depth: Int) -> PromQL {
        guard depth > 1 else { return .vector(self.selector()) }
        let deeper = depth - 1
        switch self.below(8) {
        case 0: return .call("rate", [self.range(depth: deeper)])
        case 1: return .call("clamp_min", [self.vector(depth: deeper), self.scalar(depth: deeper)])
        case 2:
            let grouping = self.pick([nil, PromQL.Grouping.by(self.labels()), .without(self.labels())])
            return .aggregate(.init("max", self.vector(depth: deeper), grouping))
        case 3:
            return .aggregate(
                .init("topk", parameter: self.scalar(depth: 2), self.vector(depth: deeper), self.maybe(.by(["a"]))))
        case 4: return .negative(self.vector(depth: deeper))
        case 5:
            let symbol: PromQL.BinaryOperator = self.pick([.plus, .divided, .power, .greater, .modulo])
            return .binary(self.scalar(depth: deeper), symbol, self.vector(depth: deeper), nil)
        default:
            let symbol = self.pick(PromQL.BinaryOperator.allCases)
            return .binary(self.vector(depth: deeper), symbol, self.vector(depth: deeper), self.matching(symbol))
        }
    }
}
