import Monitoring
import ShellTesting
import Testing

@Suite("Queries are read as Prometheus reads them")
struct ParserTests {
    @Test("What is valid is read, and means the same written again", arguments: ExpressionTable.valid)
    func valid(text: String) throws {
        let query = try PromQL(parsing: text)
        // NaN equals nothing, itself included.
        if text != "NaN" { #expect(try PromQL(parsing: "\(query)") == query) }
    }

    @Test("What is not is refused", arguments: ExpressionTable.invalid)
    func invalid(text: String) {
        #expect(throws: PromQLError.self) { try PromQL(parsing: text) }
    }

    @Test("Prometheus' own tool says the same of both tables")
    func agreement() {
        let all = ExpressionTable.valid + ExpressionTable.invalid
        let rules = all.enumerated().map { index, text in
            YAML.map([.init("record", .string("r:\(index)")), .init("expr", .string(text))])
        }
        let file = YAML.map([.init("groups", [.map([.init("name", "g"), .init("rules", .list(rules))])])])
        let outcome = Shell.run(
            #"cp "$WORK/in" "$WORK/rules.yml"; promtool check rules "$WORK/rules.yml""#,
            input: Array(file.document(comment: "A test.").utf8))
        let said = outcome.text + outcome.errors
        for (index, text) in all.enumerated() {
            let isRefused =
                said.contains("\"r:\(index)\": could not parse") || said.contains("\"r:\(index)\", field")
                || said.contains("\"r:\(index)\": field")
            #expect(isRefused == (index >= ExpressionTable.valid.count), "\(text)\n\(said.prefix(200))")
        }
    }

    @Test("What binds tighter stands deeper")
    func precedence() throws {
        let (a, b, c) = (PromQL.named("a"), PromQL.named("b"), PromQL.named("c"))
        #expect(try PromQL(parsing: "a + b * c") == a + b * c)
        #expect(try PromQL(parsing: "a - b - c") == (a - b) - c)
        #expect(
            try PromQL(parsing: "a ^ b ^ c") == .binary(a, .power, .binary(b, .power, c, nil), nil))
        #expect(try PromQL(parsing: "-a ^ b") == .negative(.binary(a, .power, b, nil)))
        #expect(try PromQL(parsing: "-a * b") == .negative(a) * b)
        #expect(try PromQL(parsing: "a or b and c") == a.or(b.and(c)))
        #expect(try PromQL(parsing: "-5") == .number(-5))
        #expect(try PromQL(parsing: "-(5)") == .negative(.number(5)))
    }

    @Test("Every word of a selector, an aggregation and a matching is kept")
    func parts() throws {
        let query = try PromQL(
            parsing: #"sum without(pod) (rate(a{x="1",y!~'2|3'}[1h30m] offset -1w)) > bool on(x) group_left(z) b"#)
        let selector = VectorSelector(
            "a", [.init("x", .equal, "1"), .init("y", .matchesNot, "2|3")], offset: .days(-7))
        let left = PromQL.aggregate(
            .init("sum", .call("rate", [.range(selector, .minutes(90))]), .without(["pod"])))
        let matching = PromQL.VectorMatching(.on(["x"]), .manyToOne(["z"]), isBool: true)
        #expect(query == .binary(left, .greater, .named("b"), matching))
    }

    @Test("Grafana's variables stand for durations, and stay within strings")
    func variables() throws {
        let query = try PromQL(parsing: #"rate(a{service=~"$service"}[$__rate_interval])"#)
        let selector = VectorSelector("a", [.init("service", .matches, "$service")])
        #expect(query == .call("rate", [.range(selector, .rateInterval)]))
        #expect(
            try PromQL(parsing: "max_over_time(a[$__range:$__interval])")
                == .call(
                    "max_over_time",
                    [.subquery(.named("a"), range: .range, step: .variable("$__interval"))]))
        #expect(try PromQL(parsing: "a offset ${shift}") == .vector(.init("a", offset: .variable("${shift}"))))
        #expect(throws: PromQLError.self) { try PromQL(parsing: "a + $b") }
    }

    @Test(
        "Errors say what is wrong, and where",
        arguments: [
            ("rate(up)", "column 6: rate wants a range vector, not an instant vector"),
            ("topk(up)", "column 1: topk takes 2 arguments, not 1"),
            ("a +\n  foo(b)", "2:3: unknown function \"foo\""),
            ("é", "column 1: unexpected character \"é\""),
            (#"a{b="é"} !"#, "column 10: unexpected character \"!\""),
            ("up @ 5", "column 4: \"@\" is not supported: a query must not name a moment"),
            ("up[5]", "column 4: number 5 as a range has no unit"),
            ("(up", "column 4: unexpected the end in parentheses, expected \")\""),
        ])
    func errors(text: String, message: String) {
        let error = #expect(throws: PromQLError.self) { try PromQL(parsing: text) }
        #expect(error?.description == message)
    }

    @Test("Depth is bounded, whatever it is made of", arguments: ["(", "-", "sum(", "a ^ ", "a + ", "-(", "a[1h:]"])
    func depth(part: String) {
        let text = String(repeating: part, count: 100_000) + "a"
        #expect(throws: PromQLError.self) { try PromQL(parsing: text) }
    }

    @Test("What is deep but not absurd is read")
    func deep() throws {
        let text = String(repeating: "(", count: 150) + "a" + String(repeating: ")", count: 150)
        #expect(try PromQL(parsing: text) == .named("a"))
    }
}
