import HTTPCore
import Routing
import Security
import Synchronization
import Telemetry
import TelemetryTesting
import Testing

@testable import ServiceKit

@Suite("The keys that tokens are verified with")
struct KeyDirectoryTests {
    private struct Away: Error {}

    /// A user service that can be scripted, a clock that moves when told, and what asks them.
    private struct Fixture {
        let telemetry = TestTelemetry()
        let transport = ScriptedTransport()
        let time = Time()
        let directory: KeyDirectory
        let authenticator: TokenAuthenticator

        final class Time: Sendable {
            let nanoseconds = Mutex<UInt64>(1_000_000_000_000)
            func advance(seconds: UInt64) { self.nanoseconds.withLock { $0 += seconds * 1_000_000_000 } }
        }

        init() {
            let client = UpstreamClient(
                name: .user, transport: self.transport, serverAddress: "127.0.0.1", serverPort: 8001,
                internalToken: PipelineFixture.internalToken, telemetry: self.telemetry.telemetry)
            let time = self.time
            let now: @Sendable () -> UInt64 = { time.nanoseconds.withLock { $0 } }
            self.directory = KeyDirectory(client: client, now: now)
            self.authenticator = TokenAuthenticator(
                keys: .remote(client), telemetry: self.telemetry.telemetry, monotonic: now)
        }

        var fetches: Int { self.transport.requests.count }

        func identify(_ token: String) async throws -> Identity {
            try await self.authenticator.identify(.bearer(token))
        }
    }

    private let fixture = Fixture()
    private let first: TokenIssuer
    private let second: TokenIssuer

    init() throws {
        self.first = try TokenIssuer.first()
        self.second = try TokenIssuer.second()
    }

    private func refuses(_ token: String) async -> HTTPStatus? {
        do {
            _ = try await self.fixture.identify(token)
            return nil
        } catch {
            return (error as? Problem)?.status ?? (error as? any ProblemConvertible)?.problem.status
        }
    }

    // MARK: Fetching

    @Test("The keys are fetched with the first token, from where the user service publishes them")
    func firstFetch() async throws {
        let issuer = self.first
        self.fixture.transport.answer { _ in TokenIssuer.answer(issuer) }
        #expect(self.fixture.fetches == 0)
        for number in 0..<5 { _ = try await self.fixture.identify(try issuer.token("t\(number)")) }
        #expect(self.fixture.transport.requests.map(\.path) == ["/.well-known/jwks.json"])
        #expect(self.fixture.transport.requests.first?.fields[.xInternalToken] == PipelineFixture.internalToken)
        #expect(self.fixture.telemetry.span(named: "GET /.well-known/jwks.json")?.kind == .client)
    }

    @Test("They are fetched again after five minutes, not before")
    func refetches() async throws {
        let issuer = self.first
        self.fixture.transport.answer { _ in TokenIssuer.answer(issuer) }
        _ = try await self.fixture.directory.keys()
        self.fixture.time.advance(seconds: 299)
        _ = try await self.fixture.directory.keys()
        #expect(self.fixture.fetches == 1)
        self.fixture.time.advance(seconds: 1)
        _ = try await self.fixture.directory.keys()
        #expect(self.fixture.fetches == 2)
    }

    @Test("A token of an unknown key is looked up once more, and then good if its key was added")
    func addedKey() async throws {
        let (first, second) = (self.first, self.second)
        self.fixture.transport.answer { _ in TokenIssuer.answer(first) }
        _ = try await self.fixture.identify(try first.token())
        self.fixture.time.advance(seconds: 6)
        self.fixture.transport.answer { _ in TokenIssuer.answer(first, second) }
        let identity = try await self.fixture.identify(try second.token())
        #expect(identity.userID == TokenIssuer.subject)
        #expect(self.fixture.fetches == 2)
    }

