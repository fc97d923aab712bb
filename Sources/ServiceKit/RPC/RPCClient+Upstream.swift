import CSystem
import HTTPCore
import HTTPEngine
import RPC
import Resilience
import Telemetry

extension RPCClient {
    /// Calls the gRPC of one service, with the internal token, and what stands around its calls.
    ///
    /// - Parameters:
    ///   - transport: an `HTTP2Upstream`, or an in-process one in tests.
    ///   - guardian: nil for nothing.
    convenience init(
        _ name: ServiceName, over transport: any HTTPTransport, at endpoint: HTTPEndpoint, internalToken: String,
        telemetry: Telemetry, faults: FaultInjector?, guardian: UpstreamGuard?
    ) {
        var metadata = RPCMetadata()
        do throws(RPCError) { try metadata.set(.xInternalToken, to: internalToken) } catch {
            preconditionFailure("the internal token cannot be sent as metadata: \(error.message)")
        }
        var interceptors: [any RPCClientInterceptor] = []
        if let guardian { interceptors.append(GuardedCalls(name: name, guardian: guardian, telemetry: telemetry)) }
        if let faults { interceptors.append(RPCClientFaults(upstream: name.rawValue, injector: faults)) }
        self.init(
            transport: transport, serverAddress: endpoint.host, serverPort: endpoint.port, metadata: metadata,
            telemetry: telemetry, interceptors: interceptors)
    }
}

/// Puts an upstream's breaker and retries around the calls of its gRPC.
struct GuardedCalls: RPCClientInterceptor {
    let name: ServiceName
    let guardian: UpstreamGuard
    let telemetry: Telemetry

    func intercept(_ call: RPCClientCall, _ proceed: RPCClientProceed) async throws(RPCError) -> RPCClientAnswer {
        do {
            return try await self.guardian.run(
                isIdempotent: call.method.isRepeatable, deadline: call.deadline, classify: Self.verdict,
                { resends in
                    var attempt = call
                    attempt.options.resendCount = resends
                    return try await self.attempt(attempt, proceed)
                })
        } catch let error as RPCError {
            throw error
        } catch {
            throw RPCError(.cancelled, "The caller gave up.")
        }
    }

    private func attempt(_ call: RPCClientCall, _ proceed: RPCClientProceed) async throws(RPCError) -> RPCClientAnswer {
        let start = vitrine_monotonic_nanoseconds()
        let permit: CircuitPermit
        do throws(CircuitOpenError) { permit = try self.guardian.breaker.permit(now: start) } catch {
            throw self.refuse(call, error)
        }
        // The attempt's own span has its trace too.
        let span = TelemetryContext.current.span
        do throws(RPCError) {
            let answer = try await proceed(call)
            self.guardian.record(
                .success, for: permit, start: start, end: vitrine_monotonic_nanoseconds(), span: span,
                isTimeout: false, endpoint: nil)
            return answer
        } catch {
            self.guardian.record(
                Self.outcome(error), for: permit, start: start, end: vitrine_monotonic_nanoseconds(), span: span,
                isTimeout: error.isTimeout, endpoint: nil)
            throw error
        }
    }

    private func refuse(_ call: RPCClientCall, _ refusal: CircuitOpenError) -> RPCError {
        refusal.recordSpan(
            call.method.fullName, attributes: [.rpcSystemName("grpc"), .rpcMethod(call.method.fullName)],
            tracer: self.telemetry.tracer)
        let wait = Duration.nanoseconds(Int64(clamping: refusal.retryAfterNanoseconds))
        return RPCError(
            .unavailable, "The \(self.name.rawValue) service has failed too often lately and is given a rest.",
            details: [.retryInfo(wait)], requestWasNotSent: true, failureType: CircuitOpenError.errorType)
    }

    /// What a status says of the upstream: a refusal is a sign of life.
    static func outcome(_ error: RPCError) -> CallOutcome {
        switch error.code {
        case .unknown, .deadlineExceeded, .internal, .unavailable, .dataLoss:
            // It answers; those behind it do not, and have breakers of their own.
            error.metadata[.xVitrineFailure] == nil ? .failure : .success
        case .cancelled: .ignored
        default: .success
        }
    }

    private static func verdict(_ result: Result<RPCClientAnswer, any Error>) -> AttemptVerdict {
        guard case .failure(let error) = result, let error = error as? RPCError else { return .done }
        guard error.failureType != CircuitOpenError.errorType, error.metadata[.xVitrineFailure] == nil else {
            return .done
        }
        switch error.code {
        case .unavailable:
            return .failed(
                wasNotSent: error.requestWasNotSent,
                retryAfterNanoseconds: error.retryAfter.map { UInt64(max(0, $0.wholeNanoseconds)) })
        case .resourceExhausted:
            // Only a server that says when has room again.
            guard let wait = error.retryAfter else { return .done }
            return .failed(retryAfterNanoseconds: UInt64(max(0, wait.wholeNanoseconds)))
        default: return .done
        }
    }
}
