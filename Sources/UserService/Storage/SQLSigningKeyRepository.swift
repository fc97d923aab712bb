import Persistence
import SQLite

/// Signing keys in SQLite. The file is readable by its owner only, as a key file would be.
struct SQLSigningKeyRepository: SigningKeyRepository {
    let database: Database

    func all() async throws -> [StoredSigningKey] {
        try await self.database.read(onLoop: UserOperations.selectSigningKeys) { connection in
            try connection.all("SELECT id, pem, created_at, signs_from FROM signing_keys ORDER BY signs_from") { row in
                StoredSigningKey(id: row.text(0), pem: row.text(1), createdAt: row.int(2), signsFrom: row.int(3))
            }
        }
    }

    func insert(_ key: StoredSigningKey, after newest: String?) async throws -> Bool {
        try await self.database.write(UserOperations.insertSigningKey) { connection in
            let present = try connection.first("SELECT id FROM signing_keys ORDER BY signs_from DESC LIMIT 1") { row in
                row.text(0)
            }
            guard present == newest else { return false }
            try connection.run(
                "INSERT INTO signing_keys (id, pem, created_at, signs_from) VALUES (?, ?, ?, ?)", .text(key.id),
                .text(key.pem), .integer(key.createdAt), .integer(key.signsFrom))
            return true
        }
    }

    func remove(ids: [String]) async throws {
        try await self.database.write(UserOperations.deleteSigningKeys) { connection in
            for id in ids { try connection.run("DELETE FROM signing_keys WHERE id = ?", .text(id)) }
        }
    }
}
