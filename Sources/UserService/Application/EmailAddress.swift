/// An e-mail address in the one form it is stored, compared and counted in: without white space around it, in lower
/// case.
///
/// Takes the dot-atoms of RFC 5321, section 4.1.2, before the `@` and a host name of at least two labels after it.
/// Quoted local parts, address literals and letters beyond ASCII are refused: mail systems handle them too unevenly for
/// an account to hang on.
struct EmailAddress: Sendable, Hashable {
    /// RFC 5321, section 4.5.3.1.3, less the angle brackets of a path.
    static let bytesMax = 254
    static let localBytesMax = 64
    static let labelBytesMax = 63

    let rawValue: String

    /// Normalises and checks `text`; nil when it is no address.
    init?(_ text: String) {
        // Far more than an address with its white space: what is longer is not worth a copy.
        guard text.utf8.count <= 4 * Self.bytesMax else { return nil }
        let bytes = Self.normalised(text)
        guard bytes.count <= Self.bytesMax, let at = bytes.firstIndex(of: UInt8(ascii: "@")) else { return nil }
        guard Self.isLocalPart(bytes[..<at]), Self.isHostName(bytes[(at + 1)...]) else { return nil }
        self.rawValue = String(decoding: bytes, as: UTF8.self)
    }

    private static func normalised(_ text: String) -> [UInt8] {
        let isSpace = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
        let trimmed = text.utf8.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
        return trimmed.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    }

    private static func isLocalPart(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.count <= self.localBytesMax
            && bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { atom in
                !atom.isEmpty && atom.allSatisfy(self.isAtomText)
            }
    }

    private static func isHostName(_ bytes: ArraySlice<UInt8>) -> Bool {
        let labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        // A last label of digits alone would be an IPv4 address, not a domain.
        guard labels.count >= 2, let top = labels.last, !top.allSatisfy(self.isDigit) else { return false }
        return labels.allSatisfy { label in
            (1...self.labelBytesMax).contains(label.count) && label.first != UInt8(ascii: "-")
                && label.last != UInt8(ascii: "-")
                && label.allSatisfy { self.isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool { self.isDigit(byte) || (0x61...0x7A).contains(byte) }

    /// `atext` of RFC 5322, section 3.2.3.
    private static func isAtomText(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2F, 0x3D, 0x3F, 0x5E...0x60, 0x7B...0x7E: true
        default: self.isLetterOrDigit(byte)
        }
    }
}

extension EmailAddress: CustomStringConvertible, CustomReflectable {
    /// Never the address itself, so that no log line or error text can hold it by accident.
    var description: String { "[e-mail]" }
    var customMirror: Mirror { Mirror(self, children: [:]) }
}
