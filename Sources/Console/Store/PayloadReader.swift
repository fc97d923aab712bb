/// Unpacks what `PayloadWriter` packed in this same process.
struct PayloadReader {
    private let bytes: [UInt8]
    private(set) var position: Int

    /// - Parameter position: where to begin.
    init(_ bytes: [UInt8], at position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    mutating func number() -> UInt64 {
        var number: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = self.bytes[self.position]
            self.position += 1
            number |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return number }
            shift += 7
        }
    }

    mutating func count() -> Int { Int(self.number()) }

    mutating func fixed() -> UInt64 {
        var number: UInt64 = 0
        for place in 0..<8 { number |= UInt64(self.bytes[self.position + place]) << UInt64(8 * place) }
        self.position += 8
        return number
    }

    mutating func content() -> ArraySlice<UInt8> {
        let count = self.count()
        defer { self.position += count }
        return self.bytes[self.position..<self.position + count]
    }

    mutating func text() -> String { String(decoding: self.content(), as: UTF8.self) }

    mutating func attributes(_ keys: Interner) -> [ReceivedAttribute] {
        (0..<self.count()).map { _ in
            let number = self.number()
            let key = number == 0 ? self.text() : keys.text(UInt32(number - 1))
            return ReceivedAttribute(key, self.value())
        }
    }

    mutating func value() -> ReceivedValue {
        switch self.number() {
        case 1: return .string(self.text())
        case 2: return .bool(false)
        case 3: return .bool(true)
        case 4:
            let number = self.number()
            return .int(Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1))
        case 5: return .double(Double(bitPattern: self.fixed()))
        case 6: return .bytes(Array(self.content()))
        case 7: return .array((0..<self.count()).map { _ in self.value() })
        case 8:
            return .map(
                (0..<self.count()).map { _ in
                    let key = self.text()
                    return ReceivedAttribute(key, self.value())
                })
        default: return .empty
        }
    }
}
