import HTTPCore
import OrderDomain
import Routing

/// Stock, as the service that keeps it offers it. Every call may be repeated.
protocol Inventory: Sendable {
    /// Sets stock aside for an order, all lines or none, at the prices of that moment.
    func reserve(_ lines: RequestedLines, for order: OrderID, deadline: Deadline) async -> ReserveOutcome
    /// Turns what was set aside into a sale.
    func confirm(_ order: OrderID, deadline: Deadline) async -> ConfirmOutcome
    /// Gives back what was set aside or sold; afterwards the order cannot reserve any more.
    func release(_ order: OrderID, deadline: Deadline) async -> ReleaseOutcome
}

enum ReserveOutcome: Sendable {
    case reserved(PricedLines)
    /// Errors name lines by their place in the request: `items[i].quantity`.
    case outOfStock([FieldError])
    /// Errors name lines by their place in the request: `items[i].product_id`.
    case unknownProducts([FieldError])
    /// Set aside, but the sum cannot be held.
    case unpriceable(PricedLinesError)
    /// Given back before: somebody has cancelled the order.
    case released
    case failed(StepFailure)
}

enum ConfirmOutcome: Sendable {
    case confirmed
    /// What was set aside had expired, and the stock is gone.
    case outOfStock([FieldError])
    /// Given back before: somebody has cancelled the order.
    case released
    case failed(StepFailure)
}

enum ReleaseOutcome: Sendable {
    case released
    case failed(StepFailure)
}

/// Why another service did not do its step.
struct StepFailure: Sendable {
    /// For the caller.
    let problem: Problem
    /// For the log.
    let cause: String
    /// Whether the step may have been taken all the same.
    let mayHaveHadEffect: Bool
}

/// Carts, as the service that keeps them offers them.
protocol CustomerCarts: Sendable {
    /// - Throws: when the cart cannot be had now.
    func cart(of userID: String, deadline: Deadline) async throws -> CartForOrder
    /// Takes out what was in the cart at `version`.
    /// - Throws: when it may not have been done.
    func clear(_ userID: String, version: Int, deadline: Deadline) async throws
}

struct CartForOrder: Sendable, Hashable {
    let version: Int
    let lines: [RequestedLine]
}

/// Whoever moves the money. Payments are named by their order, so that none is made twice.
protocol PaymentProvider: Sendable {
    /// Captures a payment, or says what became of the first try.
    func charge(_ charge: Charge, deadline: Deadline) async -> ChargeOutcome
    /// What became of a payment.
    func find(_ id: OrderID, deadline: Deadline) async -> PaymentFinding
    /// Gives the money back; a payment not captured yet never will be.
    func refund(_ id: OrderID, deadline: Deadline) async -> RefundOutcome
}

struct Charge: Sendable, Hashable {
    let id: OrderID
    let amount: Money
    let method: PaymentMethod
}

enum ChargeOutcome: Sendable, Hashable {
    case captured(reference: String)
    case declined(DeclineReason)
    /// No answer by the deadline: captured or not, nobody knows.
    case unknown
}

enum DeclineReason: String, Sendable, Hashable, CaseIterable {
    case cardDeclined = "card_declined"
    case insufficientFunds = "insufficient_funds"
    /// Taken back before it was charged.
    case voided
}

enum PaymentFinding: Sendable, Hashable {
    case captured(reference: String)
    case declined(DeclineReason)
    /// The provider has never heard of it.
    case none
    case unknown
}

enum RefundOutcome: Sendable, Hashable {
    case refunded(Money)
    case nothingCaptured
    case unknown
}
