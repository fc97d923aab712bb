public import HTTPCore

/// A transport that can be told the template of the path, so that its spans carry a name of low cardinality.
public protocol TemplatedTransport: HTTPTransport {
    /// Sends `request`; see `HTTPTransport.send(_:deadline:)`.
    ///
    /// - Parameter template: the path's template, such as `/internal/v1/reservations/{order_id}`; nil when it has none.
    func send(_ request: HTTPRequest, template: String?, deadline: Deadline) async throws -> HTTPResponse
}

/// What a transport knows about a call that brought no answer. Typed clients decide by it what may have happened.
public protocol UpstreamFailure: Error {
    /// Whether the other side cannot have seen the request, so that it had no effect.
    var requestWasNotSent: Bool { get }
    /// Whether the deadline passed.
    var isTimeout: Bool { get }
}
