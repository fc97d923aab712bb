import CSystem
import Compression
import HTTPCore
import HTTPEngine
import NetworkIO
import Synchronization
import TLS
import Telemetry

/// Carries telemetry to a collector over the platform's own HTTP client, on the background loop, away from traffic.
///
/// The engine's clients are made at the first export: the loops do not exist yet when `Telemetry` is made. Endpoints of
/// https get TLS; each set of files is read once.
final class OTLPHTTPTransport: OTLPTransport, Sendable {
    /// The files of one secure connection's kind; those not named are nil.
    private struct SecurityFiles: Hashable {
        let certificate: String?
        let clientKey: String?
        let clientCertificate: String?

        init(_ endpoint: OTLPEndpoint) {
            self.certificate = endpoint.certificate
            self.clientKey = endpoint.clientKey
            self.clientCertificate = endpoint.clientCertificate
        }
    }

    /// Calls to equal destinations share connections.
    private struct Destination: Hashable {
        let endpoint: HTTPEndpoint
        /// Nil over http, where files play no part.
        let files: SecurityFiles?
    }

    private struct State: Sendable {
        var loops: EventLoopGroup?
        var resolver: NameResolver?
        var upstreams: [Destination: HTTPUpstream] = [:]
        var contexts: [SecurityFiles: TLSContext] = [:]

        /// Reads the files, unless that has been done.
        mutating func context(for files: SecurityFiles) throws(TLSError) -> TLSContext {
            if let known = self.contexts[files] { return known }
            var identity: TLSIdentity?
            if let chain = files.clientCertificate, let key = files.clientKey {
                identity = TLSIdentity(certificateChainFile: chain, privateKeyFile: key)
            }
            let trust = files.certificate.map { TLSTrust.file($0) } ?? .system
            let made = try TLSContext.client(trusting: trust, identity: identity)
            self.contexts[files] = made
            return made
        }
    }
    private let state = Mutex(State())

    /// Until this is called, every export fails and is tried again later.
    func attach(loops: EventLoopGroup, resolver: NameResolver) {
        self.state.withLock {
            $0.loops = loops
            $0.resolver = resolver
        }
    }

    /// Reads the files of an https endpoint, so that what is wrong with them is known before the first export.
    /// - Throws: `TLSError` with `unusableFile`.
    func prepare(_ endpoint: OTLPEndpoint) throws(TLSError) {
        guard endpoint.scheme == HTTPEndpoint.Scheme.https.rawValue else { return }
        try self.state.withLock { state throws(TLSError) in
            _ = try state.context(for: SecurityFiles(endpoint))
        }
    }

    /// The earliest end of validity, in Unix time, of the certificates of all endpoints; nil where no file holds any.
    func expiry(of certificate: ExportCertificate) -> Int? {
        let expiries = self.state.withLock { $0.contexts.values.map(\.expiry) }
        return expiries.compactMap { certificate == .client ? $0.identity : $0.trust }.min()
    }

    func send(_ request: OTLPRequest) async throws -> OTLPResponse {
        let (upstream, loop) = try self.upstream(for: request.endpoint)
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
            // The status has said what became of the batch; only a partial success says more, and is short. A body that is
            // too long or breaks off takes nothing of that back.
            let body: [UInt8]
            do { body = try await response.body.collect(upTo: 1 << 20) } catch { body = [] }
            return OTLPResponse(
                status: response.status.code, retryAfter: Self.retryAfter(response.fields), body: body)
        }
    }

    func gzip(_ body: [UInt8]) -> [UInt8]? { Gzip.compress(body) }

    private func upstream(for endpoint: OTLPEndpoint) throws -> (HTTPUpstream, EventLoop) {
        let scheme = HTTPEndpoint.Scheme(rawValue: endpoint.scheme) ?? .http
        let destination = Destination(
            endpoint: HTTPEndpoint(scheme: scheme, host: endpoint.host, port: endpoint.port),
            files: scheme == .https ? SecurityFiles(endpoint) : nil)
        return try self.state.withLock { state in
            guard let loops = state.loops, let resolver = state.resolver else { throw OTLPNotSent("not started") }
            if let known = state.upstreams[destination] { return (known, loops.background) }
            var configuration = HTTPClientConfiguration()
            if let files = destination.files { configuration.tls = try state.context(for: files) }
            let made = HTTPUpstream(
                name: "collector", endpoints: [destination.endpoint], loops: loops, resolver: resolver,
                configuration: configuration)
            state.upstreams[destination] = made
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
