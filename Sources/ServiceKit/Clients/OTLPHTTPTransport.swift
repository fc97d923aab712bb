import CSystem
import Compression
import HTTPCore
import HTTPEngine
import NetworkIO
import Synchronization
import Telemetry

/// Carries telemetry to a collector over the platform's own HTTP client, on the admin loop, away from traffic.
///
/// The engine's clients are made at the first export: the loops do not exist yet when `Telemetry` is made.
final class OTLPHTTPTransport: OTLPTransport, Sendable {
    private struct State: Sendable {
        var loops: EventLoopGroup?
        var resolver: NameResolver?
        var upstreams: [HTTPEndpoint: HTTPUpstream] = [:]
    }
    private let state = Mutex(State())

    /// Until this is called, every export fails and is tried again later.
    func attach(loops: EventLoopGroup, resolver: NameResolver) {
        self.state.withLock {
            $0.loops = loops
            $0.resolver = resolver
        }
    }

    func send(_ request: OTLPRequest) async throws -> OTLPResponse {
        let endpoint = HTTPEndpoint(host: request.endpoint.host, port: request.endpoint.port)
        let (upstream, loop) = try self.upstream(for: endpoint)
        var fields = HTTPFields()
        fields.append(.contentType, request.contentType)
        if let encoding = request.contentEncoding { fields.append(.contentEncoding, encoding) }
        fields.append(.userAgent, "vitrine-otlp-json")
        for (name, value) in request.endpoint.headers {
            if let name = HTTPFieldName(name) { fields.append(name, value) }
        }
        let outgoing = HTTPRequest(.post, request.endpoint.path, fields: fields, body: .bytes(request.body))
        let deadline = Deadline.after(request.timeout)
        return try await withTaskExecutorPreference(loop) {
            let response: HTTPResponse
            do { response = try await upstream.send(outgoing, deadline: deadline) } catch let error as HTTPClientError {
                throw error.requestWasNotSent ? OTLPNotSent(error.description) : error
            }
            let body = try await response.body.collect(upTo: 1 << 20)
            return OTLPResponse(
                status: response.status.code, retryAfter: Self.retryAfter(response.fields), body: body)
        }
    }

    func gzip(_ body: [UInt8]) -> [UInt8]? { Gzip.compress(body) }

    private func upstream(for endpoint: HTTPEndpoint) throws -> (HTTPUpstream, EventLoop) {
        try self.state.withLock { state in
            guard let loops = state.loops, let resolver = state.resolver else { throw OTLPNotSent("not started") }
            if let known = state.upstreams[endpoint] { return (known, loops.background) }
            let made = HTTPUpstream(
                name: "collector", endpoints: [endpoint], loops: loops, resolver: resolver)
            state.upstreams[endpoint] = made
            return (made, loops.background)
        }
    }

    /// Seconds, or a date (RFC 9110, section 10.2.3).
    private static func retryAfter(_ fields: HTTPFields) -> Duration? {
        guard let text = fields[.retryAfter] else { return nil }
        if let seconds = Int(text), seconds >= 0 { return .seconds(min(seconds, 3_600)) }
        guard let date = HTTPDate.parse(text) else { return nil }
        // The receiver's clock where it tells it: the two need not agree.
        let now = fields[.date].flatMap { HTTPDate.parse($0) } ?? Int(vitrine_coarse_realtime_seconds())
        return .seconds(max(0, min(date - now, 3_600)))
    }
}
