import HTTPCore
import OrderDomain
import Routing

/// Why an order is not to be, what the caller is told, and what has to be undone.
struct Refusal: Sendable {
    let reason: CancelReason
    let outcome: OrderMetrics.Outcome
    let problem: Problem
    var owesRefund = false
    var owesRelease = false
    /// The prices, where they are known, so that the order shows what it would have come to.
    var lines: PricedLines?
    var payment: Payment.Status?
    /// Whether a repeated request gets the same answer. Otherwise it starts anew, because nothing came of this one.
    var isFinal = true
    /// Whether a paid order may be refused too.
    var undoesPaid = false

    static func outOfStock(_ errors: [FieldError]) -> Refusal {
        Refusal(reason: .outOfStock, outcome: .outOfStock, problem: .outOfStock(errors))
    }

    /// The reservation of a paid order had expired, and others have bought the stock.
    static func soldOut(_ errors: [FieldError]) -> Refusal {
        var refusal = Self.outOfStock(errors)
        refusal.owesRefund = true
        refusal.owesRelease = true
        refusal.undoesPaid = true
        return refusal
    }

    static func unknownProducts(_ errors: [FieldError]) -> Refusal {
        Refusal(
            reason: .invalidLines, outcome: .invalid,
            problem: .unprocessable(errors, detail: "Some products do not exist."))
    }

    static func unpriceable(_ error: PricedLinesError) -> Refusal {
        let detail =
            error == .money(.tooLarge) ? "The order comes to more than can be charged." : "The prices do not add up."
        return Refusal(
            reason: .invalidLines, outcome: .invalid,
            problem: .unprocessable(
                [FieldError("items", "must come to an amount that can be charged")], detail: detail),
            owesRelease: true)
    }

    static func unavailable(_ failure: StepFailure) -> Refusal {
        Refusal(
            reason: .unavailable, outcome: .unavailable, problem: failure.problem,
            owesRelease: failure.mayHaveHadEffect, isFinal: false)
    }

    /// The time was up before the payment was begun.
    static let late = Refusal(
        reason: .unavailable, outcome: .unavailable,
        problem: .gatewayTimeout("The order could not be placed in time; nothing was charged."), owesRelease: true,
        isFinal: false)

    static func declined(_ reason: DeclineReason, _ lines: PricedLines) -> Refusal {
        Refusal(
            reason: .paymentDeclined, outcome: .paymentDeclined, problem: .declined(reason), owesRelease: true,
            lines: lines, payment: .declined)
    }

    /// The provider has never heard of a payment that was begun. It is taken back, so that it cannot turn up later.
    static let paymentFailed = Refusal(
        reason: .paymentFailed, outcome: .paymentDeclined,
        problem: .paymentRequired("The payment did not go through; nothing was charged."), owesRefund: true,
        owesRelease: true)

    /// The process that placed the order has ended.
    static let interrupted = Refusal(
        reason: .interrupted, outcome: .failed,
        problem: .unavailable("The order was interrupted; nothing was charged."), owesRefund: true, owesRelease: true,
        isFinal: false)

    /// Somebody has cancelled the order, or at least released its stock, while it was being placed.
    static let overtaken = Refusal(
        reason: .interrupted, outcome: .cancelled,
        problem: .conflict("order-cancelled", "The order was cancelled while it was being placed."))

    /// Applies the refusal to an order that is still pending, or paid where it undoes that.
    /// - Returns: false, and nothing is changed, when the order is past that.
    func apply(to record: inout OrderRecord, at now: Int, leaseEnd: Int) throws -> Bool {
        let status = record.order.status
        guard status == .pending || status == .processing && self.undoesPaid else { return false }
        if let lines { try record.order.price(lines, at: now) }
        if let payment, let total = record.order.total {
            var changed = record.payment ?? Payment(payment, method: record.order.paymentMethod, amount: total, at: now)
            changed.become(payment, at: now)
            record.payment = changed
            record.newEvents.append(OrderEvent(.paymentDeclined, status: status, at: now))
        }
        record.newEvents.append(try record.order.cancel(self.reason, at: now))
        if self.owesRefund || self.owesRelease {
            let saga = record.saga ?? Saga(step: .compensating, dueAt: leaseEnd, traceparent: "")
            record.saga = saga.compensating(refund: self.owesRefund, release: self.owesRelease, dueAt: leaseEnd)
        } else {
            record.saga = nil
        }
        record.answer = self.isFinal ? .store(StoredAnswer(self.problem)) : .forget
        return true
    }
}

extension Problem {
    fileprivate static func outOfStock(_ errors: [FieldError]) -> Problem {
        let detail =
            errors.isEmpty ? "There is not enough stock." : errors.map(\.message).joined(separator: "; ") + "."
        return Problem(.conflict, code: "out-of-stock", detail: detail, errors: errors)
    }

    fileprivate static func declined(_ reason: DeclineReason) -> Problem {
        switch reason {
        case .cardDeclined: .paymentRequired("The payment provider declined the payment.")
        case .insufficientFunds: .paymentRequired("The payment provider declined the payment: insufficient funds.")
        case .voided: .paymentRequired("The payment was taken back before it was charged.")
        }
    }
}
