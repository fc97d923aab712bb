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

    /// What a byte means in a request target (RFC 3986), by one letter each: `u` unreserved; `p` stands for itself in a
    /// path; `x` visible, but for itself in a query at most; `?`, `%`, `#` and space themselves; 0 for the rest.
    @inline(__always)
    static var targetClass: ByteTable { ByteTable(text: Self.targetClassText) }

    @inline(__always) static var unreserved: UInt8 { 0x75 }
    @inline(__always) static var plain: UInt8 { 0x70 }
    @inline(__always) static var visible: UInt8 { 0x78 }

    @inline(__always)
    private static var targetClassText: StaticString {
        """
        \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
        \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
         px#p%pppppppuup\
        uuuuuuuuuuppxpx?\
        puuuuuuuuuuuuuuu\
        uuuuuuuuuuuxxxxu\
        xuuuuuuuuuuuuuuu\
        uuuuuuuuuuuxxxu\0\
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
