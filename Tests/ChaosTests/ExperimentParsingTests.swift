import Chaos
import JSON
import Testing

@Suite("Experiments as files")
struct ExperimentParsingTests {
    static let valid = """
        {"name": "a-b", "title": "T", "description": "D", "seed": 7, "load": {"rate": 5},
         "needs": {"instances": {"product": 3}, "collector": true},
         "steady": {"seconds": 2, "probes": [{"that": "errors", "at_most": 0.01}]},
         "method": [
           {"at": 3, "action": "kill", "process": "cart"},
           {"at": 0, "action": "hold", "process": "product-2", "seconds": 5},
           {"at": 1, "action": "fault", "service": "order", "instance": 1, "fault": {"kind": "hang", "point": "server"}},
           {"at": 2, "action": "breaker", "service": "gateway", "breaker": "product", "operation": "open"},
           {"at": 2, "action": "retry_budget_off", "service": "gateway", "seconds": 4},
           {"at": 2, "action": "stop_collector"}],
         "fault_seconds": 6,
         "expect": [
           {"that": "answers", "steps": ["browse"], "status": ["2xx", "503"], "at_least": 0.9, "from": 1, "to": 5},
           {"that": "latency", "quantile": 0.99, "at_most_ms": 250, "during": "run"},
           {"that": "metric", "service": "product", "metric": "m_total", "labels": {"a": "b"}, "take": "delta", "at_least": 1},
           {"that": "rate_ratio", "service": "product", "metric": "m_total", "at_most": 1.2},
           {"that": "breaker_opens", "service": "gateway", "breaker": "product", "within_seconds": 3},
           {"that": "breaker_closes", "service": "order", "breaker": "cart", "within_seconds": 3},
           {"that": "retry_after", "at_least": 1}, {"that": "stale", "at_most": 0}],
         "recovery": {"within_seconds": 10, "closed": [{"service": "gateway", "breaker": "product"}]}}
        """

