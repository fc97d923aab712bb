/// The name of a header or trailer field: a token (RFC 9110 section 5.1), kept in lower case.
///
/// Well-known names carry a small code, so that finding them in `HTTPFields` compares one byte.
public struct HTTPFieldName: Hashable, Sendable {
    public let rawValue: String
    @usableFromInline let known: KnownFieldName

    /// The most bytes a name may have.
    public static let bytesMax = 1_024

    @inlinable
    init(known: KnownFieldName, _ text: String) {
        self.rawValue = text
        self.known = known
    }

    /// Nil when `text` is not a token, is empty or is longer than `bytesMax`. Capitals become small letters.
    public init?(_ text: String) {
        var text = text
        guard let name = text.withUTF8({ HTTPFieldName(bytes: $0) }) else { return nil }
        self = name
    }

    init?(bytes: UnsafeBufferPointer<UInt8>) {
        guard !bytes.isEmpty, bytes.count <= Self.bytesMax else { return nil }
        guard bytes.allSatisfy({ ByteTable.lowerCasedToken[$0] != 0 }) else { return nil }
        let text = String(unsafeUninitializedCapacity: bytes.count) { target in
            for index in 0..<bytes.count { target[index] = ByteTable.lowerCasedToken[bytes[index]] }
            return bytes.count
        }
        var copy = text
        self.rawValue = text
        self.known = copy.withUTF8 { KnownFieldNameTable.shared.code(of: $0) }
    }

    @inlinable
    public static func == (left: HTTPFieldName, right: HTTPFieldName) -> Bool {
        left.known == right.known && (left.known != .none || left.rawValue == right.rawValue)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(self.known.rawValue)
        if self.known == .none { hasher.combine(self.rawValue) }
    }
}

extension HTTPFieldName: ExpressibleByStringLiteral {
    /// A name that the programmer wrote. Costs a table look-up: keep it in a static where it is used for every request.
    ///
    /// - Precondition: a token.
    public init(stringLiteral text: String) {
        guard let name = HTTPFieldName(text) else { preconditionFailure("Not a field name: \(text)") }
        self = name
    }
}

extension HTTPFieldName: CustomStringConvertible {
    public var description: String { self.rawValue }
}
