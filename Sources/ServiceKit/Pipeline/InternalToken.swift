public import HTTPCore
import Security

/// The platform's own secret, which its processes show one another as `x-internal-token`. Compared in constant time.
public struct InternalToken: Sendable {
    private let bytes: [UInt8]

    public init(_ text: String) { self.bytes = Array(text.utf8) }

    /// Whether a message bears it.
    public func isBorne(by fields: HTTPFields) -> Bool {
        fields.withValue(.xInternalToken) { constantTimeEquals($0, self.bytes) } ?? false
    }

    /// Whether a text is it; nil is not.
    public func matches(_ text: String?) -> Bool {
        guard let text else { return false }
        return constantTimeEquals(Array(text.utf8), self.bytes)
    }
}
