import Persistence
import Routing
import SQLite

/// Accounts in SQLite.
struct SQLUserRepository: UserRepository {
    let database: Database

    func user(id: String) async throws -> User? {
        try await self.database.read(onLoop: UserOperations.selectUsers) { connection in try Self.find(id, connection) }
    }

    func account(email: EmailAddress) async throws -> Account? {
        try await self.database.read(onLoop: UserOperations.selectUsers) { connection in
            try connection.first(
                """
                SELECT id, email, name, first_name, last_name, role, created_at, updated_at, password_hash
                FROM users WHERE email = ?
                """, [.text(email.rawValue)]
            ) { row in Account(user: try Self.read(row), passwordHash: row.text(8)) }
        }
    }

    func insert(_ user: User, passwordHash: String) async throws -> Bool {
        try await self.database.write(UserOperations.insertUser) { connection in
            let changes = try connection.run(
                """
                INSERT INTO users
                    (id, email, name, first_name, last_name, role, password_hash, created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (email) DO NOTHING
                """,
                .text(user.id), .text(user.email.rawValue), .optional(user.name.whole), .optional(user.name.first),
                .optional(user.name.last), .text(user.role.rawValue), .text(passwordHash), .integer(user.createdAt),
                .integer(user.updatedAt))
            return changes == 1
        }
    }

    func update(id: String, _ change: @escaping @Sendable (inout User) -> Void) async throws -> ProfileOutcome {
        try await self.database.write(UserOperations.updateUsers) { connection in
            guard var user = try Self.find(id, connection) else { return .notFound }
            let stored = user
            change(&user)
            if user.email != stored.email, try Self.isTaken(user.email, connection) { return .emailTaken }
            try connection.run(
                """
                UPDATE users SET email = ?, name = ?, first_name = ?, last_name = ?, updated_at = ? WHERE id = ?
                """,
                .text(user.email.rawValue), .optional(user.name.whole), .optional(user.name.first),
                .optional(user.name.last), .integer(user.updatedAt), .text(stored.id))
            return try Self.find(id, connection).map(ProfileOutcome.updated) ?? .notFound
        }
    }

    func setRole(id: String, to role: Role, actor: String, now: Int) async throws -> RoleOutcome {
        try await self.database.write(UserOperations.updateUsers) { connection in
            guard try Self.find(actor, connection)?.role == .admin else { return .actorIsNoAdmin }
            guard let user = try Self.find(id, connection) else { return .notFound }
            if user.role == role { return .unchanged(user) }
            // Checked where it is changed: two admins who demote each other at once still leave one.
            if user.role == .admin, try Self.adminCount(connection) == 1 { return .lastAdmin }
            try connection.run(
                "UPDATE users SET role = ?, updated_at = ? WHERE id = ?", .text(role.rawValue), .integer(now),
                .text(id))
            return try Self.find(id, connection).map { .changed($0, from: user.role) } ?? .notFound
        }
    }

    func replaceHash(id: String, _ old: String, with new: String) async throws {
        try await self.database.write(UserOperations.updateUsers) { connection in
            _ = try connection.run(
                "UPDATE users SET password_hash = ? WHERE id = ? AND password_hash = ?", .text(new), .text(id),
                .text(old))
        }
    }

    func page(_ query: UserQuery) async throws -> UserPage {
        try await self.database.read(UserOperations.selectUsers) { connection in
            let pattern = SQLiteValue.optional(query.text.map(Self.pattern))
            let total = try connection.first(
                """
                SELECT count(*) FROM users
                WHERE ?1 IS NULL OR email LIKE ?1 ESCAPE '\\' OR name LIKE ?1 ESCAPE '\\'
                    OR first_name LIKE ?1 ESCAPE '\\' OR last_name LIKE ?1 ESCAPE '\\'
                """, [pattern]
            ) { $0.int(0) }
            let offset = query.before == nil ? (query.page - 1) * query.limit : 0
            // One more than asked for tells whether there is more.
            var users = try connection.all(
                """
                SELECT id, email, name, first_name, last_name, role, created_at, updated_at FROM users
                WHERE (?2 IS NULL OR id < ?2) AND (?1 IS NULL OR email LIKE ?1 ESCAPE '\\'
                    OR name LIKE ?1 ESCAPE '\\' OR first_name LIKE ?1 ESCAPE '\\' OR last_name LIKE ?1 ESCAPE '\\')
                ORDER BY id DESC LIMIT ?3 OFFSET ?4
                """, [pattern, .optional(query.before), .integer(query.limit + 1), .integer(offset)], Self.read)
            let hasMore = users.count > query.limit
            if hasMore { users.removeLast() }
            return UserPage(users: users, total: total ?? 0, hasMore: hasMore)
        }
    }
}

extension SQLUserRepository {
    private static func find(_ id: String, _ connection: SQLiteConnection) throws -> User? {
        try connection.first(
            """
            SELECT id, email, name, first_name, last_name, role, created_at, updated_at FROM users WHERE id = ?
            """, [.text(id)], Self.read)
    }

    private static func isTaken(_ email: EmailAddress, _ connection: SQLiteConnection) throws -> Bool {
        try connection.first("SELECT 1 FROM users WHERE email = ?", [.text(email.rawValue)]) { _ in true } ?? false
    }

    private static func adminCount(_ connection: SQLiteConnection) throws -> Int {
        try connection.first("SELECT count(*) FROM users WHERE role = 'admin'") { $0.int(0) } ?? 0
    }

    /// Text that LIKE finds anywhere; its own wildcards count as letters.
    private static func pattern(_ text: String) -> String {
        var pattern = "%"
        for character in text {
            if character == "%" || character == "_" || character == "\\" { pattern.append("\\") }
            pattern.append(character)
        }
        return pattern + "%"
    }

    /// Reads columns 0 to 7 in the order of the statements above.
    static func read(_ row: borrowing SQLiteRow) throws -> User {
        let id = row.text(0)
        guard let email = EmailAddress(row.text(1)), let role = Role(rawValue: row.text(5)) else {
            throw UnreadableUser(id: id)
        }
        return User(
            id: id, email: email,
            name: PersonName(whole: row.optionalText(2), first: row.optionalText(3), last: row.optionalText(4)),
            role: role, createdAt: row.int(6), updatedAt: row.int(7))
    }
}

/// A row that this program cannot have written.
struct UnreadableUser: Error, CustomStringConvertible {
    let id: String
    var description: String { "user \(self.id): the stored e-mail address or role is not valid; restore a backup" }
}
