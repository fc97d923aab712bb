import HTTPCore
import Routing
import ServiceKit
import Telemetry
import TelemetryTesting
import Testing

@Suite("Who may call")
struct AccessTests {
    private static let path: [Access: String] = [.anyone: "/open", .authenticated: "/mine", .admin: "/admin"]

    private func fixture(internalToken: String? = nil, authenticated: Bool = true) -> PipelineFixture {
        func declare(_ routes: inout RouteTable) {
            for (access, path) in Self.path {
                routes.get(path, access: access) { _, context in
                    var fields = HTTPFields()
                    fields.append(.location, context.identity?.userID ?? "stranger")
                    return HTTPResponse(.ok, fields: fields)
                }
            }
        }
        return authenticated
            ? PipelineFixture(internalToken: internalToken, declare)
            : PipelineFixture(internalToken: internalToken, authenticator: nil, declare)
    }

    private func bearer(_ token: String) -> HTTPFields { [.authorization: "Bearer \(token)"] }

    // MARK: Users

    @Test("Without a token only open routes answer; the others say how to authenticate")
    func strangers() async {
        let fixture = self.fixture()
        let open = await fixture.send(.get, "/open")
        #expect(open.status == .ok)
        #expect(open.fields[.location] == "stranger")
        for path in ["/mine", "/admin"] {
            let response = await fixture.send(.get, path)
            #expect(response.status == .unauthorized)
            #expect(response.fields[.wwwAuthenticate] == "Bearer realm=\"vitrine\"")
        }
    }

    @Test("A customer reaches what needs a user, and is refused what needs an admin")
    func customers() async {
        let fixture = self.fixture()
        for path in ["/open", "/mine"] {
            let response = await fixture.send(.get, path, self.bearer("customer"))
            #expect(response.status == .ok)
            #expect(response.fields[.location] == PipelineFixture.customer.userID)
        }
        let refused = await fixture.send(.get, "/admin", self.bearer("customer"))
        #expect(refused.status == .forbidden)
        #expect(refused.fields[.wwwAuthenticate] == nil)
    }

    @Test("An admin reaches everything", arguments: ["/open", "/mine", "/admin"])
    func admins(path: String) async {
        #expect(await self.fixture().send(.get, path, self.bearer("admin")).status == .ok)
    }

    @Test("A bad token counts as none where strangers are welcome, and as an error elsewhere")
    func badTokens() async {
        let fixture = self.fixture()
        let open = await fixture.send(.get, "/open", self.bearer("forged"))
        #expect(open.status == .ok)
        #expect(open.fields[.location] == "stranger")
        for path in ["/mine", "/admin"] {
            let response = await fixture.send(.get, path, self.bearer("forged"))
            #expect(response.status == .unauthorized)
            #expect(response.fields[.wwwAuthenticate]?.contains("error=\"invalid_token\"") == true)
        }
    }

    @Test("On a listener that knows no users, every caller is a stranger")
    func withoutAuthenticator() async {
        let fixture = self.fixture(authenticated: false)
        #expect(await fixture.send(.get, "/open", self.bearer("admin")).fields[.location] == "stranger")
        #expect(await fixture.send(.get, "/mine", self.bearer("admin")).status == .unauthorized)
    }

    // MARK: The platform's own processes

    @Test("With an internal token set, a call without it or with another is refused, whatever else it carries")
    func internalToken() async {
        let fixture = self.fixture(internalToken: PipelineFixture.internalToken)
        let wrong: [HTTPFields] = [
            [:], [.xInternalToken: ""], [.xInternalToken: "wrong"],
            [.xInternalToken: String(PipelineFixture.internalToken.dropLast())],
            [.xInternalToken: PipelineFixture.internalToken + "x"],
            [.xInternalToken: PipelineFixture.internalToken.uppercased()],
        ]
        for var fields in wrong {
            fields.append(.authorization, "Bearer admin")
            for path in ["/open", "/mine", "/admin", "/nowhere"] {
                #expect(await fixture.send(.get, path, fields).status == .forbidden)
                #expect(await fixture.send(.options, path, fields).status == .forbidden)
            }
        }
        let right: HTTPFields = [.xInternalToken: PipelineFixture.internalToken]
        #expect(await fixture.send(.get, "/open", right).status == .ok)
        #expect(await fixture.send(.get, "/mine", right).status == .unauthorized)
        #expect(await fixture.send(.get, "/nowhere", right).status == .notFound)
    }

    @Test("The refusal tells nothing of the token, and the refused call is observed")
    func refusalIsObserved() async throws {
        let fixture = self.fixture(internalToken: PipelineFixture.internalToken)
        let response = await fixture.send(.get, "/open", [.xInternalToken: "wrong-guess"])
        let body = String(decoding: try await response.body.collect(upTo: 1 << 16), as: UTF8.self)
        #expect(!body.contains(PipelineFixture.internalToken) && !body.contains("wrong-guess"))
        #expect(try fixture.span["http.response.status_code"] == .int(403))
        #expect(fixture.telemetry.logLines.allSatisfy { !$0.contains("wrong-guess") })
    }

    @Test("Probes need no internal token")
    func probes() async {
        let fixture = PipelineFixture(internalToken: PipelineFixture.internalToken) {
            $0.add(.get, "/health/live", isObserved: false) { _, _ in HTTPResponse(.ok) }
        }
        #expect(await fixture.send(.get, "/health/live").status == .ok)
    }

    @Test("Tokens and their bearers stay out of span and log")
    func keepsTokensOut() async throws {
        let fixture = self.fixture()
        await fixture.send(.get, "/mine", self.bearer("customer"))
        #expect(try fixture.span.attributes.allSatisfy { !"\($0.value)".contains("customer") })
        #expect(fixture.telemetry.logLines.allSatisfy { !$0.contains("customer") })
    }
}
