import Security
import Testing

@Suite("Cache of verified tokens")
struct TokenCacheTests {
    /// A token's worth of bytes; what the cache is given was verified, so it need not be a real one.
    private func token(_ number: Int, bytes: Int = 400) -> [UInt8] {
        SHA256.digest(Array("\(number)".utf8)) + [UInt8](repeating: 0x41, count: bytes - 64)
            + SHA256.digest(Array("end \(number)".utf8))
    }

    private func claims(_ number: Int, expiresAt: Int = 1_000, subject: String = "user", issuedAt: Int = 0)
        -> AccessTokenClaims
    {
        AccessTokenClaims(
            subject: subject, roles: ["customer"], issuedAt: issuedAt, expiresAt: expiresAt, tokenID: "token \(number)",
            issuer: "vitrine",
            audience: "vitrine-api")
    }

    private func look(_ cache: VerifiedTokenCache, _ token: [UInt8], now: Int = 0) -> AccessTokenClaims? {
        token.withUnsafeBufferPointer { cache.value(for: $0, now: now) }
    }

    @discardableResult
    private func keep(_ cache: VerifiedTokenCache, _ claims: AccessTokenClaims, _ token: [UInt8], now: Int = 0) -> Bool
    {
        token.withUnsafeBufferPointer { cache.insert(claims, for: $0, now: now) }
    }

    @Test("A token that was kept is found, others are not")
    func finds() {
        let cache = VerifiedTokenCache()
        #expect(self.look(cache, self.token(1)) == nil)
        #expect(self.keep(cache, self.claims(1), self.token(1)))
        #expect(self.look(cache, self.token(1)) == self.claims(1))
        #expect(self.look(cache, self.token(2)) == nil)
        #expect(cache.statistics.hits == 1 && cache.statistics.misses == 2 && cache.statistics.count == 1)
    }

    @Test("A token that differs in one byte anywhere is not found: a hash that matches does not suffice")
    func comparesAll() {
        let cache = VerifiedTokenCache()
        for bytes in [64, 65, 71, 72, 73, 400, 407] {
            let token = self.token(bytes, bytes: bytes)
            self.keep(cache, self.claims(bytes), token)
            #expect(self.look(cache, token) != nil)
            for position in token.indices {
                var changed = token
                changed[position] ^= 0x01
                #expect(self.look(cache, changed) == nil, "byte \(position) of \(bytes)")
            }
            #expect(self.look(cache, Array(token.dropFirst())) == nil)
            #expect(self.look(cache, [0x41] + token) == nil)
        }
    }

    @Test("What is too short to be a token is neither kept nor found", arguments: [0, 1, 8, 15])
    func short(_ count: Int) {
        let cache = VerifiedTokenCache()
        let token = [UInt8](repeating: 0x41, count: count)
        #expect(self.keep(cache, self.claims(1), token))
        #expect(self.look(cache, token) == nil)
        #expect(cache.statistics.count == 0)
    }

    @Test("A token is found until the second before it expires, and is gone then")
    func expiry() {
        let cache = VerifiedTokenCache()
        self.keep(cache, self.claims(1, expiresAt: 1_000), self.token(1))
        #expect(self.look(cache, self.token(1), now: 999) != nil)
        #expect(self.look(cache, self.token(1), now: 1_000) == nil)
        #expect(cache.statistics.count == 0 && cache.statistics.expirations == 1)
        // The clock may be set back: what is gone stays gone.
        #expect(self.look(cache, self.token(1), now: 0) == nil)
    }

    @Test("A token that has expired already is not kept")
    func keepsNoExpired() {
        let cache = VerifiedTokenCache()
        #expect(self.keep(cache, self.claims(1, expiresAt: 1_000), self.token(1), now: 1_000))
        #expect(cache.statistics.count == 0)
    }

    @Test(
        "The cache never holds more than its capacity, and counts what made room",
        arguments: [1, 7, 8, 100, 1_000, 10_000])
    func bound(_ capacity: Int) {
        let cache = VerifiedTokenCache(capacity: capacity)
        #expect(cache.capacity <= capacity && cache.capacity > capacity * 3 / 4)
        let kept = capacity * 2 + 10
        for number in 0..<kept { self.keep(cache, self.claims(number), self.token(number)) }
        let statistics = cache.statistics
        #expect(statistics.count <= cache.capacity)
        #expect(statistics.count + statistics.evictions == kept)
        #expect(self.look(cache, self.token(kept - 1)) != nil)
    }

