public import HTTPCore
import NetworkIO
public import RPC
public import Routing
public import ServiceKit
public import TelemetryTesting

/// A service behind the real request pipeline, called without a socket.
public final class InProcessService: Sendable {
    public let telemetry: TestTelemetry
    private let pipeline: RequestPipeline
    /// Calls the service's gRPC the way another service does, without a socket.
    public let caller: RPCClient

    /// The internal token that `send` adds.
    public static let internalToken = "internal-token-for-tests"

    /// - Parameter identities: who a bearer token stands for: the key is the token itself.
    public init(
        _ service: some ShopService, telemetry: TestTelemetry, identities: [String: Identity] = [:]
    ) {
        var routes = RouteTable()
        service.register(on: &routes)
        self.telemetry = telemetry
        self.pipeline = RequestPipeline(
            routes: routes,
            configuration: PipelineConfiguration(internalToken: service.edge == nil ? Self.internalToken : nil),
            telemetry: telemetry.telemetry, authenticator: FixedAuthenticator(identities), edge: service.edge)
        self.caller = RPCClient(
            calling: type(of: service).name, over: Self.rpcTransport(to: service, telemetry: telemetry),
            internalToken: Self.internalToken, telemetry: telemetry.telemetry)
    }

    /// What carries calls of gRPC to a service in this process, to be handed to another one as its upstream.
    public static func rpcTransport(to service: some ShopService, telemetry: TestTelemetry) -> any HTTPTransport {
        ResponderTransport(
            responder: RPCServer.of(service, internalToken: Self.internalToken, telemetry: telemetry.telemetry))
    }

    /// Sends a request through the whole pipeline.
    /// - Parameter token: sent as a bearer token; one of `identities`.
    public func send(
        _ method: HTTPMethod, _ target: String, token: String? = nil, fields: HTTPFields = .init(), body: String? = nil
    ) async throws -> TestResponse {
        var fields = fields
        fields[.xInternalToken] = Self.internalToken
        if let token { fields[.authorization] = "Bearer \(token)" }
        if body != nil, !fields.contains(.contentType) { fields.append(.contentType, "application/json") }
        let request = HTTPRequest(
            method, target, fields: fields, body: body.map { .bytes(Array($0.utf8)) } ?? .empty)
        let response = await self.pipeline.respond(to: request)
        return TestResponse(
            status: response.status.code, fields: response.fields,
            body: String(decoding: try await response.body.collect(upTo: 16 << 20), as: UTF8.self))
    }
}

/// Hands requests to a responder of this process.
public struct ResponderTransport: HTTPTransport {
    private let responder: any HTTPResponder

    public init(responder: any HTTPResponder) { self.responder = responder }

    public func send(_ request: HTTPRequest, deadline: Deadline) async throws -> HTTPResponse {
        await self.responder.respond(to: request)
    }
}

/// An answer with its body gathered.
public struct TestResponse: Sendable {
    public let status: Int
    public let fields: HTTPFields
    public let body: String
}

/// Knows the bearers of a fixed set of tokens.
public struct FixedAuthenticator: Authenticator {
    private let identities: [String: Identity]

    public init(_ identities: [String: Identity]) { self.identities = identities }

    public func identify(_ fields: HTTPFields) async throws -> Identity {
        guard let text = fields[.authorization], text.hasPrefix("Bearer "),
            let identity = self.identities[String(text.dropFirst(7))]
        else { throw Problem.unauthorized("The access token is not valid.", error: "invalid_token") }
        return identity
    }
}
