/// Packs what is seldom looked at into bytes: one allocation for all of it.
struct PayloadWriter {
    private(set) var bytes: [UInt8] = []

    mutating func put(_ number: UInt64) {
        var left = number
        while left >= 0x80 {
            self.bytes.append(UInt8(truncatingIfNeeded: left) | 0x80)
            left >>= 7
        }
        self.bytes.append(UInt8(left))
    }

    mutating func put(_ number: Int) { self.put(UInt64(number)) }

    mutating func put(fixed number: UInt64) { withUnsafeBytes(of: number.littleEndian) { self.bytes += $0 } }

    mutating func put(_ text: String) {
        self.put(text.utf8.count)
        self.bytes += text.utf8
    }

    mutating func put(_ attributes: [ReceivedAttribute], _ keys: inout Interner) {
        self.put(attributes.count)
        for attribute in attributes {
            // 0, which is no number of a key, says that it follows in full.
            if let number = keys.number(attribute.key) {
                self.put(UInt64(number) + 1)
            } else {
                self.put(0)
                self.put(attribute.key)
            }
            self.put(attribute.value)
        }
    }

    mutating func put(_ value: ReceivedValue) {
        switch value {
        case .empty: self.put(0)
        case .string(let text):
            self.put(1)
            self.put(text)
        case .bool(let flag): self.put(flag ? 3 : 2)
        case .int(let number):
            self.put(4)
            // ZigZag, so that small negative numbers are short too.
            self.put(UInt64(bitPattern: number << 1 ^ number >> 63))
        case .double(let number):
            self.put(5)
            self.put(fixed: number.bitPattern)
        case .bytes(let content):
            self.put(6)
            self.put(content.count)
            self.bytes += content
        case .array(let values):
            self.put(7)
            self.put(values.count)
            for value in values { self.put(value) }
        case .map(let pairs):
            self.put(8)
            self.put(pairs.count)
            for pair in pairs {
                self.put(pair.key)
                self.put(pair.value)
            }
        }
    }
}
