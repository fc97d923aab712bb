/// Remembers tokens that were found valid, so that a signature is computed once per token rather than once per request.
///
/// A token is found by a keyed hash of its end, which is signature and so as good as random, and is then compared whole,
/// without stopping at the first difference: a hash that matches never suffices. Entries live until their token expires,
/// is revoked, or makes room for another.
///
/// - Complexity: a look-up takes one lock out of up to sixteen and compares at most eight hashes; a hit compares one
///   token. About a tenth of a microsecond, and no allocation.
public final class TokenCache<Value: Sendable>: Sendable {
    private let shards: [TokenCacheShard]
    private let hash: TokenHash
    private let revocations = RevocationList()

    /// How many tokens fit at most: the capacity asked for, rounded down to full sets.
    public let capacity: Int

    /// An empty cache.
    ///
    /// - Parameter capacity: how many tokens it may hold. Default 10,000, which is about 15 MB when full.
    public init(capacity: Int = 10_000) {
        precondition(capacity > 0, "A cache of \(capacity) tokens")
        let count = max(1, min(16, capacity / 64))
        let ways = min(8, capacity)
        let sets = max(1, capacity / (count * ways))
        self.shards = (0..<count).map { _ in TokenCacheShard(sets: sets, ways: ways) }
        self.capacity = count * sets * ways
        self.hash = TokenHash()
    }

    /// What was kept with `token`; `nil` when it is not known, has expired or was revoked.
    ///
    /// - Parameter now: seconds since the epoch.
    public func value(for token: UnsafeBufferPointer<UInt8>, now: Int) -> Value? {
        guard let hash = unsafe self.hash.of(token) else { return nil }
        guard let entry = unsafe self.shard(hash).entry(for: token, hash: hash, now: now) else { return nil }
        // Only `insert` makes entries, and it makes no others.
        return unsafe unsafeDowncast(entry, to: CachedValue<Value>.self).value
    }

    /// Keeps `value` with a token that was just verified.
    ///
    /// A token that has expired is not kept, nor one that was revoked while it was being verified.
    ///
    /// - Parameter now: seconds since the epoch.
    /// - Returns: `false` when the token was revoked: then do not accept it.
    @discardableResult
    public func insert(
        _ value: Value, for token: UnsafeBufferPointer<UInt8>, claims: AccessTokenClaims, now: Int
    ) -> Bool {
        guard let hash = unsafe self.hash.of(token) else { return !self.revocations.contains(claims) }
        let shard = self.shard(hash)
        if claims.expiresAt > now {
            unsafe shard.insert(CachedValue(token, claims, value), hash: hash, now: now)
        }
        // Asked after inserting: a revocation that comes between the two finds the entry, one that came before is found
        // here. The other way round one could slip through.
        guard self.revocations.contains(claims) else { return true }
        shard.remove { $0.tokenID == claims.tokenID }
        return false
    }

    private func shard(_ hash: UInt64) -> TokenCacheShard {
        // The low bits choose the shard, the high ones the set in it.
        self.shards[Int(truncatingIfNeeded: hash & 0xFFFF) % self.shards.count]
    }
}

// MARK: - Taking back

extension TokenCache {
    /// Refuses one token from now on.
    ///
    /// - Parameters:
    ///   - expiresAt: when the token would have expired anyway, in seconds since the epoch; it is forgotten then.
    ///   - now: seconds since the epoch.
    /// - Complexity: walks the whole cache; meant for logouts, not for every request.
    public func revoke(tokenID: String, expiresAt: Int, now: Int) {
        self.revocations.add(tokenID: tokenID, expiresAt: expiresAt, now: now)
        for shard in self.shards { shard.remove { $0.tokenID == tokenID } }
    }

    /// Refuses all tokens of a user that were issued at or before `issuedAt`.
    ///
    /// - Parameters:
    ///   - expiresAt: when the last of them would have expired anyway, in seconds since the epoch.
    ///   - now: seconds since the epoch.
    /// - Complexity: walks the whole cache.
    public func revoke(subject: String, issuedThrough issuedAt: Int, expiresAt: Int, now: Int) {
        self.revocations.add(subject: subject, issuedThrough: issuedAt, expiresAt: expiresAt, now: now)
        for shard in self.shards { shard.remove { $0.subject == subject && $0.issuedAt <= issuedAt } }
    }

    /// Whether a token with these claims was revoked: to be asked about a token that is not served from the cache.
    public func isRevoked(_ claims: AccessTokenClaims) -> Bool { self.revocations.contains(claims) }

    /// Forgets all tokens, but not what was revoked: for when the issuer withdraws a key.
    public func removeAll() {
        for shard in self.shards { shard.remove { _ in true } }
    }

    /// What has happened so far, over all shards.
    public var statistics: TokenCacheStatistics {
        var sum = TokenCacheStatistics()
        for shard in self.shards { sum.add(shard.statistics) }
        let revocations = self.revocations.counts
        sum.revocations = revocations.held
        sum.revocationsDropped = revocations.dropped
        return sum
    }
}

/// A cache of the claims themselves.
public typealias VerifiedTokenCache = TokenCache<AccessTokenClaims>

extension TokenCache where Value == AccessTokenClaims {
    /// Keeps the claims of a token that was just verified; see `insert(_:for:claims:now:)`.
    @discardableResult
    public func insert(_ claims: AccessTokenClaims, for token: UnsafeBufferPointer<UInt8>, now: Int) -> Bool {
        unsafe self.insert(claims, for: token, claims: claims, now: now)
    }
}
