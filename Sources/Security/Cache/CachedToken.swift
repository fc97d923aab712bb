/// One entry: a token, what is needed to take it back, and what is kept with it.
final class CachedToken<Value: Sendable>: Sendable {
    let tokenID: String
    let subject: String
    let issuedAt: Int
    let expiresAt: Int
    let value: Value
    private let token: [UInt8]

    init(_ token: UnsafeBufferPointer<UInt8>, _ claims: AccessTokenClaims, _ value: Value) {
        self.token = unsafe Array(token)
        self.tokenID = claims.tokenID
        self.subject = claims.subject
        self.issuedAt = claims.issuedAt
        self.expiresAt = claims.expiresAt
        self.value = value
    }

    /// Whether this is the entry of `other`. Looks at all bytes whatever they are, a word at a time; the last word may
    /// overlap the one before it. Tokens have at least 16 bytes.
    @inline(__always)
    func isFor(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
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
