public import HTTPCore

/// Answers a request. Whatever it throws becomes a problem: a `Problem` or `ProblemConvertible` as it is, anything
/// else 500.
public typealias Handler = @Sendable (HTTPRequest, RequestContext) async throws -> HTTPResponse

/// One method on one path template, and what answers it.
public final class Route: Sendable {
    public let method: HTTPMethod
    /// The template, such as `/api/v1/products/{id}`; what telemetry calls `http.route`.
    public let template: String
    public let access: Access
    /// The longest an answer may take; nil: the service's default.
    public let timeout: Duration?
    /// The largest body in bytes; nil: the service's default.
    public let bodyBytesMax: Int?
    /// False for health and metrics, which make no spans, logs or request metrics.
    public let isObserved: Bool
    public let parameterNames: [String]
    public let handler: Handler
    /// `GET /api/v1/products/{id}`: the span's name.
    public let spanName: String
    /// The route's number in its table, from 0: where its instruments are found.
    public let index: Int

    init(
        index: Int, method: HTTPMethod, template: String, access: Access, timeout: Duration?, bodyBytesMax: Int?,
        isObserved: Bool, parameterNames: [String], handler: @escaping Handler
    ) {
        self.index = index
        self.method = method
        self.template = template
        self.access = access
        self.timeout = timeout
        self.bodyBytesMax = bodyBytesMax
        self.isObserved = isObserved
        self.parameterNames = parameterNames
        self.handler = handler
        self.spanName = "\(method.name) \(template)"
    }
}
