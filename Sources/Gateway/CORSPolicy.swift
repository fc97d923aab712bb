import HTTPCore

/// Which pages in browsers may call (Fetch standard, "CORS protocol").
///
/// Tokens travel in `authorization`, never in cookies, so credentials are not allowed and `*` is harmless.
struct CORSPolicy: Sendable {
    private let origins: Set<String>
    private let allowsAll: Bool

    init(origins: [String]) {
        self.origins = Set(origins)
        self.allowsAll = origins.contains("*")
    }

    private func allows(_ origin: String) -> Bool { self.allowsAll || self.origins.contains(origin) }

    /// Answers a preflight; nil when the request is none.
    func preflight(_ request: HTTPRequest) -> HTTPResponse? {
        guard request.method == .options, request.fields.contains(.accessControlRequestMethod),
            let origin = request.fields[.origin], self.allows(origin)
        else { return nil }
        var fields = HTTPFields()
        fields.append(.accessControlAllowMethods, "GET, HEAD, POST, PUT, PATCH, DELETE")
        fields.append(
            .accessControlAllowHeaders,
            "authorization, content-type, idempotency-key, if-match, if-none-match, traceparent, tracestate, baggage, x-request-id"
        )
        fields.append(.accessControlMaxAge, "600")
        return HTTPResponse(.noContent, fields: fields, body: .empty)
    }

    /// Adds what lets the page that asked read the answer.
    func decorate(_ fields: inout HTTPFields, for request: HTTPRequest) {
        guard !self.origins.isEmpty else { return }
        if !self.allowsAll { fields.append(.vary, "origin") }
        guard let origin = request.fields[.origin], self.allows(origin) else { return }
        fields.append(.accessControlAllowOrigin, self.allowsAll ? "*" : origin)
        fields.append(
            .accessControlExposeHeaders,
            "etag, location, retry-after, ratelimit-limit, ratelimit-remaining, ratelimit-reset, server-timing, traceparent, x-request-id"
        )
    }
}
