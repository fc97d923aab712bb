/// Source: OpenTelemetry semantic conventions, "HTTP" (stable).
extension Attribute {
    /// `http.request.method`: a known method, else `_OTHER`.
    public static func httpRequestMethod(_ method: String) -> Attribute { .init("http.request.method", method) }
    /// `http.request.method_original`, where the method is `_OTHER`.
    public static func httpRequestMethodOriginal(_ method: String) -> Attribute {
        .init("http.request.method_original", method)
    }
    /// `http.request.resend_count`: from 1, on the second and later tries.
    public static func httpRequestResendCount(_ count: Int) -> Attribute { .init("http.request.resend_count", count) }
    /// `http.request.body.size` in bytes.
    public static func httpRequestBodySize(_ bytes: Int) -> Attribute { .init("http.request.body.size", bytes) }
    /// `http.response.status_code`
    public static func httpResponseStatusCode(_ code: Int) -> Attribute { .init("http.response.status_code", code) }
    /// `http.response.body.size` in bytes.
    public static func httpResponseBodySize(_ bytes: Int) -> Attribute { .init("http.response.body.size", bytes) }
    /// `http.route`: the template, never the path.
    public static func httpRoute(_ template: String) -> Attribute { .init("http.route", template) }
    /// `url.scheme`
    public static func urlScheme(_ scheme: String) -> Attribute { .init("url.scheme", scheme) }
    /// `url.path`: as received; never a label.
    public static func urlPath(_ path: String) -> Attribute { .init("url.path", path) }
    /// `url.query`: may hold what a person typed, so encoders redact it.
    public static func urlQuery(_ query: String) -> Attribute { .init("url.query", query, sensitivity: .personal) }
    /// `url.full`, credentials and query left out by the caller.
    public static func urlFull(_ url: String) -> Attribute { .init("url.full", url) }
    /// `user_agent.original`
    public static func userAgentOriginal(_ agent: String) -> Attribute { .init("user_agent.original", agent) }
    /// `user_agent.synthetic.type`: `test` for generated load.
    public static func userAgentSyntheticType(_ type: String) -> Attribute { .init("user_agent.synthetic.type", type) }
}
