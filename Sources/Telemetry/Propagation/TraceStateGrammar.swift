/// Reads `tracestate` after W3C Trace Context, section 3.3.1.
enum TraceStateGrammar {
    /// Members of a header value, or nil if any breaks the grammar or there are more than 32. Of a key that repeats, the
    /// first member counts: it is the newest, and the others' vendors must not lose theirs for it.
    static func parse(_ header: String) -> [TraceState.Member]? {
        var members: [TraceState.Member] = []
        for element in header.utf8.split(separator: 0x2c, omittingEmptySubsequences: true) {
            let member = self.trimmed(element)
            guard !member.isEmpty else { continue }  // Empty members are allowed (section 3.3.1.1).
            guard let equals = member.firstIndex(of: 0x3d) else { return nil }
            let key = String(Substring(member[..<equals]))
            let value = String(Substring(member[member.index(after: equals)...]))
            guard self.isKey(key), self.isValue(value) else { return nil }
            if members.contains(where: { $0.key == key }) { continue }
            guard members.count < TraceState.membersMax else { return nil }
            members.append(.init(key: key, value: value))
        }
        return members
    }

    /// `simple-key` of up to 256 characters, or `tenant@system` of up to 241 and 14.
    static func isKey(_ key: String) -> Bool {
        let bytes = key.utf8
        guard let at = bytes.firstIndex(of: 0x40) else {
            guard let first = bytes.first, self.isLower(first) else { return false }
            return bytes.count <= 256 && bytes.allSatisfy(self.isKeyByte)
        }
        let tenant = bytes[..<at]
        let system = bytes[bytes.index(after: at)...]
        guard let head = tenant.first, self.isLower(head) || self.isDigit(head) else { return false }
        guard let first = system.first, self.isLower(first) else { return false }
        return tenant.count <= 241 && system.count <= 14
            && tenant.allSatisfy(self.isKeyByte) && system.allSatisfy(self.isKeyByte)
    }

    /// Up to 256 printable ASCII characters without comma and equals, the last one not a space.
    static func isValue(_ value: String) -> Bool {
        let bytes = value.utf8
        guard let last = bytes.last, last != 0x20, bytes.count <= 256 else { return false }
        return bytes.allSatisfy { (0x20...0x7e).contains($0) && $0 != 0x2c && $0 != 0x3d }
    }

    private static func trimmed(_ bytes: Substring.UTF8View) -> Substring.UTF8View {
        var bytes = bytes
        while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
        return bytes
    }

    private static func isLower(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isKeyByte(_ byte: UInt8) -> Bool {
        self.isLower(byte) || self.isDigit(byte) || byte == 0x5f || byte == 0x2d || byte == 0x2a || byte == 0x2f
    }
}
