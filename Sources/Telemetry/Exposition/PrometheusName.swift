/// Derives Prometheus' spelling from OpenTelemetry's.
///
/// Source: OpenTelemetry specification, "Prometheus and OpenMetrics compatibility".
package enum PrometheusName {
    package static func metric(_ description: MetricDescription) -> String {
        let family = self.family(description)
        return description.kind == .counter ? family + "_total" : family
    }

    /// The name without `_total`, which OpenMetrics wants in HELP and TYPE.
    static func family(_ description: MetricDescription) -> String {
        var name = self.sanitized(description.name, allowingColon: true)
        if description.kind == .counter, name.hasSuffix("_total") { name.removeLast("_total".utf8.count) }
        let suffix = self.unitSuffix(description)
        return suffix.isEmpty || name.hasSuffix("_" + suffix) ? name : name + "_" + suffix
    }

    static func unitSuffix(_ description: MetricDescription) -> String {
        // A ratio of a counter or a histogram would read as a rate, so only gauges get the word.
        if description.unit == .ratio, description.kind != .gauge { return "" }
        return description.unit.prometheusSuffix
    }

    /// Letters, digits and underscores; anything else becomes an underscore, several in a row become one.
    package static func label(_ name: String) -> String { self.sanitized(name, allowingColon: false) }

    private static func sanitized(_ name: String, allowingColon: Bool) -> String {
        var bytes: [UInt8] = []
        for byte in name.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: bytes.append(byte)
            case 0x3a where allowingColon: bytes.append(byte)
            default: if bytes.last != 0x5f { bytes.append(0x5f) }
            }
        }
        if let first = bytes.first, (0x30...0x39).contains(first) { bytes.insert(0x5f, at: 0) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
