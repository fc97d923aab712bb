/// One entry: a token and what is needed to take it back. What is kept with it is in `CachedValue`.
///
/// Not generic, and neither is anything that handles it: code that is would be run unspecialised by other modules, at
/// three times the cost of a look-up.
class CachedToken: @unchecked Sendable {
    // Unchecked only because the class has a subclass: all is constant here and there.
    let tokenID: String
    let subject: String
    let issuedAt: Int
    let expiresAt: Int
    private let token: [UInt8]

    init(_ token: UnsafeBufferPointer<UInt8>, _ claims: AccessTokenClaims) {
        self.token = unsafe Array(token)
        self.tokenID = claims.tokenID
        self.subject = claims.subject
        self.issuedAt = claims.issuedAt
        self.expiresAt = claims.expiresAt
    }

    /// Whether this is the entry of `other`. Looks at all bytes whatever they are, a word at a time; the last word may
    /// overlap the one before it. Tokens have at least 16 bytes.
    final func isFor(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard self.token.count == other.count else { return false }
        return unsafe self.token.withUnsafeBytes { own in
            let other = UnsafeRawBufferPointer(other)
            let last = own.count - 8
            var difference =
                unsafe own.loadUnaligned(fromByteOffset: last, as: UInt64.self)
                ^ other.loadUnaligned(fromByteOffset: last, as: UInt64.self)
            var offset = 0
            while offset < last {
                difference |=
                    unsafe own.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                    ^ other.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                offset += 8
            }
            return difference == 0
        }
    }
}

/// An entry with its value.
final class CachedValue<Value: Sendable>: CachedToken, @unchecked Sendable {
    let value: Value

    init(_ token: UnsafeBufferPointer<UInt8>, _ claims: AccessTokenClaims, _ value: Value) {
        self.value = value
        unsafe super.init(token, claims)
    }
}
