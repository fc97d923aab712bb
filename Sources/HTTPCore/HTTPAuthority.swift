/// Whether `text` is a host with an optional port, as it may stand in `Host` or in an absolute-form target.
///
/// Stricter than RFC 3986 section 3.2: names are what DNS can hold (letters, digits, `-`, `.`, `_`, `~`), so neither
/// commas nor percent escapes reach what compares hosts; no user information; a port is 1 to 5 digits, at most 65535.
func isValidAuthority(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = text.first else { return false }
    var end = 0
    if first == 0x5B {
        end = 1
        while end < text.count, isIPLiteralByte(text[end]) { end += 1 }
        guard end > 2, end < text.count, text[end] == 0x5D else { return false }
        end += 1
    } else {
        while end < text.count, ByteTable.targetClass[text[end]] == ByteTable.unreserved { end += 1 }
        guard end > 0 else { return false }
    }
    return end == text.count || isValidPort(text, from: end)
}

/// Hexadecimal digits, colons and dots: an IPv6 address. A zone identifier has no place in a URI that crosses hosts.
private func isIPLiteralByte(_ byte: UInt8) -> Bool {
    byte == 0x3A || byte == 0x2E || hexadecimalValue(byte) != nil
}

private func isValidPort(_ text: UnsafeBufferPointer<UInt8>, from colon: Int) -> Bool {
    guard text[colon] == 0x3A, (2...6).contains(text.count - colon) else { return false }
    var port = 0
    for byte in text[(colon + 1)...] {
        guard byte &- 0x30 < 10 else { return false }
        port = port * 10 + Int(byte &- 0x30)
    }
    return port <= 65_535
}
