/// The head of a request, checked and taken apart.
public struct HTTP1RequestHead: Sendable, Equatable {
    public var method: HTTPMethod
    /// `https` when an absolute-form target says so, else `http`.
    public var scheme: String
    /// Begins with `/`, or is `*` for a server-wide `OPTIONS`.
    public var path: String
    /// What follows the first `?`, undecoded; nil without `?`.
    public var query: String?
    /// From an absolute-form target if there was one, else from `Host`. Nil in HTTP/1.0 only.
    public var authority: String?
    public var version: HTTPVersion
    /// All fields as received; `Host` replaced by the authority of an absolute-form target (RFC 9112 section 3.2.2).
    public var fields: HTTPFields
    public var framing: HTTP1BodyFraming
    /// Whether the client lets the connection stay open after the answer.
    public var keepAlive: Bool
    /// Whether the client waits for `100 Continue` before it sends the content.
    public var expectsContinue: Bool
}

/// The head of a response, checked and taken apart.
public struct HTTP1ResponseHead: Sendable, Equatable {
    public var status: HTTPStatus
    public var version: HTTPVersion
    public var fields: HTTPFields
    public var framing: HTTP1BodyFraming
    /// Whether the connection may carry another request once the content has been read.
    public var keepAlive: Bool
}
