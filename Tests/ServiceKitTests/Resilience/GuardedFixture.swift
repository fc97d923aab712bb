import HTTPCore
import HTTPEngine
import Protobuf
import RPC
import Resilience
import Synchronization
import Telemetry
import TelemetryTesting
import Testing

@testable import ServiceKit

extension ResilienceSettings {
    /// Four calls judge the upstream, what opens stays open, and nobody waits before a resend.
    static func brief(_ change: (inout ResilienceSettings) -> Void = { _ in }) -> ResilienceSettings {
        var settings = ResilienceSettings(config: ConfigReader([:]))
        settings.breaker.window = .calls(4)
        settings.breaker.callsMin = 4
        settings.breaker.slowCall = .seconds(3_600)
        settings.breaker.openBase = .seconds(3_600)
        settings.breaker.openMax = .seconds(3_600)
        settings.retries.backoff = Backoff(base: .zero, longest: .zero)
        change(&settings)
        return settings
    }

    /// The same, with every call made once.
    static var once: ResilienceSettings { .brief { $0.retries.attemptsMax = 1 } }
}

extension TestTelemetry {
    /// The spans of attempts, in their order: spans of several threads come in none.
    ///
    /// - Parameter count: the attribute that counts the resends.
    func attempts(by count: String) -> [SpanData] {
        func resends(_ span: SpanData) -> Int { if case .int(let resends)? = span[count] { Int(resends) } else { 0 } }
        return self.finishedSpans.filter { $0.kind == .client }.sorted { resends($0) < resends($1) }
    }

    /// The one span of a call that the breaker has refused.
    var refused: SpanData {
        get throws {
            let refused = self.finishedSpans.filter { $0["error.type"] == .string("circuit_open") }
            try #require(refused.count == 1)
            return refused[0]
        }
    }
}

/// What a client's guard has counted.
struct GuardCounts {
    let telemetry: TestTelemetry

    func retries(_ outcome: String) throws -> Double? {
        try self.telemetry.value("resilience_retry_attempts_total", ["client": "product", "outcome": outcome])
    }

    func calls(_ outcome: String) throws -> Double? {
        try self.telemetry.value("resilience_circuit_breaker_calls_total", ["breaker": "product", "outcome": outcome])
    }

    func deadlines() throws -> Double? {
        try self.telemetry.value("resilience_deadline_exceeded_total", ["client": "product"])
    }
}

/// The client of the product service with a guard around its calls, over a transport that answers as told.
struct GuardedClient {
    let telemetry = TestTelemetry()
    let transport = ScriptedTransport()
    let guardian: UpstreamGuard
    let client: UpstreamClient

    static let template = "/api/v1/products/{id}"

    init(_ settings: ResilienceSettings) {
        self.guardian = UpstreamGuard(
            .product, settings, endpoints: [HTTPEndpoint(host: "10.0.0.7", port: 8002)],
            telemetry: self.telemetry.telemetry, eject: { _, _ in })
        self.client = UpstreamClient(
            name: .product, transport: self.transport, serverAddress: "10.0.0.7", serverPort: 8002,
            internalToken: PipelineFixture.internalToken, telemetry: self.telemetry.telemetry, faults: nil,
            guardian: self.guardian)
    }

    var counts: GuardCounts { GuardCounts(telemetry: self.telemetry) }

    @discardableResult
    func send(
        _ method: HTTPMethod = .get, body: HTTPBody = .empty, timeout: Duration = .seconds(60)
    ) async throws -> HTTPResponse {
        try await self.client.send(
            HTTPRequest(method, "/api/v1/products/7", body: body), template: Self.template, deadline: .after(timeout))
    }

    /// How many times the transport was asked for one call, whatever it brought.
    func requests(
        _ method: HTTPMethod = .get, body: HTTPBody = .empty, _ answer: @escaping ScriptedTransport.Answer
    ) async -> Int {
        let before = self.transport.requests.count
        self.transport.answer(answer)
        _ = try? await self.send(method, body: body)
        return self.transport.requests.count - before
    }

    /// Answers each request with the next of these, and with the last from then on.
    func answer(_ statuses: [HTTPStatus], _ fields: HTTPFields = [:]) {
        let left = Mutex(statuses)
        self.transport.answer { _ in
            let status = left.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
            return HTTPResponse(status, fields: fields)
        }
    }
}

/// A body that arrives in pieces, and tells whether somebody lost interest.
final class WatchedStream: HTTPBodyStream {
    private struct State: Sendable {
        var pieces: [[UInt8]]
        var isCancelled = false
        var readCount = 0
    }
    private let state: Mutex<State>

    init(_ pieces: [[UInt8]] = [[0x61]]) { self.state = Mutex(State(pieces: pieces)) }

    var isCancelled: Bool { self.state.withLock { $0.isCancelled } }
    var readCount: Int { self.state.withLock { $0.readCount } }
    var trailers: HTTPFields? { nil }

    func next() async throws -> [UInt8]? {
        self.state.withLock { state in
            state.readCount += 1
            return state.pieces.isEmpty ? nil : state.pieces.removeFirst()
        }
    }
    func cancel() { self.state.withLock { $0.isCancelled = true } }
}

/// A small service of gRPC, registered as generated code does it. Messages are durations, for want of any other.
struct CallService: Sendable {
    typealias Message = GoogleProtobuf.Duration

    static let service = "vitrine.test.Calls"
    static let look = RPCMethod(service: service, name: "Look", kind: .unary, idempotency: .noSideEffects)
    static let put = RPCMethod(service: service, name: "Put", kind: .unary, idempotency: .idempotent)
    static let add = RPCMethod(service: service, name: "Add", kind: .unary)

    /// What each method does, told its name and its call.
    let answer: @Sendable (String, RPCServerContext) async throws -> Void

    func register(on table: inout RPCServiceTable) {
        table.add(service: Self.service, file: ProtobufFile(name: "vitrine/test/calls.proto", base64: ""))
        for method in [Self.look, Self.put, Self.add] {
            table.unary(method) { (message: Message, context) -> Message in
                try await self.answer(method.name, context)
                return message
            }
        }
    }

    /// A server of it behind interceptors, with telemetry of its own.
    func server(
        _ interceptors: [any RPCServerInterceptor], telemetry: TestTelemetry = TestTelemetry(serviceName: "product"),
        health: RPCHealth? = nil
    ) -> RPCServer {
        var table = RPCServiceTable()
        self.register(on: &table)
        health?.register(on: &table)
        return RPCServer(table, telemetry: telemetry.telemetry, interceptors: interceptors)
    }
}

extension RPCClient {
    /// Makes a call and gives what it failed with; nil when it succeeds.
    func failure(of method: RPCMethod, _ options: RPCCallOptions = .init()) async -> RPCError? {
        do throws(RPCError) {
            let answer: CallService.Message = try await self.unary(method, CallService.Message(seconds: 7), options)
            #expect(answer.seconds == 7)
            return nil
        } catch {
            return error
        }
    }
}
