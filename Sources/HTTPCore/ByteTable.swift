/// A map from byte to byte that is a literal: it needs no set-up, and reaching it costs no call.
struct ByteTable: Sendable {
    private let text: StaticString

    @inline(__always)
    subscript(_ byte: UInt8) -> UInt8 { self.text.utf8Start[Int(byte)] }

    /// The small letter of each `tchar` (RFC 9110 section 5.6.2), 0 for every byte that is none. 16 bytes a row.
    @inline(__always)
    static var lowerCasedToken: ByteTable { ByteTable(text: Self.lowerCasedTokenText) }

    @inline(__always)
    private static var lowerCasedTokenText: StaticString {
        """
        \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
        \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
        \0!\0#$%&'\0\0*+\0-.\0\
        0123456789\0\0\0\0\0\0\
        \0abcdefghijklmno\
        pqrstuvwxyz\0\0\0^_\
        `abcdefghijklmno\
        pqrstuvwxyz\0|\0~\0\
        \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
        \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
        \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
        \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
        \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
        \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
        \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
        \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\

        """
    }
}
