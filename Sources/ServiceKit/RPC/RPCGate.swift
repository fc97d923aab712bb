import Protobuf
import HTTPCore
import RPC
import Routing

/// What stands between a call and its handler: errors become statuses, and strangers stay outside.
struct RPCGate: RPCServerInterceptor {
    private let internalToken: InternalToken

    /// Probes come from what runs the process, which has no token.
    private static let openServices: Set<String> = ["grpc.health.v1.Health"]

    init(internalToken: String) { self.internalToken = InternalToken(internalToken) }

    func intercept(_ context: RPCServerContext, _ proceed: RPCServerProceed) async throws {
        guard
            Self.openServices.contains(context.method.service)
                || self.internalToken.matches(context.metadata[.xInternalToken])
        else {
            throw RPCError(.unauthenticated, "This port answers the platform's own processes only.")
        }
        do {
            try await proceed()
        } catch {
            throw RPCError(expected: error) ?? error
        }
    }
}

extension RPCError {
    /// The status of an error that somebody foresaw; nil for what is a status already, and for defects.
    init?(expected error: any Error) {
        if error is RPCError || error is CancellationError { return nil }
        let failure = RequestFailure(error)
        guard !failure.isUnexpected else { return nil }
        self.init(failure.problem)
        self.failureType = failure.type
        // The name and the value are known to be fit.
        if failure.problem.isUpstream { try? self.metadata.append(.xVitrineFailure, "upstream") }
    }

    /// What HTTP would have answered, in the words of gRPC.
    init(_ problem: Problem) {
        let code: RPCCode =
            switch problem.status.code {
            case 400, 422: .invalidArgument
            case 401: .unauthenticated
            case 403: .permissionDenied
            case 404: .notFound
            case 409, 412: .failedPrecondition
            case 413, 429: .resourceExhausted
            case 501: .unimplemented
            case 502, 503: .unavailable
            case 504: .deadlineExceeded
            default: .internal
            }
        var details: [RPCErrorDetail] = []
        if !problem.errors.isEmpty {
            details.append(.badRequest(problem.errors.map { .init(field: $0.field, description: $0.message) }))
        }
        if let seconds = problem.fields[.retryAfter].flatMap({ Int($0) }) {
            details.append(.retryInfo(.seconds(seconds)))
        }
        self.init(code, problem.detail, details: details)
    }
}
