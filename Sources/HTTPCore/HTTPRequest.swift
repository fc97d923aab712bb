/// A request, as received by a server or to be sent by a client.
public struct HTTPRequest: Sendable {
    public var method: HTTPMethod
    /// `http` or `https`.
    public var scheme: String
    /// Host and optional port, as in the `Host` field; nil when an HTTP/1.0 client gave none.
    public var authority: String?
    /// Begins with `/` and is still percent-encoded; `*` for a server-wide `OPTIONS`.
    public var path: String
    /// What follows the first `?`, undecoded; nil without `?`.
    public var query: String?
    public var version: HTTPVersion
    public var fields: HTTPFields
    public var body: HTTPBody
    /// The peer's numeric address without its port; nil when there is no socket.
    public var remoteAddress: String?

    /// A request for `target`, split at its first `?` into path and query.
    public init(_ method: HTTPMethod, _ target: String, fields: HTTPFields = .init(), body: HTTPBody = .empty) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        self.init(
            method: method, path: String(parts[0]), query: parts.count > 1 ? String(parts[1]) : nil, fields: fields,
            body: body)
    }

    @inlinable
    public init(
        method: HTTPMethod, scheme: String = "http", authority: String? = nil, path: String, query: String?,
        version: HTTPVersion = .http11, fields: HTTPFields, body: HTTPBody, remoteAddress: String? = nil
    ) {
        self.method = method
        self.scheme = scheme
        self.authority = authority
        self.path = path
        self.query = query
        self.version = version
        self.fields = fields
        self.body = body
        self.remoteAddress = remoteAddress
    }

    /// Path and query as they stand in a request line.
    public var target: String {
        guard let query = self.query else { return self.path }
        return self.path + "?" + query
    }
}
