import Persistence
import SQLite

/// Refresh tokens in SQLite.
struct SQLSessionRepository: SessionRepository {
    /// Spent tokens of a family that are remembered, newest first: more than a refresh every 15 minutes makes in 30
    /// days. The second use of an older one is an unknown token.
    static let spentMax = 3_000

    let database: Database

    func begin(_ session: NewSession, liveMax: Int, now: Int) async throws -> Int {
        try await self.database.write(UserOperations.insertToken) { connection in
            let user = SQLiteValue.text(session.userID)
            try connection.run("DELETE FROM token_families WHERE user_id = ? AND expires_at <= ?", user, .integer(now))
            let ended = try connection.run(
                """
                DELETE FROM token_families WHERE id IN (
                    SELECT id FROM token_families WHERE user_id = ?
                    ORDER BY created_at DESC, id DESC LIMIT -1 OFFSET ?)
                """, user, .integer(liveMax - 1))
            try connection.run(
                "INSERT INTO token_families (id, user_id, generation, created_at, expires_at) VALUES (?, ?, 0, ?, ?)",
                .text(session.familyID), user, .integer(now), .integer(session.expiresAt))
            try Self.insertToken(
                session.digest, family: session.familyID, generation: 0, expiresAt: session.expiresAt, connection)
            return ended
        }
    }

    func grant(_ digest: RefreshTokenDigest, now: Int) async throws -> RefreshGrant? {
        try await self.database.read(onLoop: UserOperations.selectTokens) { connection in
            try connection.first(
                """
                SELECT u.id, u.email, u.name, u.first_name, u.last_name, u.role, u.created_at, u.updated_at,
                    t.generation = f.generation AND t.expires_at > ?2
                FROM refresh_tokens t JOIN token_families f ON f.id = t.family_id JOIN users u ON u.id = f.user_id
                WHERE t.digest = ?1
                """, [.blob(digest.bytes), .integer(now)]
            ) { row in RefreshGrant(user: try SQLUserRepository.read(row), isGood: row.bool(8)) }
        }
    }

    func rotate(
        _ digest: RefreshTokenDigest, to successor: RefreshTokenDigest, expiresAt: Int, now: Int
    ) async throws -> RotationOutcome {
        // An outcome, not an error: an error would undo the end of the family.
        try await self.database.write(UserOperations.updateTokens) { connection in
            guard let token = try Self.find(digest, connection) else { return .unknown }
            guard token.isNewest else {
                try connection.run("DELETE FROM token_families WHERE id = ?", .text(token.familyID))
                return .reused(userID: token.userID, familyID: token.familyID)
            }
            guard token.expiresAt > now else { return .expired }
            let generation = token.generation + 1
            try connection.run(
                "UPDATE token_families SET generation = ?, expires_at = ? WHERE id = ?", .integer(generation),
                .integer(expiresAt), .text(token.familyID))
            try Self.insertToken(
                successor, family: token.familyID, generation: generation, expiresAt: expiresAt, connection)
            try connection.run(
                "DELETE FROM refresh_tokens WHERE family_id = ? AND generation < ?", .text(token.familyID),
                .integer(generation - Self.spentMax))
            return .rotated
        }
    }

    func end(_ digest: RefreshTokenDigest, userID: String) async throws -> Bool {
        try await self.database.write(UserOperations.deleteTokens) { connection in
            try connection.run(
                """
                DELETE FROM token_families WHERE user_id = ?
                    AND id = (SELECT family_id FROM refresh_tokens WHERE digest = ?)
                """, .text(userID), .blob(digest.bytes)) > 0
        }
    }

    func endAll(userID: String) async throws -> Int {
        try await self.database.write(UserOperations.deleteTokens) { connection in
            try connection.run("DELETE FROM token_families WHERE user_id = ?", .text(userID))
        }
    }

    func prune(now: Int, limit: Int) async throws -> Int {
        try await self.database.write(UserOperations.deleteTokens) { connection in
            // Tokens first: those of a family are then few when it goes.
            let tokens = try connection.run(
                """
                DELETE FROM refresh_tokens WHERE digest IN (
                    SELECT digest FROM refresh_tokens WHERE expires_at <= ? LIMIT ?)
                """, .integer(now), .integer(limit))
            let families = try connection.run(
                """
                DELETE FROM token_families WHERE id IN (
                    SELECT f.id FROM token_families f WHERE f.expires_at <= ?
                        AND NOT EXISTS (SELECT 1 FROM refresh_tokens t WHERE t.family_id = f.id) LIMIT ?)
                """, .integer(now), .integer(limit))
            return tokens + families
        }
    }
}

extension SQLSessionRepository {
    private struct StoredToken {
        let familyID: String
        let userID: String
        let generation: Int
        let isNewest: Bool
        let expiresAt: Int
    }

    private static func find(_ digest: RefreshTokenDigest, _ connection: SQLiteConnection) throws -> StoredToken? {
        try connection.first(
            """
            SELECT f.id, f.user_id, t.generation, t.generation = f.generation, t.expires_at
            FROM refresh_tokens t JOIN token_families f ON f.id = t.family_id WHERE t.digest = ?
            """, [.blob(digest.bytes)]
        ) { row in
            StoredToken(
                familyID: row.text(0), userID: row.text(1), generation: row.int(2), isNewest: row.bool(3),
                expiresAt: row.int(4))
        }
    }

    private static func insertToken(
        _ digest: RefreshTokenDigest, family: String, generation: Int, expiresAt: Int, _ connection: SQLiteConnection
    ) throws {
        try connection.run(
            "INSERT INTO refresh_tokens (digest, family_id, generation, expires_at) VALUES (?, ?, ?, ?)",
            .blob(digest.bytes), .text(family), .integer(generation), .integer(expiresAt))
    }
}
