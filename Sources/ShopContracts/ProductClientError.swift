public import HTTPCore
public import Routing

/// Why the product service did not do what it was asked.
public enum ProductClientError: Error, Sendable {
    /// Not enough units: one entry for each line that wants too many, `items[i].quantity`.
    case outOfStock([FieldError])
    /// Products that do not exist (any more): one entry each, `items[i].product_id`.
    case unknownProducts([FieldError])
    /// The order has a reservation of other items.
    case mismatch
    /// The order's reservation was given back and cannot be taken up again.
    case released
    /// The order has no reservation.
    case unknownReservation
    /// The service cannot take the request now; it had no effect.
    case unavailable(retryAfterSeconds: Int)
    /// No answer came; the request may or may not have had its effect.
    case unanswered(isTimeout: Bool)
    /// An answer outside the contract.
    case unexpected(HTTPStatus, String)

    /// Whether the request may have had its effect although it failed.
    public var isOutcomeUnknown: Bool {
        switch self {
        case .unanswered: true
        case .unexpected(let status, _): status.isServerError || status.isSuccess
        default: false
        }
    }

    /// Whether the same request may well succeed a moment later. All of them may be repeated safely.
    public var isRetryable: Bool {
        switch self {
        case .unavailable, .unanswered: true
        default: false
        }
    }
}

extension ProductClientError: ProblemConvertible {
    /// What a caller further up is told.
    public var problem: Problem {
        switch self {
        case .outOfStock(let errors):
            Problem(
                .conflict, code: "out-of-stock",
                detail: Self.sentence(errors, otherwise: "There is not enough stock."), errors: errors)
        case .unknownProducts(let errors): .unprocessable(errors)
        case .mismatch: .conflict("reservation-mismatch", "The order has reserved other items.")
        case .released: .conflict("reservation-released", "The order's reservation was released.")
        case .unknownReservation: .notFound("The order has no reservation.")
        case .unavailable(let seconds):
            .unavailable("The product service cannot take the request now.", retryAfterSeconds: seconds)
        case .unanswered(isTimeout: true): .gatewayTimeout("The product service did not answer in time.")
        case .unanswered(isTimeout: false):
            .unavailable("The product service cannot be reached.", code: "upstream-unavailable")
        case .unexpected: Problem(.badGateway, detail: "The product service failed.")
        }
    }

    private static func sentence(_ errors: [FieldError], otherwise text: String) -> String {
        errors.isEmpty ? text : errors.map(\.message).joined(separator: "; ") + "."
    }
}

extension ProductClientError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .outOfStock(let errors): "out of stock: \(errors.map(\.message).joined(separator: "; "))"
        case .unknownProducts(let errors): "unknown products: \(errors.map(\.field).joined(separator: ", "))"
        case .mismatch: "the order has reserved other items"
        case .released: "the reservation was released"
        case .unknownReservation: "the order has no reservation"
        case .unavailable: "the product service is unavailable"
        case .unanswered(let isTimeout): isTimeout ? "the product service did not answer in time" : "no answer"
        case .unexpected(let status, let detail): "the product service answered \(status.code): \(detail)"
        }
    }
}
