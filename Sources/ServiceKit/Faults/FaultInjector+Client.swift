public import Faults
import Glibc
public import HTTPCore
import HTTPEngine
import NetworkIO
import Routing
public import Telemetry

extension FaultInjector {
    /// Lets a call of an upstream meet the faults of point `client` before it is sent.
    ///
    /// Calls that make no spans, such as the probes of one service's health by another, meet none.
    /// - Parameters:
    ///   - upstream: the service that is called.
    ///   - route: the name of the call's span, with the path where there is no template.
    ///   - span: the call's.
    /// - Returns: the answer that takes the place of the upstream's, with a `status`, a `grpcStatus`, or both; nil when
    ///   the call is to be made.
    /// - Throws: `HTTPClientError` as a connection would; `CancellationError`.
    public func beforeSending(
        to upstream: String, route: String, baggage: Baggage, deadline: Deadline, span: ActiveSpan?
    ) async throws -> InjectedAnswer? {
        guard !TelemetryContext.current.isSuppressed else { return nil }
        let injections = self.registry.inject(
            at: .client, FaultCall(route, upstream: upstream, baggage: baggage), span: span)
        guard !injections.isEmpty else { return nil }
        try await self.delay(injections, until: deadline)
        if deadline.isPast { throw HTTPClientError(.timedOut, upstream: upstream) }
        for injection in injections {
            switch injection.effect {
            case .error(let failure):
                if failure.status != nil || failure.grpcStatus != nil {
                    return InjectedAnswer(failure: failure, fault: injection.id)
                }
                throw HTTPClientError(.connect(IOError(.system(ECONNREFUSED), in: "connect")), upstream: upstream)
            case .reset:
                throw HTTPClientError(.connectionLost(IOError(.system(ECONNRESET), in: "recv")), upstream: upstream)
            case .hang:
                if try await self.hang(injection.id, until: deadline) {
                    throw HTTPClientError(.timedOut, upstream: upstream)
                }
            default: break
            }
        }
        return nil
    }
}

/// An answer that no upstream gave.
public struct InjectedAnswer: Sendable {
    public let failure: FaultEffect.Failure
    /// The id of the fault.
    public let fault: String

    /// As an HTTP answer; 503 where only a gRPC status is set.
    public var response: HTTPResponse { self.failure.problem(of: self.fault).response(instance: "", traceID: "") }
}
