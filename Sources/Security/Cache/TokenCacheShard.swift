import Synchronization

/// A part of the cache behind a lock of its own: sets of a few places each, found by hash.
final class TokenCacheShard: Sendable {
    private let places: Mutex<TokenCachePlaces>

    init(sets: Int, ways: Int) {
        self.places = Mutex(TokenCachePlaces(sets: sets, ways: ways))
    }

    func entry(for token: UnsafeBufferPointer<UInt8>, hash: UInt64, now: Int) -> CachedToken? {
        guard let candidate = self.places.withLock({ $0.find(hash, now: now) }) else { return nil }
        // Compared outside of the lock, which is then held for a few nanoseconds only.
        if unsafe candidate.isFor(token) { return candidate }
        self.places.withLock { $0.noteMismatch() }
        return nil
    }

    func insert(_ entry: CachedToken, hash: UInt64, now: Int) {
        // What falls out is freed after the lock is released.
        let displaced = self.places.withLock { $0.insert(entry, hash: hash, now: now) }
        withExtendedLifetime(displaced) {}
    }

    func remove(where isGone: (CachedToken) -> Bool) {
        let removed = self.places.withLock { $0.remove(where: isGone) }
        withExtendedLifetime(removed) {}
    }

    var statistics: TokenCacheStatistics { self.places.withLock { $0.statistics } }
}

/// The state behind the lock. Memory for the places is taken at the first insertion.
struct TokenCachePlaces {
    private let sets: Int
    private let ways: Int
    /// Per place: the hash, zero when it is free.
    private var hashes: [UInt64] = []
    /// Per place: the tick of its last use.
    private var lastUses: [UInt64] = []
    private var entries: [CachedToken?] = []
    private var tick: UInt64 = 0
    private(set) var statistics = TokenCacheStatistics()

    init(sets: Int, ways: Int) {
        self.sets = sets
        self.ways = ways
    }

    /// The entry with this hash, which is to be compared before it is believed.
    mutating func find(_ hash: UInt64, now: Int) -> CachedToken? {
        if let place = self.place(of: hash), let entry = self.entries[place] {
            if entry.expiresAt > now {
                self.tick += 1
                self.lastUses[place] = self.tick
                self.statistics.hits += 1
                return entry
            }
            self.statistics.expirations += 1
            self.free(place)
        }
        self.statistics.misses += 1
        return nil
    }

    /// Corrects the count of `find` for an entry that turned out to be another token's.
    mutating func noteMismatch() {
        self.statistics.hits -= 1
        self.statistics.misses += 1
    }

    /// - Returns: the entry that had the place before.
    mutating func insert(_ entry: CachedToken, hash: UInt64, now: Int) -> CachedToken? {
        self.allocate()
        let place = self.place(for: entry, hash: hash, now: now)
        let displaced = self.entries[place]
        if let displaced {
            self.note(displaced, replacedBy: entry, now: now)
        } else {
            self.statistics.count += 1
        }
        self.tick += 1
        self.hashes[place] = hash
        self.lastUses[place] = self.tick
        self.entries[place] = entry
        return displaced
    }

    /// - Returns: what was removed.
    mutating func remove(where isGone: (CachedToken) -> Bool) -> [CachedToken] {
        var removed: [CachedToken] = []
        for place in self.entries.indices {
            guard let entry = self.entries[place], isGone(entry) else { continue }
            removed.append(entry)
            self.free(place)
        }
        return removed
    }
}

extension TokenCachePlaces {
    private func places(of hash: UInt64) -> Range<Int> {
        let first = Int(truncatingIfNeeded: hash.multipliedFullWidth(by: UInt64(self.sets)).high) * self.ways
        return first..<(first + self.ways)
    }

    private func place(of hash: UInt64) -> Int? {
        guard !self.hashes.isEmpty else { return nil }
        for place in self.places(of: hash) where self.hashes[place] == hash { return place }
        return nil
    }

    /// Where `entry` goes: over the entry with its hash, a free place, an expired one, or the one not used for longest.
    private func place(for entry: CachedToken, hash: UInt64, now: Int) -> Int {
        let places = self.places(of: hash)
        var best = places.lowerBound
        var bestRank = UInt64.max
        for place in places {
            if self.hashes[place] == hash { return place }
            let rank = self.entries[place].map { $0.expiresAt > now ? self.lastUses[place] : 0 } ?? 0
            if rank < bestRank { (best, bestRank) = (place, rank) }
        }
        return best
    }

    private mutating func note(_ displaced: CachedToken, replacedBy entry: CachedToken, now: Int) {
        if displaced.expiresAt <= now {
            self.statistics.expirations += 1
        } else if displaced.tokenID != entry.tokenID {
            self.statistics.evictions += 1
        }
    }

    private mutating func free(_ place: Int) {
        self.hashes[place] = 0
        self.entries[place] = nil
        self.statistics.count -= 1
    }

    private mutating func allocate() {
        guard self.hashes.isEmpty else { return }
        self.hashes = [UInt64](repeating: 0, count: self.sets * self.ways)
        self.lastUses = self.hashes
        self.entries = [CachedToken?](repeating: nil, count: self.sets * self.ways)
    }
}
