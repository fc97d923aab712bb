public import HTTPCore

/// A call on its way out, as interceptors see it. May be sent several times.
public struct RPCClientCall: Sendable {
    public let method: RPCMethod
    /// With the deadline settled.
    public var options: RPCCallOptions
    /// When to stop waiting.
    public let deadline: Deadline
    /// The messages behind their prefixes.
    let body: HTTPBody
}

/// What came back: one message, or the beginning of several.
public struct RPCClientAnswer: Sendable {
    enum Content: Sendable {
        case message(ArraySlice<UInt8>)
        case stream(RPCResponseMessages)
    }
    let content: Content
    /// What the server sent before its first message.
    public let metadata: RPCMetadata
    /// What it sent with the status; empty while a stream lasts.
    public let trailingMetadata: RPCMetadata
}

/// Stands around every call of a client: retries, circuit breakers, bulkheads, faults.
public protocol RPCClientInterceptor: Sendable {
    /// Calls `proceed` as often as the call is to be made, with `resendCount` counted up, or throws without.
    ///
    /// Each time is an attempt with a span of its own. For a call with many answers `proceed` returns once the first
    /// has begun; how it goes on is not seen here.
    func intercept(
        _ call: RPCClientCall, _ proceed: RPCClientProceed
    ) async throws(RPCError) -> RPCClientAnswer
}

/// The rest of the way to the wire.
public struct RPCClientProceed: Sendable {
    let client: RPCClient
    let index: Int

    /// Runs the interceptors that follow, and sends.
    public func callAsFunction(_ call: RPCClientCall) async throws(RPCError) -> RPCClientAnswer {
        let interceptors = self.client.interceptors
        guard self.index < interceptors.count else { return try await self.client.attempt(call) }
        return try await interceptors[self.index].intercept(
            call, RPCClientProceed(client: self.client, index: self.index + 1))
    }
}
