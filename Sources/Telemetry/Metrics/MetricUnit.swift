/// The unit of a metric, in UCUM as OpenTelemetry writes it, and as Prometheus spells it in the name.
public struct MetricUnit: Sendable, Hashable {
    /// `s`, `By`, `1`, `{order}`; empty for none.
    public let code: String
    /// `seconds`, `bytes`, `ratio`; empty where Prometheus adds nothing.
    public let prometheusSuffix: String

    init(code: String, prometheusSuffix: String) {
        self.code = code
        self.prometheusSuffix = prometheusSuffix
    }

    /// A count of things, in the singular: `.count("order")` is `{order}` and adds nothing to the name.
    public static func count(_ what: String) -> MetricUnit { .init(code: "{\(what)}", prometheusSuffix: "") }
    /// So many things a second, in the singular: `.perSecond("order")` is `{order}/s` and adds `per_second`.
    public static func perSecond(_ what: String) -> MetricUnit {
        .init(code: "{\(what)}/s", prometheusSuffix: "per_second")
    }
    public static let seconds = MetricUnit(code: "s", prometheusSuffix: "seconds")
    public static let bytes = MetricUnit(code: "By", prometheusSuffix: "bytes")
    /// A part of one, from 0 to 1; gauges only get the suffix.
    public static let ratio = MetricUnit(code: "1", prometheusSuffix: "ratio")
    public static let none = MetricUnit(code: "", prometheusSuffix: "")
}
