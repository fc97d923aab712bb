import Faults
import HTTPCore
import RPC
import Telemetry

/// Lets the calls of a server meet the faults of point `server`.
struct RPCServerFaults: RPCServerInterceptor {
    let injector: FaultInjector

    func intercept(_ context: RPCServerContext, _ proceed: RPCServerProceed) async throws {
        guard self.injector.isActive(at: .server), !TelemetryContext.current.isSuppressed else {
            return try await proceed()
        }
        do {
            // Bodies are not harmed: half a message is what a reset gives, too.
            let harm = try await self.injector.beforeHandling(
                route: context.method.fullName, baggage: TelemetryContext.current.baggage, deadline: context.deadline,
                span: context.span)
            guard harm?.afterBytes == nil else { throw RPCError(.unavailable, "A fault breaks the answer off.") }
        } catch let failure as InjectedFailure {
            throw RPCError(failure)
        }
        try await proceed()
    }
}

/// Lets the calls of one upstream meet the faults of point `client`.
struct RPCClientFaults: RPCClientInterceptor {
    let upstream: String
    let injector: FaultInjector

    func intercept(_ call: RPCClientCall, _ proceed: RPCClientProceed) async throws(RPCError) -> RPCClientAnswer {
        guard self.injector.isActive(at: .client) else { return try await proceed(call) }
        let answer: InjectedAnswer?
        do {
            answer = try await self.injector.beforeSending(
                to: self.upstream, route: call.method.fullName, baggage: TelemetryContext.current.baggage,
                deadline: call.deadline, span: TelemetryContext.current.span)
        } catch {
            throw RPCError(transport: error, isCancelled: Task.isCancelled)
        }
        if let answer { throw RPCError(answer) }
        return try await proceed(call)
    }
}

extension RPCError {
    fileprivate init(_ failure: InjectedFailure) {
        self.init(RPCCode(rawValue: failure.grpcStatus) ?? .unknown, failure.description)
    }

    /// What an injected answer says in the words of gRPC.
    fileprivate init(_ answer: InjectedAnswer) {
        let code = answer.failure.grpcStatus.flatMap { RPCCode(rawValue: $0) } ?? .unavailable
        self.init(
            code == .ok ? .unknown : code, "Fault \(answer.fault) lets this call fail.",
            details: answer.failure.retryAfterSeconds.map { [.retryInfo(.seconds($0))] } ?? [])
    }
}
