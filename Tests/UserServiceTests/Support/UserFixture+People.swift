import HTTPCore
import Routing
import Testing

@testable import UserService

/// Somebody signed in.
struct Person: Sendable {
    let id: String
    let email: String
    let password: String
    let token: String
    let refreshToken: String
}

extension UserFixture {
    func register(_ email: String, password: String = "correct-horse") async -> Answer {
        await self.send(.post, "/api/v1/auth/register", #"{"email":"\#(email)","password":"\#(password)"}"#)
    }

    func logIn(
        _ email: String, password: String = "correct-horse", from address: String = "192.0.2.1"
    ) async -> Answer {
        await self.send(
            .post, "/api/v1/auth/login", #"{"email":"\#(email)","password":"\#(password)"}"#, from: address)
    }

    func refresh(_ token: String) async -> Answer {
        await self.send(.post, "/api/v1/auth/refresh", #"{"refresh_token":"\#(token)"}"#)
    }

    /// Registers somebody and signs them in.
    func person(_ email: String = "ada@example.com") async throws -> Person {
        let registered = await self.register(email)
        try #require(registered.status == 201, "\(registered.text)")
        return try await self.signedIn(email)
    }

    func signedIn(_ email: String, password: String = "correct-horse") async throws -> Person {
        let answer = await self.logIn(email, password: password)
        try #require(answer.status == 200, "\(answer.text)")
        return Person(
            id: answer["user"].at("id").text ?? "", email: email, password: password,
            token: answer.string("access_token"), refreshToken: answer.string("refresh_token"))
    }

    /// An admin, seeded as the first one of an installation is.
    func admin(_ email: String = "root@example.com") async throws -> Person {
        _ = try await UserSeed([.init(email: email, password: "admin-password", role: .admin)]).run(self.platform)
        return try await self.signedIn(email, password: "admin-password")
    }
}
