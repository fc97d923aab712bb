/// Source: OpenTelemetry semantic conventions, "HTTP", "URL" and "User agent".
extension Attribute {
    @inlinable
    public static var httpRequestMethod: AttributeKey<String> {
        .init("http.request.method", .stable, "The method of the request, or `_OTHER` where it is not a known one.")
    }
    @inlinable
    public static var httpRequestMethodOriginal: AttributeKey<String> {
        .init("http.request.method_original", .stable, "The method as it was sent, where it is not a known one.")
    }
    @inlinable
    public static var httpRequestResendCount: AttributeKey<Int> {
        .init(
            "http.request.resend_count", .stable,
            "How often the request has been sent again, from 1 on the second try.")
    }
    @inlinable
    public static var httpRequestBodySize: AttributeKey<Int> {
        .init("http.request.body.size", .development, "Bytes of the request's body.")
    }
    @inlinable
    public static var httpResponseStatusCode: AttributeKey<Int> {
        .init("http.response.status_code", .stable, "The status of the answer.")
    }
    @inlinable
    public static var httpResponseBodySize: AttributeKey<Int> {
        .init("http.response.body.size", .development, "Bytes of the answer's body.")
    }
    @inlinable
    public static var httpRoute: AttributeKey<String> {
        .init("http.route", .stable, "The template of the route that answered, never the path.")
    }
    @inlinable
    public static var httpConnectionState: AttributeKey<String> {
        .init("http.connection.state", .development, "Whether a connection of the client is `idle` or `active`.")
    }
    @inlinable
    public static var urlScheme: AttributeKey<String> {
        .init("url.scheme", .stable, "How the request came: `http` or `https`.")
    }
    @inlinable
    public static var urlPath: AttributeKey<String> {
        .init("url.path", .stable, "The path as it was received; never a label.")
    }
    @inlinable
    public static var urlQuery: AttributeKey<String> {
        .init(
            "url.query", .stable,
            "The query as it was received: search terms, pages and ids, since secrets travel in fields and bodies.")
    }
    @inlinable
    public static var urlFull: AttributeKey<String> {
        .init("url.full", .stable, "The URL that was called, without credentials and query.")
    }
    @inlinable
    public static var urlTemplate: AttributeKey<String> {
        .init("url.template", .development, "The template of the path that was called.")
    }
    @inlinable
    public static var userAgentOriginal: AttributeKey<String> {
        .init("user_agent.original", .stable, "The program that sent the request, as it names itself.")
    }
    @inlinable
    public static var userAgentSyntheticType: AttributeKey<String> {
        .init("user_agent.synthetic.type", .development, "`test` for generated load.")
    }

    /// All of this file.
    static var http: [any DeclaredAttribute] {
        [
            httpRequestMethod, httpRequestMethodOriginal, httpRequestResendCount, httpRequestBodySize,
            httpResponseStatusCode, httpResponseBodySize, httpRoute, httpConnectionState, urlScheme, urlPath, urlQuery,
            urlFull,
            urlTemplate, userAgentOriginal, userAgentSyntheticType,
        ]
    }
}
