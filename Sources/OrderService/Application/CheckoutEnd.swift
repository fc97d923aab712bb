import OrderDomain
import Routing

/// What came of a try to place an order.
enum CheckoutEnd: Sendable {
    /// Paid; `body` is the order as the answer shows it.
    case placed(OrderID, body: [UInt8])
    /// The payment's outcome is not known; `body` is the pending order.
    case pending(OrderID, body: [UInt8])
    case refused(OrderMetrics.Outcome, Problem)
    /// The same request came before; this is what it was answered.
    case replayed(OrderID, StoredAnswer)

    var outcome: OrderMetrics.Outcome {
        switch self {
        case .placed: .placed
        case .pending: .pending
        case .refused(let outcome, _): outcome
        case .replayed: .replayed
        }
    }
}
