import HTTPCore
import JSON
import TelemetryTesting
import Testing

@testable import UserService

@Suite("POST /api/v1/auth/register")
struct RegistrationTests {
    @Test("Creates a customer and shows them without anything secret")
    func creates() async throws {
        try await UserFixture.run { shop async throws in
            let answer = await shop.send(
                .post, "/api/v1/auth/register",
                #"{"email":" Ada@Example.COM ","password":"correct-horse","first_name":"Ada","last_name":"Byron"}"#)
            #expect(answer.status == 201)
            #expect(answer.string("email") == "ada@example.com")
            #expect(answer.string("name") == "Ada Byron")
            #expect(answer.string("first_name") == "Ada")
            #expect(answer.string("last_name") == "Byron")
            #expect(answer.string("role") == "customer")
            #expect(answer.string("created_at") == "2026-01-02T03:04:05.000000Z")
            #expect(answer.fields[.location] == "/api/v1/users/\(answer.string("id"))")
            #expect(answer.fields[.cacheControl] == "no-store")
            #expect(!answer.text.contains("horse") && !answer.text.contains("$2b$") && !answer.text.contains("hash"))
        }
    }

    @Test(
        "Takes a name in one piece, in two, or none",
        arguments: [
            ("", nil, nil, nil),
            (#","name":"Ada Byron""#, "Ada Byron", nil, nil),
            (#","name":"","first_name":null"#, nil, nil, nil),
            (#","first_name":"Ada""#, "Ada", "Ada", nil),
            (#","name":"Countess","first_name":"Ada","last_name":"King""#, "Countess", "Ada", "King"),
        ] as [(String, String?, String?, String?)])
    func names(_ fields: String, _ name: String?, _ first: String?, _ last: String?) async throws {
        try await UserFixture.run { shop async throws in
            let answer = await shop.send(
                .post, "/api/v1/auth/register", #"{"email":"ada@example.com","password":"correct-horse"\#(fields)}"#)
            #expect(answer.status == 201)
            #expect(answer["name"] == name.map { .string($0) } ?? .null)
            #expect(answer["first_name"] == first.map { .string($0) } ?? .null)
            #expect(answer["last_name"] == last.map { .string($0) } ?? .null)
        }
    }

    @Test("Cannot make an admin")
    func noEscalation() async throws {
        try await UserFixture.run { shop async throws in
            let answer = await shop.send(
                .post, "/api/v1/auth/register",
                #"{"email":"eve@example.com","password":"correct-horse","role":"admin","roles":["admin"],"id":"1"}"#)
            #expect(answer.status == 201)
            #expect(answer.string("role") == "customer")
            let list = await shop.send(.get, "/api/v1/users", token: try await shop.signedIn("eve@example.com").token)
            #expect(list.status == 403)
        }
    }

    @Test(
        "Names every field at fault",
        arguments: [
            ("{}", 422, ["email", "password"]),
            (#"{"email":"ada","password":"short"}"#, 422, ["email", "password"]),
            (#"{"email":"ada@example.com","password":"1234567"}"#, 422, ["password"]),
            (#"{"email":"ada@example.com","password":"12345678\u0000"}"#, 422, ["password"]),
            (#"{"email":"","password":"correct-horse"}"#, 422, ["email"]),
            (#"{"email":1,"password":true}"#, 400, ["email", "password"]),
            (#"{"email":null,"password":"correct-horse"}"#, 422, ["email"]),
            (#"{"email":"a@b.co","password":"correct-horse","name":7}"#, 400, ["name"]),
            (#"{"email":"a@b.co","password":"correct-horse","name":"a\u0007b"}"#, 422, ["name"]),
            ("[]", 400, []), ("", 400, []), (#"{"email":"#, 400, []),
        ] as [(String, Int, [String])])
    func invalid(_ body: String, _ status: Int, _ errors: [String]) async throws {
        try await UserFixture.run { shop async throws in
            let answer = await shop.send(.post, "/api/v1/auth/register", body)
            #expect(answer.status == status)
            #expect(answer.errorFields == errors)
            #expect(answer.fields[.contentType] == "application/problem+json")
        }
    }

    @Test("Refuses a password of 73 bytes and a name of 201 letters")
    func tooLong() async throws {
        try await UserFixture.run { shop async throws in
            let password = String(repeating: "p", count: 73)
            let name = String(repeating: "n", count: 201)
            let answer = await shop.send(
                .post, "/api/v1/auth/register",
                #"{"email":"ada@example.com","password":"\#(password)","name":"\#(name)"}"#)
            #expect(answer.status == 422)
            #expect(answer.errorFields == ["password", "name"])
            let body = String(repeating: " ", count: 17 << 10) + "{}"
            #expect(await shop.send(.post, "/api/v1/auth/register", body).status == 413)
        }
    }

    @Test("An address counts as taken however it is written")
    func taken() async throws {
        try await UserFixture.run { shop async throws in
            #expect(await shop.register("ada@example.com").status == 201)
            let answer = await shop.register(" ADA@example.com")
            #expect(answer.status == 409)
            #expect(answer.string("type") == "/problems/email-taken")
            #expect(!answer.text.contains("ada@"))
        }
    }

    @Test("Of many registrations of one address at once, exactly one succeeds")
    func concurrent() async throws {
        try await UserFixture.run { shop async throws in
            let statuses = await withTaskGroup(of: Int.self) { group in
                for _ in 0..<16 { group.addTask { await shop.register("ada@example.com").status } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 201 }.count == 1)
            #expect(statuses.filter { $0 == 409 }.count == 15)
            #expect(try shop.telemetry.value("shop_users_registered_total") == 1)
        }
    }
}
