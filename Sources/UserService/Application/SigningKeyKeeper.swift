import NetworkIO
import Security
import Telemetry

/// Keeps the ring in step with the store: takes over keys that other processes made, makes the next one when it is due,
/// removes those that nothing valid was signed with.
struct SigningKeyKeeper: Sendable {
    let repository: any SigningKeyRepository
    let ring: SigningKeyRing
    let schedule: SigningKeySchedule
    let blocking: BlockingExecutor
    let telemetry: Telemetry

    /// One round. The first one makes the first key, about a tenth of a second of work.
    func refresh(now: Int) async throws {
        var stored = try await self.repository.all()
        if let due = self.schedule.successorDue(stored.map(\.signsFrom), now: now) {
            try await self.add(after: stored.last?.id, signsFrom: due, now: now)
            stored = try await self.repository.all()
        }
        let retired = stored[self.schedule.retired(stored.map(\.signsFrom), now: now)].map(\.id)
        if !retired.isEmpty {
            try await self.repository.remove(ids: retired)
            for id in retired { self.telemetry.log.info("signing key retired", [.keyID(id)]) }
            stored.removeFirst(retired.count)
        }
        guard stored.map(\.id) != self.ring.ids else { return }
        self.ring.replace(try await self.load(stored))
    }

    private func add(after newest: String?, signsFrom: Int, now: Int) async throws {
        let key = try await self.blocking.run { try SigningKey.generate() }
        let stored = StoredSigningKey(id: key.keyID, pem: try key.pem, createdAt: now, signsFrom: signsFrom)
        if try await self.repository.insert(stored, after: newest) {
            self.telemetry.log.info("signing key created", [.keyID(stored.id)])
        }
    }

    private func load(_ stored: [StoredSigningKey]) async throws -> [SigningKeyRing.HeldKey] {
        try await self.blocking.run {
            try stored.map { SigningKeyRing.HeldKey(key: try SigningKey(pem: $0.pem), signsFrom: $0.signsFrom) }
        }
    }
}
