import Synchronization

/// What was taken back and would otherwise still be valid. Bounded; what has expired is forgotten first.
final class RevocationList: Sendable {
    private struct State {
        /// Token id → when it expires.
        var tokens: [String: Int] = [:]
        /// User → tokens issued up to when, and when the last of them expires.
        var subjects: [String: (issuedThrough: Int, expiresAt: Int)] = [:]
        var dropped = 0
    }
    private let state = Mutex(State())

    /// How many tokens, and how many users, are remembered at most.
    static let entriesMax = 50_000

    func add(tokenID: String, expiresAt: Int, now: Int) {
        guard expiresAt > now else { return }
        self.state.withLock { state in
            if state.tokens.count >= Self.entriesMax {
                state.tokens = state.tokens.filter { $0.value > now }
                state.dropped += Self.makeRoom(in: &state.tokens) { $0 }
            }
            state.tokens[tokenID] = max(expiresAt, state.tokens[tokenID] ?? 0)
        }
    }

    func add(subject: String, issuedThrough issuedAt: Int, expiresAt: Int, now: Int) {
        guard expiresAt > now else { return }
        self.state.withLock { state in
            if state.subjects.count >= Self.entriesMax {
                state.subjects = state.subjects.filter { $0.value.expiresAt > now }
                state.dropped += Self.makeRoom(in: &state.subjects) { $0.expiresAt }
            }
            let known = state.subjects[subject]
            state.subjects[subject] = (
                max(issuedAt, known?.issuedThrough ?? .min), max(expiresAt, known?.expiresAt ?? 0)
            )
        }
    }

    func contains(_ claims: AccessTokenClaims) -> Bool {
        self.state.withLock { state in
            if state.tokens[claims.tokenID] != nil { return true }
            guard let subject = state.subjects[claims.subject] else { return false }
            return claims.issuedAt <= subject.issuedThrough
        }
    }

    var counts: (held: Int, dropped: Int) {
        self.state.withLock { ($0.tokens.count + $0.subjects.count, $0.dropped) }
    }

    /// Drops the entry that expires soonest when there is still no room.
    ///
    /// - Returns: how many were dropped: 0 or 1.
    private static func makeRoom<Entry>(in entries: inout [String: Entry], _ expiresAt: (Entry) -> Int) -> Int {
        guard entries.count >= self.entriesMax,
            let soonest = entries.min(by: { expiresAt($0.value) < expiresAt($1.value) })
        else { return 0 }
        entries[soonest.key] = nil
        return 1
    }
}
