public import HTTPCore
public import Routing

/// Why the cart service did not do what it was asked.
public enum CartClientError: Error, Sendable {
    /// The service cannot take the request now, for itself or because it cannot learn the prices.
    case unavailable(retryAfterSeconds: Int)
    /// No answer came; the request may or may not have had its effect.
    case unanswered(isTimeout: Bool)
    /// An answer outside the contract.
    case unexpected(HTTPStatus, String)
}

extension CartClientError: ProblemConvertible {
    /// What a caller further up is told.
    public var problem: Problem {
        switch self {
        case .unavailable(let seconds):
            .unavailable("The cart service cannot take the request now.", retryAfterSeconds: seconds)
        case .unanswered(isTimeout: true): .gatewayTimeout("The cart service did not answer in time.")
        case .unanswered(isTimeout: false):
            .unavailable("The cart service cannot be reached.", code: "upstream-unavailable")
        case .unexpected: Problem(.badGateway, detail: "The cart service failed.")
        }
    }
}

extension CartClientError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unavailable: "the cart service is unavailable"
        case .unanswered(let isTimeout): isTimeout ? "the cart service did not answer in time" : "no answer"
        case .unexpected(let status, let detail): "the cart service answered \(status.code): \(detail)"
        }
    }
}
