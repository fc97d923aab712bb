public import HTTPCore
public import Resilience
public import Routing
public import Telemetry

/// What the listener that faces strangers does besides: the gateway's part of the request pipeline.
public protocol EdgePolicy: Sendable {
    /// What is made of the trace context that strangers send.
    var remoteContext: RemoteContextPolicy { get }
    /// Changes a request before it is routed: rewrites of older paths, removal of fields that strangers must not set.
    func prepare(_ request: inout HTTPRequest)
    /// Answers a request that needs no route, such as a CORS preflight; nil to go on.
    func preflight(_ request: HTTPRequest) -> HTTPResponse?
    /// Lets a request in, or throws the problem to answer with, such as 429. Comes before any work is done for it: before
    /// its token is verified, and whether or not a route answers it.
    func admit(_ request: HTTPRequest) throws
    /// Lets a user in whose token is valid, or throws the problem to answer with.
    func admit(_ identity: Identity) throws
    /// How much a request of a route matters: who is refused first under load.
    func priority(of route: Route) -> LoadPriority
    /// Adds the fields that every answer carries.
    func decorate(_ response: inout HTTPResponse, for request: HTTPRequest)
}

extension EdgePolicy {
    public func priority(of route: Route) -> LoadPriority { .normal }
}
