import HTTPCore
import Routing
import Telemetry
import TelemetryTesting
import Testing

@Suite("What a handler learns from its context")
struct RequestContextTests {
    static let template = "/users/{id}/files/{name}"

    /// The context of a request as the pipeline would make it.
    static func context(
        _ path: String, template: String = RequestContextTests.template, identity: Identity? = nil,
        bodyBytesMax: Int? = nil
    ) throws -> RequestContext {
        var table = RouteTable()
        table.get(template, bodyBytesMax: bodyBytesMax) { _, _ in .noContent }
        let request = HTTPRequest(.get, path)
        guard case .found(let route, let parameters) = Router(table).match(.get, request.path) else {
            throw NoRoute(path: path)
        }
        let telemetry = TestTelemetry()
        return RequestContext(
            route: route, parameters: parameters, request: request, identity: identity, telemetry: telemetry.telemetry,
            span: telemetry.tracer.startSpan("test"), deadline: .distantFuture)
    }

    struct NoRoute: Error { let path: String }

    private static let customer = "0190c0de-0000-7000-8000-0000000000aa"
    private static func identity(_ roles: Set<Role>) -> Identity {
        Identity(userID: customer, roles: roles, token: "t")
    }

    @Test(
        "Path parameters are percent-decoded, each by its name",
        arguments: [
            ("a", "b", "a", "b"), ("caf%C3%A9", "a%20b", "café", "a b"), ("%2E%2E", "a%2Fb", "..", "a/b"),
            ("a+b", "%2B", "a+b", "+"), ("%00", "%25", "\0", "%"), ("a:b@c", "d;e=f", "a:b@c", "d;e=f"),
        ])
    func decodes(first: String, second: String, id: String, name: String) throws {
        let context = try Self.context("/users/\(first)/files/\(second)?id=other")
        #expect(try context.parameter("id") == id)
        #expect(try context.parameter("name") == name)
        #expect(context.query["id"] == "other")
    }

    @Test("A parameter that is not UTF-8 once decoded is refused", arguments: ["%FF", "%C3", "%C0%80", "%ED%A0%80"])
    func refusesInvalidText(text: String) throws {
        let context = try Self.context("/users/\(text)/files/x")
        let problem = #expect(throws: Problem.self) { try context.parameter("id") }
        #expect(problem?.status == .badRequest)
    }

    @Test(
        "An id is a UUID in lower case",
        arguments: [
            "0190C0DE-0000-7000-8000-0000000000AA", "0190c0de-0000-7000-8000-0000000000aa",
            "%30190c0de-0000-7000-8000-0000000000aa",
        ])
    func readsIDs(text: String) throws {
        #expect(try Self.context("/users/\(text)/files/x").id("id") == Self.customer)
    }

    @Test(
        "What is no UUID names nothing",
        arguments: [
            "7", "0190c0de-0000-7000-8000-0000000000a", "0190c0de-0000-7000-8000-0000000000aaa",
            "0190c0de00000-7000-8000-0000000000aa", "0190c0de-0000-7000-8000-0000000000ag",
            "{190c0de-0000-7000-8000-0000000000a}", "0190c0de-0000-7000-8000-000000000-aa", "me",
        ])
    func refusesIDs(text: String) throws {
        let context = try Self.context("/users/\(text)/files/x")
        let problem = #expect(throws: Problem.self) { try context.id("id") }
        #expect(problem?.status == .notFound)
    }

    @Test("Strangers are asked for a token, others for a role or for what is theirs")
    func checksIdentity() throws {
        let stranger = try Self.context("/users/a/files/b")
        let customer = try Self.context("/users/a/files/b", identity: Self.identity([.customer]))
        let admin = try Self.context("/users/a/files/b", identity: Self.identity([.customer, .admin]))

        func status(_ body: () throws -> Identity) -> HTTPStatus? {
            do {
                _ = try body()
                return nil
            } catch {
                return (error as? Problem)?.status
            }
        }
        #expect(status { try stranger.requireIdentity() } == .unauthorized)
        #expect(status { try stranger.require(.admin) } == .unauthorized)
        #expect(status { try stranger.requireSelfOrAdmin(Self.customer) } == .unauthorized)
        #expect(status { try customer.requireIdentity() } == nil)
        #expect(status { try customer.require(.admin) } == .forbidden)
        #expect(status { try customer.require(.customer) } == nil)
        #expect(status { try customer.requireSelfOrAdmin(Self.customer) } == nil)
        #expect(status { try customer.requireSelfOrAdmin("somebody else") } == .forbidden)
        #expect(status { try admin.require(.admin) } == nil)
        #expect(status { try admin.requireSelfOrAdmin("somebody else") } == nil)
    }
}
