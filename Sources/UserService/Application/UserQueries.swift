import Routing

/// Reads accounts.
struct UserQueries: Sendable {
    let users: any UserRepository

    /// - Throws: `UserNotFound`, or what the store throws.
    func user(id: String) async throws -> User {
        guard let user = try await self.users.user(id: id) else { throw UserNotFound() }
        return user
    }

    func page(_ query: UserQuery) async throws -> UserPage { try await self.users.page(query) }
}

struct UserNotFound: UserRefusal {
    var problem: Problem { .notFound("There is no such user.") }
}
