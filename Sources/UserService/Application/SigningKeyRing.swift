import Security
import Synchronization

/// The keys of this moment: one signs, all are published.
final class SigningKeyRing: Sendable {
    struct HeldKey: Sendable {
        let key: SigningKey
        let signsFrom: Int
    }

    private struct State: Sendable {
        var keys: [HeldKey] = []
        var published = JWKSet(keys: [])
        var document: [UInt8] = []
    }
    private let state = Mutex(State())
    private let schedule: SigningKeySchedule

    init(schedule: SigningKeySchedule) { self.schedule = schedule }

    /// Takes over what is stored, oldest first.
    func replace(_ keys: [HeldKey]) {
        let published = JWKSet(keys: keys.map(\.key.publicJWK))
        let document = published.json()
        self.state.withLock { $0 = State(keys: keys, published: published, document: document) }
    }

    /// The key that signs now; nil before the first `replace`.
    func signer(now: Int) -> SigningKey? {
        self.state.withLock { state in
            self.schedule.signer(state.keys.map(\.signsFrom), now: now).map { state.keys[$0].key }
        }
    }

    /// What tokens are verified with.
    var published: JWKSet { self.state.withLock { $0.published } }

    /// The published keys as JSON (RFC 7517, section 5).
    var document: [UInt8] { self.state.withLock { $0.document } }

    var ids: [String] { self.state.withLock { $0.keys.map(\.key.keyID) } }

    var count: Int { self.state.withLock { $0.keys.count } }
}
