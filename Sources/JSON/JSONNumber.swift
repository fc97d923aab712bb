/// A JSON number with the digits it was written in, so that money and identifiers are not rounded on their way in.
public struct JSONNumber: Sendable, Hashable {
    /// The number as written: RFC 8259 §6 syntax. Two numbers are equal when their texts are.
    public let text: String

    init(validated text: String) {
        self.text = text
    }

    /// An integer.
    public init(_ integer: Int) {
        self.text = String(integer)
    }

    /// The value as an integer, when it is whole and fits: `5`, `5.0` and `5e0` are 5, `5.5` and `1e30` are `nil`.
    public var int: Int? { self.scaled(byPowerOfTen: 0) }

    /// The closest double; `nil` when the number is beyond its range.
    public var double: Double? {
        guard let number = Double(self.text), number.isFinite else { return nil }
        return number
    }

    /// The value in hundredths, exactly: `19.99` is 1999. `nil` when it has a third decimal that is not zero, or does
    /// not fit: money is refused rather than rounded.
    public var minorUnits: Int? { self.scaled(byPowerOfTen: 2) }

    /// The value times a power of ten, when that is whole and fits in an `Int`.
    private func scaled(byPowerOfTen power: Int) -> Int? {
        return self.text.borrowUTF8 { DecimalText($0).scaled(byPowerOfTen: power) }
    }
}

/// A number's text taken apart: digits, and the power of ten they are to be multiplied by.
private struct DecimalText {
    private var digits: Int? = 0
    private var exponent = 0
    private var isNegative = false

    /// Exponents past this are as good as infinite: no digits that fit in an `Int` can make up for them.
    private static let exponentMax = 100_000

    init(_ text: UnsafeBufferPointer<UInt8>) {
        var position = 0
        if text.first == UInt8(ascii: "-") {
            self.isNegative = true
            position = 1
        }
        var pendingZeros = 0
        var isFraction = false
        while position < text.count {
            let byte = text[position]
            position += 1
            if byte == UInt8(ascii: ".") {
                isFraction = true
            } else if byte | 0x20 == UInt8(ascii: "e") {
                self.exponent += DecimalText.exponent(text[position...])
                break
            } else {
                if isFraction { self.exponent -= 1 }
                self.take(byte &- UInt8(ascii: "0"), pendingZeros: &pendingZeros)
            }
        }
        self.exponent += pendingZeros
    }

    /// Zeros are held back until another digit follows, so that trailing ones cannot overflow.
    private mutating func take(_ digit: UInt8, pendingZeros: inout Int) {
        guard digit != 0 else {
            if self.digits != 0 { pendingZeros += 1 }
            return
        }
        self.digits = DecimalText.shifted(
            self.digits, by: pendingZeros + 1, adding: self.isNegative ? -Int(digit) : Int(digit))
        pendingZeros = 0
    }

    func scaled(byPowerOfTen power: Int) -> Int? {
        guard self.digits != 0 else { return 0 }
        let shift = self.exponent + power
        // The last digit kept is not zero, so a negative shift always leaves a fraction.
        guard shift >= 0 else { return nil }
        return DecimalText.shifted(self.digits, by: shift, adding: 0)
    }

    private static func shifted(_ digits: Int?, by places: Int, adding digit: Int) -> Int? {
        guard var value = digits, places <= 19 || value == 0 else { return nil }
        if value != 0 {
            for _ in 0..<places {
                let (product, overflow) = value.multipliedReportingOverflow(by: 10)
                if overflow { return nil }
                value = product
            }
        }
        let (sum, overflow) = value.addingReportingOverflow(digit)
        return overflow ? nil : sum
    }

    private static func exponent(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
        var value = 0
        var isNegative = false
        for byte in text {
            if byte == UInt8(ascii: "-") {
                isNegative = true
            } else if byte != UInt8(ascii: "+") {
                value = min(value * 10 + Int(byte &- UInt8(ascii: "0")), self.exponentMax)
            }
        }
        return isNegative ? -value : value
    }
}
