/// When keys sign, when they are published, and when the next one is due. Pure: it looks at instants only, all in
/// microseconds.
///
/// A key is published some time before it signs, so that whoever holds the key set for a few minutes knows it in time,
/// and after its successor has taken over for as long as a token signed with it may live.
struct SigningKeySchedule: Sendable {
    /// How long a key signs before the next one takes over.
    let rotation: Int
    /// How long before that the next one is published.
    let publicationLead: Int
    /// How long a key stays published after its last signature.
    let overlap: Int

    static let publicationLead = 10 * 60 * 1_000_000
    /// The longest an access token may live, whatever is set now, and a minute for clocks that disagree.
    static let overlap = UserConfig.accessTokenLifetimeMax.microseconds + 60 * 1_000_000

    init(
        rotation: Int, publicationLead: Int = SigningKeySchedule.publicationLead,
        overlap: Int = SigningKeySchedule.overlap
    ) {
        self.rotation = rotation
        self.publicationLead = min(publicationLead, rotation / 2)
        self.overlap = overlap
    }

    /// The instant from which a new key should sign, if one is due now.
    /// - Parameter signsFrom: of all keys, ascending.
    func successorDue(_ signsFrom: [Int], now: Int) -> Int? {
        guard let newest = signsFrom.last else { return now }
        guard now >= newest + self.rotation - self.publicationLead else { return nil }
        return now + self.publicationLead
    }

    /// Which key signs: the newest whose time has come. Before that, which takes a clock set back, the first one.
    func signer(_ signsFrom: [Int], now: Int) -> Int? {
        signsFrom.isEmpty ? nil : signsFrom.lastIndex { $0 <= now } ?? 0
    }

    /// Which keys have signed nothing that could still be valid: those whose successor took over long enough ago.
    func retired(_ signsFrom: [Int], now: Int) -> Range<Int> {
        guard let signer = self.signer(signsFrom, now: now) else { return 0..<0 }
        var end = 0
        while end < signer && signsFrom[end + 1] + self.overlap <= now { end += 1 }
        return 0..<end
    }
}
