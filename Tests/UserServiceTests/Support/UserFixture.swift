import HTTPCore
import NetworkIO
import Persistence
import Routing
import Security
import ServiceKit
import ServiceTesting
import Synchronization
import TelemetryTesting

@testable import UserService

/// A user service in this process: real handlers behind the real pipeline, real SQLite, real bcrypt at its cheapest,
/// and a clock that moves only when told.
final class UserFixture: Sendable {
    let base: TestPlatform
    let clock: ManualWallClock
    let service: UserService
    private let pipeline: RequestPipeline

    var telemetry: TestTelemetry { self.base.telemetry }
    var platform: ServicePlatform { self.base.platform }

    private init(_ base: TestPlatform, _ clock: ManualWallClock) async throws {
        self.base = base
        self.clock = clock
        let service = try await UserService(platform: base.platform, now: { clock.now })
        var routes = RouteTable()
        service.register(on: &routes)
        self.service = service
        self.pipeline = RequestPipeline(
            routes: routes, configuration: PipelineConfiguration(internalToken: InProcessService.internalToken),
            telemetry: base.telemetry.telemetry, authenticator: ClockedAuthenticator(service: service, clock: clock))
    }

    /// Runs `body` with a fresh service, and closes and removes everything afterwards.
    ///
    /// - Parameter ownKey: false takes a key that all tests share, because making one takes longer than most tests.
    static func run<R: Sendable>(
        _ settings: [String: String] = [:], folder: TemporaryFolder = TemporaryFolder(),
        clock: ManualWallClock = ManualWallClock(), ownKey: Bool = false,
        _ body: (UserFixture) async throws -> R
    ) async throws -> R {
        try await self.onPlatform(settings, folder: folder) { base in
            if !ownKey { try await Self.plantKey(base, now: clock.now) }
            let fixture = try await UserFixture(base, clock)
            do {
                let value = try await body(fixture)
                await fixture.service.close()
                return value
            } catch {
                await fixture.service.close()
                throw error
            }
        }
    }

    private static let sharedKey = Result { try SigningKey.generate() }

    /// Stores the shared key where the service will find it; does nothing where there is one.
    private static func plantKey(_ base: TestPlatform, now: Int) async throws {
        let key = try self.sharedKey.get()
        let database = try UserStore.open(base.platform)
        let stored = StoredSigningKey(id: key.keyID, pem: try key.pem, createdAt: now, signsFrom: now)
        _ = try await SQLSigningKeyRepository(database: database).insert(stored, after: nil)
        await database.close()
    }

    /// Runs `body` with what a service is made of.
    static func onPlatform<R: Sendable>(
        _ settings: [String: String] = [:], folder: TemporaryFolder = TemporaryFolder(),
        _ body: (TestPlatform) async throws -> R
    ) async throws -> R {
        let environment = ["VITRINE_LAB": "1", "VITRINE_BCRYPT_COST": "4"].merging(settings) { $1 }
        let base = try TestPlatform(.user, environment: environment, folder: folder)
        defer { base.platform.blocking.close() }
        return try await body(base)
    }

    /// Runs `body` with a second service on the same files, as another process or a later start would be.
    func withTwin<R: Sendable>(
        _ settings: [String: String] = [:], _ body: (UserFixture) async throws -> R
    ) async throws -> R {
        try await Self.run(settings, folder: self.base.folder, clock: self.clock, body)
    }

    func send(
        _ method: HTTPMethod, _ target: String, _ body: String? = nil, token: String? = nil,
        from address: String = "192.0.2.1", fields extra: HTTPFields = .init()
    ) async -> Answer {
        var fields = extra
        fields.append(.xInternalToken, InProcessService.internalToken)
        if body != nil { fields.append(.contentType, "application/json") }
        if let token { fields.append(.authorization, "Bearer \(token)") }
        var request = HTTPRequest(
            method, target, fields: fields, body: body.map { .bytes(Array($0.utf8)) } ?? .empty)
        request.remoteAddress = address
        return await Answer(self.pipeline.respond(to: request))
    }
}

/// Microseconds since the epoch, moved by hand.
final class ManualWallClock: Sendable {
    private let time = Mutex(Int(TestTelemetry.startUnixNanoseconds / 1_000))

    var now: Int { self.time.withLock { $0 } }

    func advance(by duration: Duration) { self.time.withLock { $0 += duration.microseconds } }
}

/// Verifies tokens as every service does, with the keys the user service publishes.
struct ClockedAuthenticator: Authenticator {
    let service: UserService
    let clock: ManualWallClock

    func identify(_ fields: HTTPFields) async throws -> Identity {
        guard let value = fields[.authorization], value.hasPrefix("Bearer "), let keys = self.service.tokenKeys?()
        else {
            throw Problem.unauthorized("This needs an access token.")
        }
        let token = String(value.dropFirst("Bearer ".count))
        let verifier = TokenVerifier(issuer: TokenIssuer.issuer, audience: TokenIssuer.audience)
        do {
            let claims = try verifier.verify(token, keys: keys, now: self.clock.now / 1_000_000)
            return Identity(
                userID: claims.subject, roles: Set(claims.roles.compactMap(Role.init(rawValue:))), token: token)
        } catch {
            throw Problem.unauthorized("\(error)", error: "invalid_token")
        }
    }
}
