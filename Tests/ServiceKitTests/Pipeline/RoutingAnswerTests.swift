import HTTPCore
import JSON
import Routing
import Testing

@Suite("Requests that no route answers")
struct RoutingAnswerTests {
    private let fixture = PipelineFixture {
        $0.get("/things/{id}") { _, _ in HTTPResponse(.ok, body: .bytes([0x78])) }
        $0.delete("/things/{id}", access: .admin) { _, _ in HTTPResponse(.noContent) }
    }

    @Test("An unknown path is 404, whatever the method", arguments: [HTTPMethod.get, .post, .options, .head])
    func notFound(method: HTTPMethod) async throws {
        for path in ["/", "/things", "/things/", "/things/7/", "//things/7", "/THINGS/7", "*"] {
            let response = await self.fixture.send(method, path)
            #expect(response.status == .notFound)
            #expect(response.fields[.contentType] == "application/problem+json")
        }
    }

    @Test("A long path is not sent back whole")
    func longPath() async throws {
        let response = await self.fixture.send(.get, "/" + String(repeating: "x", count: 5_000))
        let detail = try await response.object()["detail"]?.string ?? ""
        #expect(detail.utf8.count < 300)
    }

    @Test(
        "A known path with another method is 405 and says which would do", arguments: [HTTPMethod.put, .other("BREW")])
    func methodNotAllowed(method: HTTPMethod) async throws {
        let response = await self.fixture.send(method, "/things/7")
        #expect(response.status == .methodNotAllowed)
        #expect(response.fields[.allow] == "GET, DELETE, HEAD")
    }

    @Test("OPTIONS on a known path says what is allowed, to anyone")
    func options() async {
        let response = await self.fixture.send(.options, "/things/7")
        #expect(response.status == .noContent)
        #expect(response.fields[.allow] == "GET, DELETE, HEAD")
        #expect(response.body.length == 0)
    }

    @Test("HEAD is answered by the GET route, and by no other")
    func head() async {
        #expect(await self.fixture.send(.head, "/things/7").status == .ok)
        let fixture = PipelineFixture { $0.post("/things") { _, _ in HTTPResponse(.created) } }
        #expect(await fixture.send(.head, "/things").status == .methodNotAllowed)
    }
}