    @Test("However many tokens name unknown keys, there is one fetch in five seconds")
    func forgedKeys() async throws {
        let issuer = self.first
        self.fixture.transport.answer { _ in TokenIssuer.answer(issuer) }
        _ = try await self.fixture.identify(try issuer.token())
        self.fixture.time.advance(seconds: 6)
        for number in 0..<10 { #expect(await self.refuses(try self.second.token("t\(number)")) == .unauthorized) }
        #expect(self.fixture.fetches == 2)
        self.fixture.time.advance(seconds: 5)
        #expect(await self.refuses(try self.second.token()) == .unauthorized)
        #expect(self.fixture.fetches == 3)
    }

    @Test("Calls that come together share one fetch")
    func shares() async throws {
        let gate = Gate()
        let issuer = self.first
        let (transport, directory) = (self.fixture.transport, self.fixture.directory)
        transport.answer { _ in
            await gate.wait()
            return TokenIssuer.answer(issuer)
        }
        try await withThrowingTaskGroup(of: JWKSet.self) { group in
            for _ in 0..<20 { group.addTask { try await directory.keys() } }
            while directory.waiting < 19 { await Task.yield() }
            gate.open()
            for try await keys in group { #expect(keys == issuer.keys) }
        }
        #expect(transport.requests.count == 1)
    }

    // MARK: While the user service is away

    @Test("Without any keys nobody can be judged: 503, and the next call tries again")
    func outageAtStart() async throws {
        let issuer = self.first
        self.fixture.transport.answer { _ in throw Away() }
        for expected in 1...3 {
            #expect(await self.refuses(try issuer.token()) == .serviceUnavailable)
            #expect(self.fixture.fetches == expected)
        }
        self.fixture.transport.answer { _ in TokenIssuer.answer(issuer) }
        #expect(await self.refuses(try issuer.token()) == nil)
    }

    @Test("Calls that wait for a fetch that fails all learn of it, and none hangs")
    func sharedFailure() async throws {
        let gate = Gate()
        let (transport, directory) = (self.fixture.transport, self.fixture.directory)
        transport.answer { _ in
            await gate.wait()
            throw Away()
        }
        let failures = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<5 { group.addTask { (try? await directory.keys()) == nil } }
            while directory.waiting < 4 { await Task.yield() }
            gate.open()
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(failures == 5)
        #expect(transport.requests.count == 1)
    }

    @Test("Keys known go on counting, with one try in five seconds")
    func outageLater() async throws {
        let issuer = self.first
        self.fixture.transport.answer { _ in TokenIssuer.answer(issuer) }
        _ = try await self.fixture.directory.keys()
        self.fixture.transport.answer { _ in throw Away() }
        self.fixture.time.advance(seconds: 3_600)
        for _ in 0..<10 { #expect(try await self.fixture.directory.keys() == issuer.keys) }
        #expect(self.fixture.fetches == 2)
        self.fixture.time.advance(seconds: 5)
        #expect(try await self.fixture.directory.keys() == issuer.keys)
        #expect(self.fixture.fetches == 3)
    }

    @Test("Tokens of unknown keys do not make a try each while it is away")
    func forgedKeysDuringOutage() async throws {
        let issuer = self.first
        self.fixture.transport.answer { _ in TokenIssuer.answer(issuer) }
        _ = try await self.fixture.identify(try issuer.token())
        self.fixture.transport.answer { _ in throw Away() }
        self.fixture.time.advance(seconds: 60)
        for number in 0..<10 { #expect(await self.refuses(try self.second.token("t\(number)")) == .unauthorized) }
        #expect(self.fixture.fetches == 2)
    }

    @Test("While old keys are fetched anew, other calls go on with them")
    func goesOnWhileFetching() async throws {
        let issuer = self.first
        let (transport, directory) = (self.fixture.transport, self.fixture.directory)
        transport.answer { _ in TokenIssuer.answer(issuer) }
        _ = try await directory.keys()
        self.fixture.time.advance(seconds: 400)
        let gate = Gate()
        transport.answer { _ in
            await gate.wait()
            return TokenIssuer.answer(issuer)
        }
        async let fetched = directory.keys()
        while transport.requests.count < 2 { await Task.yield() }
        #expect(try await directory.keys() == issuer.keys)
        gate.open()
        #expect(try await fetched == issuer.keys)
        #expect(transport.requests.count == 2)
    }

    @Test("An answer that is not a key set counts as an outage", arguments: [404, 500])
    func badAnswers(status: Int) async throws {
        self.fixture.transport.answer { _ in
            HTTPResponse(HTTPStatus(status), body: .bytes(Array(#"{"keys":[]}"#.utf8)))
        }
        #expect([.badGateway, .serviceUnavailable].contains(await self.refuses(try self.first.token())))
        for body in ["", "{}", "<html>", #"{"keys":7}"#, String(repeating: " ", count: 70_000)] {
            self.fixture.transport.answer { _ in HTTPResponse(.ok, body: .bytes(Array(body.utf8))) }
            await #expect(throws: (any Error).self) { try await self.fixture.directory.keys() }
        }
    }
}
