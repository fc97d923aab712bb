/// A password somebody chose, fit to be hashed.
struct Password: Sendable {
    /// 72 bytes are the most that bcrypt reads; what follows them would protect nothing.
    static let bytes = 8...72

    let text: String

    /// - Throws: what is wrong with it, for the person who chose it.
    init(_ text: String) throws(PasswordRefusal) {
        let count = text.utf8.count
        if count < Self.bytes.lowerBound { throw .tooShort }
        if count > Self.bytes.upperBound { throw .tooLong }
        // bcrypt takes a C string: it would not see what follows a NUL.
        if text.utf8.contains(0) { throw .containsNUL }
        self.text = text
    }

    /// Whether `text` could have been chosen at all: asked before a sign-in is compared, because a NUL would hide what
    /// follows it from bcrypt.
    static func isComparable(_ text: String) -> Bool {
        text.utf8.count <= Self.bytes.upperBound && !text.utf8.contains(0)
    }
}

extension Password: CustomStringConvertible, CustomReflectable {
    var description: String { "[password]" }
    var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Why a password cannot be taken.
enum PasswordRefusal: Error, Sendable, Hashable {
    case tooShort
    case tooLong
    case containsNUL

    /// A fragment for a field error.
    var message: String {
        switch self {
        case .tooShort: "must have at least \(Password.bytes.lowerBound) bytes"
        case .tooLong: "must have at most \(Password.bytes.upperBound) bytes in UTF-8"
        case .containsNUL: "must not contain a NUL character"
        }
    }
}
