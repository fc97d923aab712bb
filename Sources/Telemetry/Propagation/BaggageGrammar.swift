/// Reads and writes `baggage` after W3C Baggage, section 3.3.
enum BaggageGrammar {
    /// The members that follow the grammar, within the bounds; a broken member is left out, the others stay, and so do
    /// the whole members that come before a bound is reached (section 3.3.2).
    static func parse(_ header: String) -> [Baggage.Member] {
        var members: [Baggage.Member] = []
        for element in self.elements(header) {
            guard members.count < Baggage.membersMax else { break }
            guard let member = self.member(element), !members.contains(where: { $0.key == member.key }) else {
                continue
            }
            members.append(member)
        }
        return members
    }

    /// The list's elements within the first 8,192 bytes, without the one that is cut there.
    private static func elements(_ header: String) -> [Substring.UTF8View] {
        let all = header.utf8
        let within = all.prefix(Baggage.bytesMax)
        var elements = within.split(separator: 0x2c)
        let isCut = within.endIndex < all.endIndex && within.last != 0x2c && all[within.endIndex] != 0x2c
        if isCut { elements.removeLast() }
        return elements
    }

    static func header(_ members: [Baggage.Member]) -> String {
        var bytes: [UInt8] = []
        var whole = 0
        for member in members {
            if !bytes.isEmpty { bytes.append(0x2c) }
            bytes.append(contentsOf: member.key.utf8)
            bytes.append(0x3d)
            self.appendEncoded(member.value, to: &bytes)
            if !member.metadata.isEmpty {
                bytes.append(0x3b)
                bytes.append(contentsOf: member.metadata.utf8)
            }
            // Encoded anew, values may have grown: what goes out keeps the bound, in whole members.
            guard bytes.count <= Baggage.bytesMax else {
                bytes.removeLast(bytes.count - whole)
                break
            }
            whole = bytes.count
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether the header has room for all of these.
    static func isWhole(_ members: [Baggage.Member]) -> Bool {
        self.parse(self.header(members)).count == members.count
    }

    static func isToken(_ bytes: Substring.UTF8View) -> Bool { !bytes.isEmpty && bytes.allSatisfy(self.isTokenByte) }

    /// Properties are forwarded as they are, so only what may stand in a header is let in.
    static func isMetadata(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x20...0x7e).contains($0) && $0 != 0x2c || $0 == 0x09 }
    }

    private static func member(_ element: Substring.UTF8View) -> Baggage.Member? {
        let semicolon = element.firstIndex(of: 0x3b) ?? element.endIndex
        guard let equals = element[..<semicolon].firstIndex(of: 0x3d) else { return nil }
        let key = self.trimmed(element[..<equals])
        let value = self.trimmed(element[element.index(after: equals)..<semicolon])
        let metadata = semicolon == element.endIndex ? "" : self.text(self.trimmed(element[semicolon...].dropFirst()))
        guard self.isToken(key), value.allSatisfy(self.isValueByte), self.isMetadata(metadata) else { return nil }
        return .init(key: self.text(key), value: self.decoded(value), metadata: metadata)
    }

    private static func text(_ bytes: Substring.UTF8View) -> String { String(Substring(bytes)) }

    /// Invalid UTF-8 after decoding becomes U+FFFD; a percent sign without two digits stays as it is.
    static func decoded(_ bytes: Substring.UTF8View) -> String {
        guard bytes.contains(0x25) else { return self.text(bytes) }
        let input = Array(bytes)
        var output: [UInt8] = []
        var index = 0
        while index < input.count {
            if input[index] == 0x25, index + 2 < input.count,
                let high = self.hexDigit(input[index + 1]), let low = self.hexDigit(input[index + 2])
            {
                output.append(high << 4 | low)
                index += 3
            } else {
                output.append(input[index])
                index += 1
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func appendEncoded(_ value: String, to bytes: inout [UInt8]) {
        for byte in value.utf8 {
            if self.isValueByte(byte), byte != 0x25 {
                bytes.append(byte)
            } else {
                bytes.append(0x25)
                bytes.append(self.upperHexDigit(byte >> 4))
                bytes.append(self.upperHexDigit(byte & 0xf))
            }
        }
    }

    private static func trimmed(_ bytes: Substring.UTF8View) -> Substring.UTF8View {
        var bytes = bytes
        while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
        return bytes
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        case 0x21, 0x23, 0x24, 0x25, 0x26, 0x27, 0x2a, 0x2b, 0x2d, 0x2e, 0x5e, 0x5f, 0x60, 0x7c, 0x7e: true
        default: false
        }
    }

    /// `baggage-octet`: printable ASCII without space, quote, comma, semicolon and backslash.
    private static func isValueByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x21, 0x23...0x2b, 0x2d...0x3a, 0x3c...0x5b, 0x5d...0x7e: true
        default: false
        }
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    private static func upperHexDigit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x37 + nibble }
}
