/// Numbers and durations, which begin alike.
extension Lexer {
    mutating func numberOrDuration() throws(PromQLError) -> Token.Kind {
        let start = self.place
        if self.scanNumber() {
            let text = self.slice(from: start)
            guard let value = Self.value(text) else { throw self.error("bad number \"\(text)\"", at: start) }
            return .number(value)
        }
        self.place = start
        _ = self.take(while: Self.isWord)
        let text = self.slice(from: start)
        guard let length = Self.duration(text) else {
            throw self.error("bad number or duration \"\(text)\"", at: start)
        }
        return .duration(length)
    }

    /// Whether what stands here is a number, and not the beginning of something else.
    private mutating func scanNumber() -> Bool {
        var isHex = false
        if self.peek() == 0x30, let mark = self.peek(1), mark | 0x20 == UInt8(ascii: "x") {
            self.place += 2
            isHex = true
        }
        let isDigit: (UInt8) -> Bool = { Self.isDigit($0) || (isHex && (0x61...0x66).contains($0 | 0x20)) }
        _ = self.take(while: isDigit)
        if self.peek() == UInt8(ascii: ".") {
            self.place += 1
            _ = self.take(while: isDigit)
        }
        if let mark = self.peek(), mark | 0x20 == UInt8(ascii: "e") {
            self.place += 1
            if let sign = self.peek(), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { self.place += 1 }
            _ = self.take(while: Self.isDigit)
        }
        return self.peek().map { !Self.isWord($0) } ?? true
    }

    /// As Go reads it: an integer with `0x` or a leading zero for octal, else a fraction.
    private static func value(_ text: String) -> Double? {
        if text.lowercased().hasPrefix("0x") { return Int64(text.dropFirst(2), radix: 16).map(Double.init) }
        if text.hasPrefix("0"), text.utf8.count > 1, let octal = Int64(text, radix: 8) { return Double(octal) }
        var digits = text
        if digits.hasPrefix(".") { digits = "0" + digits }
        // Swift wants digits on both sides of the point.
        if let point = digits.firstIndex(of: ".") {
            let after = digits.index(after: point)
            if after == digits.endIndex || !digits[after].isNumber { digits.insert("0", at: after) }
        }
        guard let value = Double(digits), value.isFinite else { return nil }
        return value
    }

    /// Units from the greatest down, each once: `1h30m`.
    ///
    /// - Returns: milliseconds; nil where it is none, or too long.
    static func duration(_ text: String) -> Int? {
        let units: [(String, Int)] = [
            ("y", 365 * 86_400_000), ("w", 7 * 86_400_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000),
            ("s", 1_000), ("ms", 1),
        ]
        var rest = Substring(text)
        var total = 0
        var used = -1
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            let unit = rest[digits.endIndex...].prefix { $0.isLetter }
            guard let count = Int(digits), let index = units.firstIndex(where: { $0.0 == unit }), index > used else {
                return nil
            }
            let (length, isTooLong) = count.multipliedReportingOverflow(by: units[index].1)
            let (sum, isTooMuch) = total.addingReportingOverflow(length)
            guard !isTooLong, !isTooMuch, sum <= Self.durationMax else { return nil }
            total = sum
            used = index
            rest = rest[unit.endIndex...]
        }
        return used < 0 ? nil : total
    }

    /// What nanoseconds in 64 bits hold, in milliseconds.
    private static let durationMax = Int(Int64.max / 1_000_000)
}
