import Telemetry

/// Why a trace failed or took long, in sentences.
struct Explanation: Sendable {
    struct Sentence: Sendable, Hashable {
        let text: String
        /// What it is about.
        let spanID: SpanID
    }

    private(set) var sentences: [Sentence] = []

    /// A trace that took less is not said to be slow, whatever took the most of it.
    static let slowFrom: UInt64 = 500_000_000
    private static let sentencesMax = 12

    init(_ tree: TraceTree) {
        self.explainFailure(tree)
        self.explainRetries(tree)
        self.explainActions(tree)
        self.explainTime(tree)
    }

    private mutating func say(_ text: String, _ span: ReceivedSpan) {
        // A trace of thousands of failures is looked through in no time.
        guard self.sentences.count < Self.sentencesMax else { return }
        let sentence = Sentence(text: text, spanID: span.spanID)
        if !self.sentences.contains(sentence) { self.sentences.append(sentence) }
    }

    private static func name(_ span: ReceivedSpan) -> String {
        "\(span.name.prefix(200)) in \(span.resource.service.prefix(200))"
    }

    private static func text(_ span: ReceivedSpan, _ key: String) -> String? {
        span.attributes[key].map(\.text).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The first failure, and of those that began it the deepest: what failed below makes what is above fail.
    private mutating func explainFailure(_ tree: TraceTree) {
        let failed = tree.spans.indices.filter { tree.spans[$0].status == .error }
        guard !failed.isEmpty else { return }
        let causes = failed.filter { place in
            !tree.children[place].contains { tree.spans[$0].status == .error }
        }
        guard
            let first = causes.min(by: { (tree.spans[$0].end, -tree.depth($0)) < (tree.spans[$1].end, -tree.depth($1)) }
            )
        else { return }
        let span = tree.spans[first]
        let message = span.statusMessage.hasSuffix(".") ? String(span.statusMessage.dropLast()) : span.statusMessage
        let why = [Self.text(span, "error.type"), message.isEmpty ? nil : message].compactMap { $0 }
        self.say(
            "It failed first at \(Self.name(span))" + (why.isEmpty ? "." : ": \(why.joined(separator: ", ")).")
                + (failed.count > 1 ? " \(failed.count - 1) more spans failed." : ""), span)
    }

    /// Calls beside one another that ask the same, of which all but the last failed.
    private mutating func explainRetries(_ tree: TraceTree) {
        for children in tree.children {
            let calls = children.filter { tree.spans[$0].kind == .client }
            for (name, tries) in Dictionary(grouping: calls, by: { tree.spans[$0].name }).sorted(by: { $0.key < $1.key }
            )
            where tries.count > 1 {
                guard tries.dropLast().allSatisfy({ tree.spans[$0].status == .error }), let last = tries.last else {
                    continue
                }
                let span = tree.spans[last]
                let outcome = span.status == .error ? "each failed" : "the last went well"
                self.say("\(span.resource.service) tried \(name) \(tries.count) times: \(outcome).", span)
            }
        }
    }

    /// What was done about it, or on purpose: faults, breakers, retries.
    private mutating func explainActions(_ tree: TraceTree) {
        for span in tree.spans {
            for event in span.events {
                switch event.name {
                case "chaos.fault.injected":
                    let kind = event.attributes["shop.fault.kind"]?.text ?? "a fault"
                    self.say("\(Self.name(span)) was broken on purpose: \(kind).", span)
                case "circuit changed":
                    let name = event.attributes["shop.breaker.name"]?.text ?? ""
                    let state = event.attributes["shop.breaker.state"]?.text ?? ""
                    let reason = event.attributes["shop.breaker.reason"]?.text ?? ""
                    self.say(
                        "This call turned the breaker of \(span.resource.service) towards \(name) \(state)"
                            + (reason.isEmpty ? "." : " (\(reason))."), span)
                default: break
                }
            }
            switch Self.text(span, "error.type") {
            case "circuit_open", "circuit-open", "breaker_open":
                let opened = span.links.isEmpty ? "" : " The link leads to the call that opened it."
                self.say("A breaker was open: \(Self.name(span)) was refused without being sent.\(opened)", span)
            case "timeout", "deadline_exceeded", "DEADLINE_EXCEEDED":
                self.say("\(Self.name(span)) was given up: its time was over.", span)
            case "overloaded":
                self.say("\(span.resource.service) had no room for it and refused it.", span)
            default: break
            }
            if let count = Self.text(span, "http.request.resend_count").flatMap(Int.init), (1..<1_000).contains(count) {
                self.say("\(Self.name(span)) is try number \(count + 1).", span)
            }
        }
    }

    /// What the trace waited for the longest, if it took long.
    private mutating func explainTime(_ tree: TraceTree) {
        guard let root = tree.roots.first, tree.spans[root].duration >= Self.slowFrom else { return }
        guard let worst = tree.critical.indices.max(by: { tree.critical[$0] < tree.critical[$1] }),
            tree.critical[worst] > 0
        else { return }
        let share = Int(Double(tree.critical[worst]) / Double(tree.spans[root].duration) * 100)
        self.say(
            "\(Self.name(tree.spans[worst])) took \(tree.critical[worst] / 1_000_000) ms of the "
                + "\(tree.spans[root].duration / 1_000_000) ms itself: \(share) %.", tree.spans[worst])
    }
}
