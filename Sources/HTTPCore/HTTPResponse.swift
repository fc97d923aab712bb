/// An answer to a request.
public struct HTTPResponse: Sendable {
    public var status: HTTPStatus
    /// What the application says. Framing and connection fields are the engine's.
    public var fields: HTTPFields
    public var body: HTTPBody
    /// Whether the exchange is broken off in place of an answer: nothing of this is sent, and the peer gets an error (a TCP
    /// reset; over HTTP/2 a reset of the stream). For faults that are injected; false.
    public var isAborted = false

    @inlinable
    public init(_ status: HTTPStatus, fields: HTTPFields = .init(), body: HTTPBody = .empty) {
        self.status = status
        self.fields = fields
        self.body = body
    }
}
