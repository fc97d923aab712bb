/// Why a key or a set of keys cannot be used.
public enum JWKError: Error, Sendable, Hashable {
    /// A member is missing, of the wrong type, or not what RFC 7518 says about it.
    case malformed(String)
    /// Fewer bits than are safe, or more than are affordable.
    case unsafeSize(bits: Int)
    /// The document is not a key set, or has too many keys.
    case malformedSet(String)
    case library(OpenSSLError)
}

extension JWKError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .malformed(let member): "the key's \(member) is missing or malformed"
        case .unsafeSize(let bits): "a key of \(bits) bits is outside of \(JWK.bitsRange)"
        case .malformedSet(let reason): "not a key set: \(reason)"
        case .library(let error): error.description
        }
    }
}
