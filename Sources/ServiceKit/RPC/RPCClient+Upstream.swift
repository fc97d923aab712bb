import NetworkIO
import CSystem
public import HTTPCore
import HTTPEngine
public import RPC
import Resilience
public import Telemetry

extension RPCClient {
    /// Calls the gRPC of one service over a given transport, with nothing around the calls.
    public convenience init(
        calling name: ServiceName, over transport: any HTTPTransport, internalToken: String, telemetry: Telemetry
    ) {
        self.init(
            name, over: transport, at: HTTPEndpoint(host: "127.0.0.1", port: name.defaultPort),
            internalToken: internalToken, telemetry: telemetry, faults: nil, guardian: nil)
    }

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
        do throws(RPCMetadataError) { try metadata.append(.xInternalToken, internalToken) } catch {
            preconditionFailure("the internal token cannot be sent as metadata: \(error)")
        }
        var interceptors: [any RPCClientInterceptor] = []
        if let guardian { interceptors.append(GuardedCalls(name: name, guardian: guardian, telemetry: telemetry)) }
        if let faults { interceptors.append(RPCClientFaults(upstream: name.rawValue, injector: faults)) }
        self.init(
            transport: transport, serverAddress: endpoint.host, serverPort: endpoint.port, metadata: metadata,
            telemetry: telemetry, interceptors: interceptors)
    }
}

/// Tells the attempt that is being made which endpoint takes it.
struct NotedStreams: HTTPTransport {
    let upstream: HTTP2Upstream

    func send(_ request: HTTPRequest, deadline: Deadline) async throws -> HTTPResponse {
        guard let note = EndpointNote.current else { return try await self.upstream.send(request, deadline: deadline) }
        return try await self.upstream.send(request, deadline: deadline, onEndpoint: { note.set($0) })
    }
}

/// Puts an upstream's breaker and retries around the calls of its gRPC.
struct GuardedCalls: RPCClientInterceptor {
    let name: ServiceName
    let guardian: UpstreamGuard
    let telemetry: Telemetry

    func intercept(_ call: RPCClientCall, _ proceed: RPCClientProceed) async throws(RPCError) -> RPCClientAnswer {
        let hasPlace: Bool
        do { hasPlace = try await self.guardian.callBegan(deadline: call.deadline) } catch {
            throw Self.rejection(error, of: self.name)
        }
        defer { self.guardian.callEnded(hasPlace: hasPlace) }
        let failure: RPCError
        do throws(RPCError) { return try await self.attempt(call, proceed) } catch { failure = error }
        // Once one attempt may have been heard, no later one that was not makes the call unheard.
        var wasHeard = !failure.requestWasNotSent && failure.failureType != nil
        do {
            return try await self.guardian.goOn(
                after: .failure(failure), isIdempotent: call.method.isRepeatable, deadline: call.deadline,
                classify: Self.verdict,
                { resends in
                    var attempt = call
                    attempt.options.resendCount = resends
                    do throws(RPCError) { return try await self.attempt(attempt, proceed) } catch {
                        if !error.requestWasNotSent, error.failureType != nil { wasHeard = true }
                        throw error
                    }
                })
        } catch var error as RPCError {
            if wasHeard {
                error.requestWasNotSent = false
                error.failureType = error.failureType ?? failure.failureType
            }
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
        let note = self.guardian.endpointNote()
        let result: Result<RPCClientAnswer, RPCError>
        if let note {
            result = await EndpointNote.$current.withValue(note) { await Self.result(call, proceed) }
        } else {
            result = await Self.result(call, proceed)
        }
        var failure: RPCError?
        if case .failure(let error) = result { failure = error }
        self.guardian.record(
            failure.map(Self.outcome) ?? .success, for: permit, start: start, end: vitrine_monotonic_nanoseconds(),
            span: span, isTimeout: failure?.isTimeout ?? false, endpoint: note?.endpoint)
        return try result.get()
    }

    private static func result(
        _ call: RPCClientCall, _ proceed: RPCClientProceed
    ) async -> Result<RPCClientAnswer, RPCError> {
        do throws(RPCError) { return .success(try await proceed(call)) } catch { return .failure(error) }
    }

    /// What is told of a call for which there is no place.
    private static func rejection(_ error: any Error, of name: ServiceName) -> RPCError {
        switch error as? BulkheadRejection {
        case .queueFull:
            RPCError(
                .unavailable, "There are too many calls of the \(name.rawValue) service in progress.",
                requestWasNotSent: true, failureType: BulkheadRejection.errorType)
        case .deadline:
            RPCError(.deadlineExceeded, "There was no room for the call in time.", requestWasNotSent: true)
        case nil: RPCError(.cancelled, "The caller gave up.", requestWasNotSent: true)
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
        // It answers; those behind it do not, and have breakers of their own. How long that took says nothing of it.
        if error.metadata[.xVitrineFailure] != nil { return .ignored }
        return switch error.code {
        // Time that had run out before anything was sent was lost elsewhere.
        case .deadlineExceeded: error.requestWasNotSent ? .ignored : .failure
        case .unknown, .internal, .unavailable, .dataLoss: .failure
        // A server that resets what nobody gave up is not well.
        case .cancelled: Task.isCancelled ? .ignored : .failure
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
