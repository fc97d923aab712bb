/// Stands around every call of a server: authentication, faults, load shedding.
public protocol RPCServerInterceptor: Sendable {
    /// Calls `proceed` to go on, once at most, or throws the `RPCError` to answer with.
    ///
    /// A handler's error comes out of `proceed` and is to be thrown on, changed or not.
    func intercept(_ context: RPCServerContext, _ proceed: RPCServerProceed) async throws
}

/// The rest of the way to the handler.
public struct RPCServerProceed: Sendable {
    let interceptors: [any RPCServerInterceptor]
    let index: Int
    let context: RPCServerContext
    let handler: @Sendable (RPCServerContext) async throws -> Void

    /// Runs the interceptors that follow, and the handler.
    public func callAsFunction() async throws {
        guard self.index < self.interceptors.count else { return try await self.handler(self.context) }
        let rest = RPCServerProceed(
            interceptors: self.interceptors, index: self.index + 1, context: self.context, handler: self.handler)
        try await self.interceptors[self.index].intercept(self.context, rest)
    }
}
