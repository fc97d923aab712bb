import HTTPCore
import JSON
import Routing
import ServiceKit
import ServiceTesting
import Synchronization
import Telemetry
import TelemetryTesting
import Testing

@testable import Gateway

/// The gateway as it is, with one transport in place of every service behind it.
final class GatewayFixture: Sendable {
    typealias Answer = @Sendable (HTTPRequest, Deadline) async throws -> HTTPResponse

    /// Stands in for the services: keeps what is sent and answers as told.
    final class Services: HTTPTransport {
        private struct State: Sendable {
            var requests: [HTTPRequest] = []
            var deadlines: [Deadline] = []
            var answer: Answer = { _, _ in HTTPResponse(.ok) }
        }
        private let state = Mutex(State())

        var requests: [HTTPRequest] { self.state.withLock { $0.requests } }
        var deadlines: [Deadline] { self.state.withLock { $0.deadlines } }
        func answer(_ answer: @escaping Answer) { self.state.withLock { $0.answer = answer } }

        func send(_ request: HTTPRequest, deadline: Deadline) async throws -> HTTPResponse {
            let answer = self.state.withLock { state in
                state.requests.append(request)
                state.deadlines.append(deadline)
                return state.answer
            }
            return try await answer(request, deadline)
        }
    }

    let platform: TestPlatform
    let services = Services()
    let service: GatewayService
    let gateway: InProcessService

    static let admin = Identity(
        userID: "0190a8b4-7c3e-7d21-9f00-000000000002", roles: [.customer, .admin], token: "admin")

    init(_ environment: [String: String] = [:]) async throws {
        var upstreams: [ServiceName: any HTTPTransport] = [:]
        for name in ServiceName.allCases where name != .gateway { upstreams[name] = self.services }
        self.platform = try TestPlatform(.gateway, environment: environment, upstreams: upstreams)
        self.service = try await GatewayService(platform: self.platform.platform)
        self.gateway = InProcessService(
            self.service, telemetry: self.platform.telemetry, identities: [Self.admin.token: Self.admin])
    }

    /// Lets the services answer with JSON.
    func answer(_ text: String, _ status: HTTPStatus = .ok, _ fields: HTTPFields = [:]) {
        var fields = fields
        fields[.contentType] = "application/json"
        self.services.answer { [fields] _, _ in HTTPResponse(status, fields: fields, body: .bytes(Array(text.utf8))) }
    }

    func fail(_ error: any Error & Sendable) { self.services.answer { _, _ in throw error } }

    func get(_ target: String, token: String? = nil) async throws -> TestResponse {
        try await self.gateway.send(.get, target, token: token)
    }

    /// The log's lines of answers that stood in.
    var fallbackLines: [JSONValue] {
        get throws {
            try self.platform.telemetry.logLines.filter { $0.contains("older answer given") }
                .map { try JSONValue(parsing: $0) }
        }
    }

    func fallbacks(_ outcome: String) throws -> Double? {
        try self.platform.telemetry.value("resilience_fallback_total", ["fallback": "catalogue", "outcome": outcome])
    }
}

/// A body that arrives in pieces, and may break off.
final class PiecedStream: HTTPBodyStream {
    private struct State: Sendable {
        var pieces: [[UInt8]]
        var isCancelled = false
    }
    private let state: Mutex<State>
    private let end: (any Error & Sendable)?

    init(_ pieces: [String], end: (any Error & Sendable)? = nil) {
        self.state = Mutex(State(pieces: pieces.map { Array($0.utf8) }))
        self.end = end
    }

    var isCancelled: Bool { self.state.withLock { $0.isCancelled } }
    var trailers: HTTPFields? { nil }

    func next() async throws -> [UInt8]? {
        let piece = self.state.withLock { $0.pieces.isEmpty ? nil : $0.pieces.removeFirst() }
        if piece == nil, let end { throw end }
        return piece
    }
    func cancel() { self.state.withLock { $0.isCancelled = true } }
}