    @Test("The token not used for longest makes room")
    func leastRecentlyUsed() {
        let cache = VerifiedTokenCache(capacity: 8)
        for number in 0..<8 { self.keep(cache, self.claims(number), self.token(number)) }
        for number in [0, 2, 3, 4, 5, 6, 7] { #expect(self.look(cache, self.token(number)) != nil) }
        self.keep(cache, self.claims(8), self.token(8))
        #expect(self.look(cache, self.token(1)) == nil)
        #expect(self.look(cache, self.token(0)) != nil)
        #expect(cache.statistics.evictions == 1)
    }

    @Test("An expired token makes room before a valid one")
    func expiredFirst() {
        let cache = VerifiedTokenCache(capacity: 8)
        for number in 0..<8 {
            self.keep(cache, self.claims(number, expiresAt: number == 7 ? 10 : 1_000), self.token(number))
        }
        self.keep(cache, self.claims(8), self.token(8), now: 10)
        for number in 0..<7 { #expect(self.look(cache, self.token(number), now: 10) != nil) }
        #expect(cache.statistics.evictions == 0 && cache.statistics.expirations == 1)
    }

    @Test("Keeping a token again takes no second place")
    func again() {
        let cache = VerifiedTokenCache(capacity: 8)
        for _ in 0..<20 { self.keep(cache, self.claims(1), self.token(1)) }
        #expect(cache.statistics.count == 1 && cache.statistics.evictions == 0)
    }

    @Test("A revoked token is gone, and is refused when it is verified again")
    func revokedToken() {
        let cache = VerifiedTokenCache()
        for number in 0..<3 { self.keep(cache, self.claims(number), self.token(number)) }
        cache.revoke(tokenID: "token 1", expiresAt: 1_000, now: 0)
        #expect(self.look(cache, self.token(1)) == nil)
        #expect(self.look(cache, self.token(0)) != nil && self.look(cache, self.token(2)) != nil)
        #expect(!self.keep(cache, self.claims(1), self.token(1)))
        #expect(self.look(cache, self.token(1)) == nil)
        #expect(cache.isRevoked(self.claims(1)) && !cache.isRevoked(self.claims(0)))
        #expect(cache.statistics.revocations == 1)
    }

    @Test("Revoking a user takes back the tokens issued until then, and no later ones")
    func revokedSubject() {
        let cache = VerifiedTokenCache()
        self.keep(cache, self.claims(1, subject: "a", issuedAt: 100), self.token(1))
        self.keep(cache, self.claims(2, subject: "a", issuedAt: 101), self.token(2))
        self.keep(cache, self.claims(3, subject: "b", issuedAt: 100), self.token(3))
        cache.revoke(subject: "a", issuedThrough: 100, expiresAt: 1_000, now: 100)
        #expect(self.look(cache, self.token(1)) == nil)
        #expect(self.look(cache, self.token(2)) != nil && self.look(cache, self.token(3)) != nil)
        #expect(!self.keep(cache, self.claims(4, subject: "a", issuedAt: 99), self.token(4)))
        #expect(self.keep(cache, self.claims(5, subject: "a", issuedAt: 101), self.token(5)))
        // An earlier revocation does not undo a later one.
        cache.revoke(subject: "a", issuedThrough: 50, expiresAt: 500, now: 100)
        #expect(cache.isRevoked(self.claims(6, subject: "a", issuedAt: 100)))
    }

    @Test("A revocation of what has expired is not remembered")
    func lateRevocation() {
        let cache = VerifiedTokenCache()
        cache.revoke(tokenID: "token 1", expiresAt: 1_000, now: 1_000)
        cache.revoke(subject: "user", issuedThrough: 1_000, expiresAt: 1_000, now: 1_000)
        #expect(cache.statistics.revocations == 0)
    }

    @Test(
        "Revocations are bounded: the expired ones go first, then the ones that expire soonest, and those are counted")
    func revocationsAreBounded() {
        let cache = VerifiedTokenCache(capacity: 8)
        for number in 0..<50_000 {
            cache.revoke(tokenID: "\(number)", expiresAt: number < 10 ? 50 : 1_000 + number, now: 0)
        }
        cache.revoke(tokenID: "one more", expiresAt: 9_999_999, now: 60)
        #expect(cache.statistics.revocationsDropped == 0)
        for number in 0..<10 { cache.revoke(tokenID: "again \(number)", expiresAt: 9_999_999, now: 60) }
        #expect(cache.statistics.revocationsDropped == 1)
        #expect(cache.statistics.revocations == 50_000)
        #expect(!cache.isRevoked(self.claims(with: "10")) && cache.isRevoked(self.claims(with: "11")))
    }

    private func claims(with tokenID: String) -> AccessTokenClaims {
        var claims = self.claims(0)
        claims.tokenID = tokenID
        return claims
    }

    @Test("Forgetting all tokens leaves the revocations")
    func removeAll() {
        let cache = VerifiedTokenCache()
        self.keep(cache, self.claims(1), self.token(1))
        cache.revoke(tokenID: "token 2", expiresAt: 1_000, now: 0)
        cache.removeAll()
        #expect(self.look(cache, self.token(1)) == nil)
        #expect(cache.statistics.count == 0)
        #expect(!self.keep(cache, self.claims(2), self.token(2)))
    }

    @Test("Any value can be kept with a token")
    func otherValues() {
        let cache = TokenCache<String>()
        let token = self.token(1)
        _ = token.withUnsafeBufferPointer { cache.insert("identity", for: $0, claims: self.claims(1), now: 0) }
        #expect(token.withUnsafeBufferPointer { cache.value(for: $0, now: 0) } == "identity")
    }

    @Test("Many threads that look, keep and revoke at once never find a revoked token afterwards")
    func concurrency() async {
        let cache = VerifiedTokenCache(capacity: 256)
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    for round in 0..<500 {
                        let number = (worker * 31 + round) % 64
                        let token = self.token(number)
                        if let found = self.look(cache, token) { #expect(found.tokenID == "token \(number)") }
                        self.keep(cache, self.claims(number), token)
                        if number % 2 == 0, round > 250 {
                            cache.revoke(tokenID: "token \(number)", expiresAt: 1_000, now: 0)
                        }
                    }
                }
            }
        }
        for number in 0..<64 where cache.isRevoked(self.claims(number)) {
            #expect(self.look(cache, self.token(number)) == nil)
        }
        #expect(cache.isRevoked(self.claims(0)))
        #expect(cache.statistics.count <= 256)
    }
}
