/// The client's side: sends requests to one upstream it is bound to.
public protocol HTTPTransport: Sendable {
    /// Sends `request` and returns once the head of the final answer has arrived; its body may still be streaming.
    ///
    /// - Parameter deadline: an instant for the whole exchange, body included.
    /// - Throws: what the implementation says about connections, time and malformed answers. A status of 4xx or 5xx is
    ///   an answer, not an error.
    func send(_ request: HTTPRequest, deadline: Deadline) async throws -> HTTPResponse
}
