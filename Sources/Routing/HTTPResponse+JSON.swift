public import HTTPCore
public import JSON

extension HTTPResponse {
    /// A JSON answer, written by `body`.
    @inlinable
    public static func json(
        _ status: HTTPStatus = .ok, fields: HTTPFields = .init(), capacity: Int = 512,
        _ body: (inout JSONWriter) throws -> Void
    ) rethrows -> HTTPResponse {
        var writer = JSONWriter(capacity: capacity)
        try body(&writer)
        var fields = fields
        fields.append(.contentType, "application/json")
        return HTTPResponse(status, fields: fields, body: .bytes(writer.bytes))
    }

    /// 204 without a body.
    public static var noContent: HTTPResponse { HTTPResponse(.noContent, fields: .init(), body: .empty) }
}
