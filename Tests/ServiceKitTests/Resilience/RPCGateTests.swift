import HTTPCore
import HTTPEngine
import Persistence
import Protobuf
import RPC
import Resilience
import Routing
import ServiceTesting
import Telemetry
import TelemetryTesting
import Testing

@testable import RPC
@testable import ServiceKit

@Suite("What stands between a call of gRPC and its handler")
struct RPCGateTests {
    private struct Surprise: Error, CustomStringConvertible {
        var description: String { "password=hunter2" }
    }

    private let telemetry = TestTelemetry(serviceName: "product")

    private func client(
        token: String? = PipelineFixture.internalToken, _ answer: @escaping @Sendable () throws -> Void = {}
    ) throws -> RPCClient {
        let server = CallService { _, _ in try answer() }.server(
            [RPCGate(internalToken: PipelineFixture.internalToken)], telemetry: self.telemetry, health: RPCHealth())
        var metadata = RPCMetadata()
        if let token { try metadata.append(.xInternalToken, token) }
        return RPCClient(
            transport: ResponderTransport(responder: server), serverAddress: "127.0.0.1", serverPort: 8002,
            metadata: metadata, telemetry: TestTelemetry().telemetry)
    }

    private func failure(_ error: any Error & Sendable) async throws -> RPCError {
        try #require(await self.client { throw error }.failure(of: CallService.look))
    }

    // MARK: Strangers

    @Test(
        "Without the internal token a call is UNAUTHENTICATED, and its handler not run",
        arguments: [nil, "", "internal-token-of-these-test", "internal-token-of-these-tests2"])
    func strangers(token: String?) async throws {
        let client = try self.client(token: token) { Issue.record("The handler runs.") }
        let error = try #require(await client.failure(of: CallService.look))
        #expect(error.code == .unauthenticated)
        #expect(!error.message.contains(PipelineFixture.internalToken))
    }

    @Test("With it a call is let through")
    func friends() async throws {
        #expect(try await self.client().failure(of: CallService.look) == nil)
    }

    @Test("Whoever runs the process may ask for its health without a token")
    func health() async throws {
        let answer: GRPCHealthV1.HealthCheckResponse = try await self.client(token: nil).unary(
            GRPCHealthV1.HealthDescriptor.check, GRPCHealthV1.HealthCheckRequest(service: ""))
        #expect(answer.status == .serving)
    }

    // MARK: Errors

    @Test(
        "A problem becomes the status that says the same",
        arguments: [
            (400, .invalidArgument), (401, .unauthenticated), (403, .permissionDenied), (404, .notFound),
            (409, .failedPrecondition), (412, .failedPrecondition), (413, .resourceExhausted),
            (422, .invalidArgument), (429, .resourceExhausted), (500, .internal), (501, .unimplemented),
            (502, .unavailable), (503, .unavailable), (504, .deadlineExceeded),
        ] as [(Int, RPCCode)])
    func problems(status: Int, code: RPCCode) async throws {
        let error = try await self.failure(Problem(HTTPStatus(status), detail: "So it is."))
        #expect(error.code == code)
        #expect(error.message == "So it is.")
        #expect(error.details.isEmpty)
        #expect(error.metadata[.xVitrineFailure] == nil)
    }

    @Test("Fields that make no sense go along as BadRequest")
    func badRequest() async throws {
        let error = try await self.failure(
            Problem.unprocessable([.init("name", "is required"), .init("items[0].quantity", "must be at least 1")]))
        let detail = try #require(error.detail(GoogleRPC.BadRequest.self))
        #expect(detail.fieldViolations.map(\.field) == ["name", "items[0].quantity"])
        #expect(detail.fieldViolations.map(\.description) == ["is required", "must be at least 1"])
        #expect(error.detail(GoogleRPC.RetryInfo.self) == nil)
    }

    @Test("Retry-After goes along as RetryInfo")
    func retryInfo() async throws {
        let error = try await self.failure(Problem.unavailable("Soon.", retryAfterSeconds: 7))
        #expect(error.code == .unavailable)
        #expect(error.retryAfter == .seconds(7))
        let late = try await self.failure(Problem.tooManyRequests("Slowly.", retryAfterSeconds: 3))
        #expect(late.code == .resourceExhausted)
        #expect(late.retryAfter == .seconds(3))
    }

    @Test("A failure of a service behind this one is marked as that")
    func upstream() async throws {
        let cause = HTTPClientError(.timedOut, upstream: "user")
        let error = try await self.failure(UpstreamError(name: .user, cause: cause))
        #expect(error.code == .deadlineExceeded)
        #expect(error.metadata[.xVitrineFailure] == "upstream")
        let status = try await self.failure(UpstreamStatus(RPCError(.internal, "No."), from: .user))
        #expect(status.code == .unavailable)
        #expect(status.metadata[.xVitrineFailure] == "upstream")
    }

    @Test(
        "A store that is busy is UNAVAILABLE, to be tried again",
        arguments: [
            PersistenceError.queueFull(namespace: "orders", limit: 8), .unavailable(namespace: "orders"),
            .transactionLost(namespace: "orders", cause: "secret"),
        ])
    func busy(error: PersistenceError) async throws {
        let status = try await self.failure(error)
        #expect(status.code == .unavailable)
        #expect(status.retryAfter == .seconds(1))
        #expect(!status.message.contains("secret"))
        #expect(status.metadata[.xVitrineFailure] == nil)
    }

    @Test("What nobody foresaw is INTERNAL and tells the caller nothing")
    func unforeseen() async throws {
        for error in [Surprise(), PersistenceError.closed(namespace: "hunter2")] as [any Error & Sendable] {
            let status = try await self.failure(error)
            #expect(status.code == .internal)
            #expect(!"\(status.message)\(status.details)\(status.metadata)".contains("hunter2"))
        }
    }

    @Test("The server's span names what was foreseen by its own name")
    func errorType() async throws {
        _ = try await self.failure(PersistenceError.queueFull(namespace: "orders", limit: 8))
        let span = try #require(self.telemetry.finishedSpans.last)
        #expect(span["error.type"] == .string("queue_full"))
        #expect(span["rpc.response.status_code"] == .string("UNAVAILABLE"))
    }

    @Test("A status passes as it is")
    func statuses() async throws {
        let error = try await self.failure(RPCError(.aborted, "Try again.", details: [.retryInfo(.seconds(2))]))
        #expect(error.code == .aborted)
        #expect(error.message == "Try again.")
        #expect(error.retryAfter == .seconds(2))
    }
}
