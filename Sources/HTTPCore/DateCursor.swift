/// Reads fixed-width dates from left to right. Each step either takes what it names or leaves the cursor where it was.
struct DateCursor {
    private let text: UnsafeBufferPointer<UInt8>
    private var offset = 0

    init(_ text: UnsafeBufferPointer<UInt8>) {
        self.text = text
    }

    var isAtEnd: Bool { self.offset == self.text.count }
    var peek: UInt8? { self.offset < self.text.count ? self.text[self.offset] : nil }

    mutating func skip(_ literal: StaticString) -> Bool {
        let count = literal.utf8CodeUnitCount
        guard self.text.count - self.offset >= count else { return false }
        guard UnsafeBufferPointer(rebasing: self.text[self.offset..<(self.offset + count)]).equals(literal) else {
            return false
        }
        self.offset += count
        return true
    }

    /// Exactly so many digits.
    mutating func number(digits: Int) -> Int? {
        guard self.text.count - self.offset >= digits else { return nil }
        var number = 0
        for byte in self.text[self.offset..<(self.offset + digits)] {
            guard byte &- 0x30 < 10 else { return nil }
            number = number * 10 + Int(byte &- 0x30)
        }
        self.offset += digits
        return number
    }

    /// The place of the next three bytes among names of three letters written one behind the other, with case.
    mutating func name(of names: StaticString) -> Int? {
        guard self.text.count - self.offset >= 3, let start = self.text.baseAddress else { return nil }
        for index in 0..<(names.utf8CodeUnitCount / 3)
        where equalBytes(names.utf8Start + index * 3, start + self.offset, count: 3) {
            self.offset += 3
            return index
        }
        return nil
    }

    /// `08:49:37`
    mutating func clock() -> (hour: Int, minute: Int, second: Int)? {
        guard let hour = self.number(digits: 2), self.skip(":"), let minute = self.number(digits: 2), self.skip(":"),
            let second = self.number(digits: 2)
        else { return nil }
        return (hour, minute, second)
    }
}