    @Test("A complete file is read, its actions in order of time")
    func complete() throws {
        let experiment = try Experiment(parsing: Array(Self.valid.utf8), fileName: "a-b")
        #expect(experiment.name == "a-b")
        #expect(experiment.seed == 7)
        #expect(experiment.needs.instances == ["product": 3])
        #expect(experiment.needs.collector)
        #expect(experiment.actions.map(\.at) == [0, 1, 2, 2, 2, 3])
        #expect(
            experiment.actions.map(\.action.summary) == [
                "hold product-2 for 5 s", "hang at order-1", "open the breaker gateway → product",
                "no retry budget at gateway for 4 s", "stop the collector", "kill cart",
            ])
        #expect(experiment.expectations.count == 8)
        #expect(experiment.secondsMax == 18)
        #expect(Set(experiment.breakers.map(\.description)) == ["gateway → product", "order → cart"])
        #expect(experiment.metrics.map(\.metric) == ["m_total", "m_total"])
    }

    /// What is replaced by what, and the mistake it must give.
    static let mistakes: [(String, String, String)] = [
        (#""name": "a-b""#, #""name": "A b""#, "name: must be of small letters, digits and dashes"),
        (#""name": "a-b""#, #""name": "c""#, "name: must be that of the file, 'a-b'"),
        (#""name": "a-b", "#, "", "name: is missing; text"),
        (#""title": "T""#, #""title": 3"#, "title: must be text"),
        (#""seed": 7"#, #""seed": -1"#, "seed: must be a whole number from 0 to \(Int.max)"),
        (#""load": {"rate": 5}"#, #""load": 5"#, "load: must be an object"),
        (#"{"product": 3}"#, #"{"product": 30}"#, "needs.instances.product: must be a whole number from 1 to 9"),
        (#"{"product": 3}"#, #"{"prodct": 3}"#, "needs.instances.prodct: is not known here"),
        (#""collector": true"#, #""collector": "yes""#, "needs.collector: must be true or false"),
        (#""steady": {"seconds": 2"#, #""steady": {"seconds": 0"#, "steady.seconds: must be a number from 1 to 60"),
        (#"{"that": "errors", "at_most": 0.01}"#, "", "steady.probes: must hold at least one"),
        (
            #"{"that": "errors", "at_most": 0.01}"#, #"{"that": "errors"}"#,
            "steady.probes[0]: needs at_least or at_most"
        ),
        (#"{"that": "errors", "at_most": 0.01}"#, "3", "steady.probes[0]: must be an object"),
        (
            #"{"that": "errors", "at_most": 0.01}"#,
            #"{"that": "breaker_opens", "service": "cart", "breaker": "b", "within_seconds": 1}"#,
            "steady.probes[0].that: 'breaker_opens' compares phases and cannot be a steady probe"
        ),
        (
            #""action": "kill""#, #""action": "maim""#,
            "method[0].action: must be one of fault, kill, hold, pause, restart, breaker, retry_budget_off, limit_concurrency, stop_collector"
        ),
        (
            #""process": "cart""#, #""process": "card""#,
            "method[0].process: must be gateway, user, product, cart, order, or one with -2 and so on"
        ),
        (#""at": 3, "#, #""at": 6, "#, "method[0].at: is not before fault_seconds"),
        (
            #""process": "product-2", "seconds": 5"#, #""process": "product-2""#,
            "method[1].seconds: is missing; a number from 1 to 300"
        ),
        (
            #""service": "order", "instance""#, #""service": "ordre", "instance""#,
            "method[2].service: 'ordre' is none of gateway, user, product, cart, order"
        ),
        (#""kind": "hang""#, #""kind": "hung""#, "method[2].fault: kind must be known"),
        (#""operation": "open""#, #""operation": "shut""#, "method[3].operation: must be one of open, disable, reset"),
        (#""fault_seconds": 6"#, #""fault_seconds": 6000"#, "fault_seconds: must be a number from 1 to 300"),
        (
            #""2xx", "503""#, #""2xx", "503x""#,
            "expect[0].status: '503x' is neither a status like 503 nor a hundred like 2xx"
        ),
        (#""from": 1, "to": 5"#, #""from": 5, "to": 5"#, "expect[0].to: is not after 'from'"),
        (#""during": "run""#, #""during": "always""#, "expect[1].during: must be one of steady, fault, recovery, run"),
        (#""labels": {"a": "b"}"#, #""labels": {"a": 1}"#, "expect[2].labels: must be an object of texts"),
        (#""take": "delta""#, #""take": "sum""#, "expect[2].take: must be one of value, max, min, delta, rate"),
        (
            #""that": "stale", "at_most": 0"#, #""that": "stale", "at_most": 0, "at_least": 1"#,
            "expect[7].at_least: is above at_most"
        ),
        (
            #""that": "stale""#, #""that": "fresh""#,
            "expect[7].that: must be one of answers, errors, latency, stale, metric, retry_after, rate_ratio, breaker_opens, breaker_closes"
        ),
        (
            #""within_seconds": 10"#, #""within_seconds": "10""#,
            "recovery.within_seconds: must be a number from 1 to 120"
        ),
        (#""title": "T""#, #""title": "T", "alerts": []"#, "alerts: must be an object"),
        (#""rate": 5"#, #""rate": "no""#, "load: rate must be a number"),
    ]

    @Test("Every mistake is named with its path", arguments: mistakes)
    func mistake(part: String, replacement: String, expected: String) throws {
        let text = Self.valid.replacing(part, with: replacement, maxReplacements: 1)
        #expect(text != Self.valid)
        let error = #expect(throws: ExperimentError.self) {
            try Experiment(
                parsing: Array(text.utf8), fileName: "a-b",
                checkFault: { $0["kind"]?.string == "hang" ? nil : "kind must be known" },
                checkLoad: { $0["rate"]?.double == nil ? "rate must be a number" : nil })
        }
        #expect(error?.mistakes.contains(expected) == true, "\(error?.description ?? "")")
    }

    @Test("All mistakes of a file are named, not the first alone")
    func several() {
        let error = #expect(throws: ExperimentError.self) {
            try Experiment(parsing: Array(#"{"name": "x", "steady": {"probes": []}, "method": [{}]}"#.utf8))
        }
        #expect(
            error?.mistakes.sorted() == [
                "description: is missing; text", "expect: is missing; a list of objects",
                "fault_seconds: is missing; a number from 1 to 300", "load: is missing; an object",
                "method: must do something",
                "method[0].action: is missing; one of fault, kill, hold, pause, restart, breaker, retry_budget_off, limit_concurrency, stop_collector",
                "method[0].at: is missing; a number from 0 to 300", "recovery: is missing; an object",
                "seed: is missing; a whole number from 0 to \(Int.max)", "steady.probes: must hold at least one",
                "steady.seconds: is missing; a number from 1 to 60", "title: is missing; text",
            ])
    }

    @Test("What is no JSON, or no object, is said to be so", arguments: ["", "[]", "{\"a\":1,\"a\":2}", "{"])
    func noObject(text: String) {
        #expect(throws: ExperimentError.self) { try Experiment(parsing: Array(text.utf8)) }
    }

    @Test("A fault gets its expiry, and what its file says is kept")
    func completedFault() throws {
        let fault: JSONObject = ["kind": .string("hang"), "duration_seconds": .number(JSONNumber(2))]
        let text = String(decoding: Injector.completed(fault, seconds: 9.2, seed: 7, label: "x"), as: UTF8.self)
        #expect(text == #"{"kind":"hang","duration_seconds":2,"label":"x"}"#)
        let bare: JSONObject = ["kind": .string("hang"), "percentage": .number(JSONNumber(50))]
        let completed = String(decoding: Injector.completed(bare, seconds: 9.2, seed: 7, label: "x"), as: UTF8.self)
        #expect(completed == #"{"kind":"hang","percentage":50,"duration_seconds":15,"seed":7,"label":"x"}"#)
    }
}
