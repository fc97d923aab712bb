/// Numbers as a person reads them in a column.
extension LoadText {
    /// Three digits and a unit: `812µs`, `12.3ms`, `1.23s`.
    public static func short(_ duration: Duration) -> String {
        let microseconds = duration / .microseconds(1)
        if microseconds < 1_000 { return "\(Int(microseconds.rounded()))µs" }
        if microseconds < 1_000_000 { return self.threeDigits(microseconds / 1e3) + "ms" }
        return self.threeDigits(microseconds / 1e6) + "s"
    }

    /// Three digits where there are more behind the point: `1.23`, `12.3`, `123`, `1234`.
    public static func threeDigits(_ number: Double) -> String {
        self.fixed(number, decimals: number < 9.995 ? 2 : number < 99.95 ? 1 : 0)
    }

    static func fixed(_ number: Double, decimals: Int) -> String {
        let factor = [1, 10, 100][min(decimals, 2)]
        let scaled = Int((number * Double(factor)).rounded())
        if decimals == 0 { return String(scaled) }
        let fraction = String(scaled % factor)
        let padding = String(repeating: "0", count: decimals - fraction.count)
        return "\(scaled / factor).\(padding)\(fraction)"
    }

    static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
