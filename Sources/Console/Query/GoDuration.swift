/// Lengths of time as Go writes them: `1.5s`, `300ms`, `1h30m`; what Jaeger's API takes.
///
/// Source: Go's `time.ParseDuration`, and Jaeger's `d` for days.
enum GoDuration {
    private static let units: [(name: String, nanoseconds: Double)] = [
        ("ns", 1), ("us", 1e3), ("µs", 1e3), ("μs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3_600e9),
        ("d", 86_400e9),
    ]

    /// Nil for what is none, and for one that is negative or longer than a hundred years.
    static func nanoseconds(_ text: String) -> UInt64? {
        var rest = Substring(text)
        var total = 0.0
        guard !rest.isEmpty else { return nil }
        if rest == "0" { return 0 }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
            rest = rest.dropFirst(digits.count)
            let name = rest.prefix { !($0.isASCII && $0.isNumber) && $0 != "." }
            rest = rest.dropFirst(name.count)
            guard let number = Double(digits), let unit = self.units.first(where: { $0.name == name }) else {
                return nil
            }
            total += number * unit.nanoseconds
        }
        return total.isFinite && total < 100 * 365 * 86_400e9 ? UInt64(total) : nil
    }
}
