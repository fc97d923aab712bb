/// What a token cache has done since it was made.
public struct TokenCacheStatistics: Sendable, Hashable {
    /// Tokens held now.
    public internal(set) var count = 0
    public internal(set) var hits = 0
    public internal(set) var misses = 0
    /// Tokens that made room for others before they expired.
    public internal(set) var evictions = 0
    /// Tokens dropped because their time was over.
    public internal(set) var expirations = 0
    /// Revocations held now.
    public internal(set) var revocations = 0
    /// Revocations forgotten before their time because there were too many: each is a token that may be accepted again.
    public internal(set) var revocationsDropped = 0

    mutating func add(_ other: TokenCacheStatistics) {
        self.count += other.count
        self.hits += other.hits
        self.misses += other.misses
        self.evictions += other.evictions
        self.expirations += other.expirations
    }
}
