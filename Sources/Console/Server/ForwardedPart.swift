import HTTPCore
import HTTPEngine
import Routing

/// A part of the page's address space that another server answers: the page is of one origin, and its servers are not.
struct ForwardedPart: Sendable {
    /// With its slash at the end: `/prometheus/`.
    let prefix: String
    /// What it is, for who asks in vain.
    let name: String
    let access: ConsoleAccess
    /// Nil where none is known.
    let upstream: HTTPUpstream?
    /// Paths behind the prefix that may be asked for; nil for all.
    let allows: (@Sendable (HTTPMethod, Substring) -> Bool)?

    /// A query over a long range may take its time.
    private static let patience = Duration.seconds(30)

    private static let notPassedOn: [HTTPFieldName] = [
        .connection, .keepAlive, .proxyAuthenticate, .proxyAuthorization, .te, .trailer, .transferEncoding, .upgrade,
        .host, .contentLength, .cookie, .origin, .referer, ConsoleAccess.field,
    ]
    private static let notPassedBack: [HTTPFieldName] = [
        .connection, .keepAlive, .te, .trailer, .transferEncoding, .upgrade, .contentLength, .date, .setCookie,
        .accessControlAllowOrigin, .accessControlAllowCredentials,
    ]

    func answer(_ request: HTTPRequest) async throws -> HTTPResponse {
        let path = request.path.dropFirst(self.prefix.count)
        guard self.allows?(request.method, path) ?? true else {
            throw Problem.notFound("\(self.name) is not asked for \(request.method) /\(path.prefix(80)) here.")
        }
        guard let upstream = self.upstream else {
            throw Problem(.serviceUnavailable, code: "not-there", detail: "This console knows of no \(self.name).")
        }
        var outgoing = request
        outgoing.path = "/\(path)"
        outgoing.authority = nil
        for name in Self.notPassedOn { outgoing.fields.remove(name) }
        // The shop's token is passed on; the console's own is nobody else's.
        if self.access.isOwnBearer(request) { outgoing.fields.remove(.authorization) }
        var response: HTTPResponse
        do {
            response = try await upstream.send(outgoing, deadline: .after(Self.patience))
        } catch {
            throw Problem(HTTPStatus(502), code: "not-reached", detail: "\(self.name) does not answer: \(error)")
        }
        for name in Self.notPassedBack { response.fields.remove(name) }
        return response
    }

    /// Prometheus' questions; what changes it, or tells of the machine, is none of the page's.
    static func isPrometheusQuestion(_ method: HTTPMethod, _ path: Substring) -> Bool {
        guard method == .get || method == .post || method == .head else { return false }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 3, parts[0] == "api", parts[1] == "v1" else { return false }
        let plain: Set<Substring> = [
            "query", "query_range", "query_exemplars", "series", "labels", "metadata", "rules", "alerts", "targets",
        ]
        if parts.count == 3 { return plain.contains(parts[2]) }
        return parts.count == 5 && parts[2] == "label" && parts[4] == "values"
    }
}
