/// An answer to a request.
public struct HTTPResponse: Sendable {
    public var status: HTTPStatus
    /// What the application says. Framing and connection fields are the engine's.
    public var fields: HTTPFields
    public var body: HTTPBody

    @inlinable
    public init(_ status: HTTPStatus, fields: HTTPFields = .init(), body: HTTPBody = .empty) {
        self.status = status
        self.fields = fields
        self.body = body
    }
}
