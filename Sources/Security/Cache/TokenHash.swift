/// Hashes the end of a token with a key that is drawn anew in each process.
struct TokenHash: Sendable {
    private let keys: (UInt64, UInt64)

    init() {
        var pool = RandomPool()
        self.keys = (pool.next(), pool.next())
    }

    /// The hash, never zero; `nil` for what is too short to be a token.
    ///
    /// Sixteen bytes of signature are enough to tell tokens apart that were found valid, and tokens that were not never
    /// get into the cache.
    @inline(__always)
    func of(_ token: UnsafeBufferPointer<UInt8>) -> UInt64? {
        guard token.count >= 16, token.count <= TokenVerifier.tokenBytesMax else { return nil }
        let end = UnsafeRawBufferPointer(token)
        let first = unsafe end.loadUnaligned(fromByteOffset: end.count - 16, as: UInt64.self)
        let second = unsafe end.loadUnaligned(fromByteOffset: end.count - 8, as: UInt64.self)
        let product = (first ^ self.keys.0).multipliedFullWidth(by: second ^ self.keys.1)
        return (product.high ^ product.low) | 1
    }
}
