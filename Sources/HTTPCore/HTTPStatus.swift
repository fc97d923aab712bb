/// A status code (RFC 9110 section 15), from 100 to 999; codes over 599 mean nothing and are never accepted from a
/// peer.
public struct HTTPStatus: Hashable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
    private let storage: UInt16

    /// - Precondition: three digits.
    public init(_ code: Int) {
        precondition((100...999).contains(code), "A status code has three digits: \(code)")
        self.storage = UInt16(truncatingIfNeeded: code)
    }

    public init(integerLiteral code: Int) {
        self.init(code)
    }

    public var code: Int { Int(self.storage) }
    public var description: String { String(self.storage) }

    public var isInformational: Bool { self.storage < 200 }
    public var isSuccess: Bool { (200..<300).contains(self.storage) }
    public var isRedirection: Bool { (300..<400).contains(self.storage) }
    public var isClientError: Bool { (400..<500).contains(self.storage) }
    public var isServerError: Bool { (500..<600).contains(self.storage) }

    /// Whether a response with this status ends with its head, whatever its fields say (RFC 9112 section 6.3).
    public var forbidsBody: Bool { self.isInformational || self.storage == 204 || self.storage == 304 }
}
