public import HTTPCore
import HTTPEngine
import Resilience
public import Routing

/// A service behind this one has not answered.
public struct UpstreamError: Error, Sendable, ProblemConvertible, CustomStringConvertible {
    public let name: ServiceName
    public let cause: any Error

    public init(name: ServiceName, cause: any Error) {
        self.name = name
        self.cause = cause
    }

    /// Whether the service cannot have seen the request.
    public var requestWasNotSent: Bool {
        self.cause is CircuitOpenError || self.cause is BulkheadRejection
            || (self.cause as? HTTPClientError)?.requestWasNotSent ?? false
    }

    /// Whether the deadline passed; what the service did with the request is then unknown.
    public var isTimeout: Bool {
        if case .deadline? = self.cause as? BulkheadRejection { return true }
        if case .timedOut = (self.cause as? HTTPClientError)?.reason { return true }
        return false
    }

    public var errorType: String {
        if self.cause is CircuitOpenError { return CircuitOpenError.errorType }
        if self.cause is BulkheadRejection { return BulkheadRejection.errorType }
        return (self.cause as? HTTPClientError)?.errorType ?? "unknown"
    }

    /// What a caller further up is told.
    public var problem: Problem {
        // A body that broke off is the caller's own.
        if case .requestBody? = (self.cause as? HTTPClientError)?.reason { return self.told }
        return self.told.fromUpstream
    }

    private var told: Problem {
        if let error = self.cause as? HTTPClientError, case .requestBody(let cause) = error.reason {
            if let refusal = cause as? HTTPRefusal { return Problem(refusal.status, detail: refusal.message) }
            if let refusal = cause as? HTTP1Error { return Problem(refusal.status, detail: refusal.message) }
            if case .tooLarge(let limit)? = cause as? HTTPBodyError { return .contentTooLarge(limit: limit) }
            return .badRequest("The request's body is not complete.")
        }
        if case .queueFull? = self.cause as? BulkheadRejection {
            return .unavailable(
                "There are too many calls of the \(self.name.rawValue) service in progress.", code: "upstream-busy")
        }
        if let refusal = self.cause as? CircuitOpenError {
            return .unavailable(
                "The \(self.name.rawValue) service has failed too often lately and is given a rest.",
                code: "circuit-open", retryAfterSeconds: refusal.retryAfterSeconds)
        }
        if self.isTimeout {
            return .gatewayTimeout("The \(self.name.rawValue) service did not answer in time.")
        }
        if case .invalidResponse = (self.cause as? HTTPClientError)?.reason {
            return Problem(.badGateway, detail: "The \(self.name.rawValue) service gave an answer that makes no sense.")
        }
        return .unavailable("The \(self.name.rawValue) service cannot be reached.", code: "upstream-unavailable")
    }

    public var description: String { "\(self.cause)" }
}

/// A service behind this one has answered with an error that the caller does not expect.
public struct UpstreamStatusError: Error, Sendable, ProblemConvertible, CustomStringConvertible {
    public let name: ServiceName
    public let status: HTTPStatus

    public init(name: ServiceName, status: HTTPStatus) {
        self.name = name
        self.status = status
    }

    public var problem: Problem { self.told.fromUpstream }

    private var told: Problem {
        switch self.status.code {
        case 429, 503: .unavailable("The \(self.name.rawValue) service cannot take the request now.")
        case 504: .gatewayTimeout("The \(self.name.rawValue) service did not answer in time.")
        default: Problem(.badGateway, detail: "The \(self.name.rawValue) service failed.")
        }
    }

    public var description: String { "\(self.name.rawValue) answered \(self.status.code)" }
}
