import HTTPCore
import OrderDomain
import Routing
import Telemetry

/// The way of an order from `pending` to `processing`: reserve, charge, commit, confirm.
///
/// Each step is written down before the next begins, and no transaction spans a call to another service. Whatever
/// fails is refused: the order is cancelled with what it owes, in one transaction, and the debt is paid.
struct Checkout: Sendable {
    let orders: any OrderRepository
    let inventory: any Inventory
    let carts: any CustomerCarts
    let payments: any PaymentProvider
    let compensation: Compensation
    let timing: CheckoutTiming
    let telemetry: Telemetry
    let instruments: OrderInstruments
    /// The order as answers show it, in JSON.
    let render: @Sendable (Order) -> [UInt8]
    /// Microseconds since 1970.
    let now: @Sendable () -> Int

    // MARK: Reserve

    /// Takes an order that has been written down as `pending` as far as it gets.
    func run(_ id: OrderID, _ lines: RequestedLines, _ method: PaymentMethod, deadline: Deadline) async throws
        -> CheckoutEnd
    {
        switch await self.inventory.reserve(lines, for: id, deadline: self.timing.stepDeadline(deadline)) {
        case .reserved(let priced):
            return try await self.charge(id, priced, method, deadline: deadline)
        case .outOfStock(let errors):
            return try await self.refuse(id, .outOfStock(errors), deadline: deadline)
        case .unknownProducts(let errors):
            return try await self.refuse(id, .unknownProducts(errors), deadline: deadline)
        case .unpriceable(let error):
            return try await self.refuse(id, .unpriceable(error), deadline: deadline)
        case .released:
            return try await self.refuse(id, .overtaken, deadline: deadline)
        case .failed(let failure):
            self.telemetry.log.warning("stock cannot be reserved", [.orderID(id), .failure(failure)])
            return try await self.refuse(id, .unavailable(failure), deadline: deadline)
        }
    }

    // MARK: Charge

    private func charge(
        _ id: OrderID, _ lines: PricedLines, _ method: PaymentMethod, deadline: Deadline
    ) async throws -> CheckoutEnd {
        guard !deadline.isPast else { return try await self.refuse(id, .late, deadline: deadline) }
        let charge = Charge(id: id, amount: lines.total, method: method)
        let outcome = await self.telemetry.tracer.withSpan("charge payment", kind: .client) { span in
            let outcome = await self.payments.charge(charge, deadline: self.timing.paymentDeadline(deadline))
            span.setAttributes([.orderID(id), .paymentMethod(method), .chargeOutcome(outcome)])
            return outcome
        }
        self.instruments.payments.add(
            1, LabelPair(.init(outcome), .init(method)), in: TelemetryContext.current.spanContext)
        switch outcome {
        case .captured(let reference):
            return try await self.complete(id, lines, reference: reference, deadline: deadline)
        case .declined(let reason):
            return try await self.decline(id, reason, lines, deadline: deadline)
        case .unknown:
            return try await self.park(id, lines, deadline: deadline)
        }
    }

    /// The provider has refused the payment.
    func decline(
        _ id: OrderID, _ reason: DeclineReason, _ lines: PricedLines, deadline: Deadline
    ) async throws -> CheckoutEnd {
        self.telemetry.log.info("payment declined", [.orderID(id), .declineReason(reason)])
        return try await self.refuse(id, .declined(reason, lines), deadline: deadline)
    }

    /// The provider has not answered in time: the order stays `pending` until it does.
    private func park(_ id: OrderID, _ lines: PricedLines, deadline: Deadline) async throws -> CheckoutEnd {
        let now = self.now()
        let dueAt = now + self.timing.settleAfter.microseconds
        let body: [UInt8]? = try await self.orders.change(id) { record in
            guard record.order.status == .pending else { return nil }
            try record.order.price(lines, at: now)
            record.payment = Payment(.unknown, method: record.order.paymentMethod, amount: lines.total, at: now)
            record.newEvents.append(OrderEvent(.paymentUnknown, status: .pending, at: now))
            record.saga?.step = .paymentUnknown
            record.saga?.dueAt = dueAt
            return self.render(record.order)
        }
        guard let body else { return try await self.superseded(id, deadline: deadline) }
        self.telemetry.log.warning("payment outcome unknown", [.orderID(id)])
        return .pending(id, body: body)
    }

    // MARK: Commit

    /// The payment was captured: the order becomes `processing`, with its payment, history and answer in one
    /// transaction.
    func complete(
        _ id: OrderID, _ lines: PricedLines, reference: String, deadline: Deadline
    ) async throws -> CheckoutEnd {
        let now = self.now()
        let leaseEnd = self.timing.leaseEnd(now)
        let committed: Committed? = try await self.orders.change(id) { record in
            guard record.order.status == .pending else { return nil }
            try record.order.price(lines, at: now)
            record.newEvents.append(try record.order.markPaid(at: now))
            var payment =
                record.payment ?? Payment(.captured, method: record.order.paymentMethod, amount: lines.total, at: now)
            payment.become(.captured, at: now)
            payment.reference = reference
            record.payment = payment
            record.saga?.step = .confirming
            record.saga?.attempts = 0
            record.saga?.dueAt = leaseEnd
            let body = self.render(record.order)
            record.answer = .store(StoredAnswer(status: 201, body: body))
            return Committed(order: record.order, cartVersion: record.saga?.cartVersion, body: body)
        }
        guard let committed else { return try await self.superseded(id, deadline: deadline) }
        self.report(committed.order, lines)
        if let refusal = try await self.finish(id, committed.order.userID, committed.cartVersion, deadline: deadline) {
            return refusal
        }
        return .placed(id, body: committed.body)
    }

    private struct Committed: Sendable {
        let order: Order
        let cartVersion: Int?
        let body: [UInt8]
    }

    private func report(_ order: Order, _ lines: PricedLines) {
        self.instruments.orderValue(lines.total)
        self.telemetry.log.info(
            "order placed",
            [.orderID(order.id), .userID(order.userID), .amount(lines.total), .lineCount(lines.lines.count)])
    }

    // MARK: Confirm

    /// Turns the reservation of a paid order into a sale and takes what was bought out of the cart; what cannot be
    /// done now is done later.
    ///
    /// - Returns: a refusal when the reservation had expired and the stock is gone; otherwise nil.
    func finish(
        _ id: OrderID, _ userID: String, _ cartVersion: Int?, deadline: Deadline
    ) async throws -> CheckoutEnd? {
        async let isCleared = self.clearCart(userID, cartVersion, id, deadline)
        let outcome = await self.inventory.confirm(id, deadline: self.timing.stepDeadline(deadline))
        let cartIsClear = await isCleared
        switch outcome {
        case .confirmed:
            try await self.note(id) { $0.confirmed(cartIsClear: cartIsClear) }
            return nil
        case .failed(let failure):
            self.telemetry.log.warning("reservation is not confirmed yet", [.orderID(id), .failure(failure)])
            try await self.note(id) { $0.unconfirmed(cartIsClear: cartIsClear, at: self.now()) }
            return nil
        case .outOfStock(let errors):
            return try await self.refuse(id, .soldOut(errors), deadline: deadline)
        case .released:
            return try await self.refuse(id, .soldOut([]), deadline: deadline)
        }
    }

    private func clearCart(_ userID: String, _ version: Int?, _ id: OrderID, _ deadline: Deadline) async -> Bool {
        guard let version else { return true }
        do {
            try await self.carts.clear(userID, version: version, deadline: self.timing.stepDeadline(deadline))
            return true
        } catch {
            self.telemetry.log.warning("cart is not cleared yet", [.orderID(id), .cause(error)])
            return false
        }
    }

    private func note(_ id: OrderID, _ change: @escaping @Sendable (Saga) -> Saga?) async throws {
        try await self.orders.change(id) { record in
            guard let saga = record.saga, saga.step == .confirming else { return }
            record.saga = change(saga)
        }
    }

    // MARK: Refuse

    /// Cancels the order with what it owes, and pays the debt.
    func refuse(_ id: OrderID, _ refusal: Refusal, deadline: Deadline) async throws -> CheckoutEnd {
        let now = self.now()
        let leaseEnd = self.timing.leaseEnd(now)
        let isApplied = try await self.orders.change(id) { record in
            try refusal.apply(to: &record, at: now, leaseEnd: leaseEnd)
        }
        guard isApplied else { return try await self.superseded(id, deadline: deadline) }
        self.instruments.compensations.add(1, .cancel)
        self.telemetry.log.info("order cancelled", [.orderID(id), .cancelReason(refusal.reason)])
        if refusal.owesRefund || refusal.owesRelease { await self.compensation.settle(id, deadline: deadline) }
        return .refused(refusal.outcome, refusal.problem)
    }

    /// Somebody has cancelled the order in the meantime. What this checkout has done since is undone as well.
    private func superseded(_ id: OrderID, deadline: Deadline) async throws -> CheckoutEnd {
        let dueAt = self.timing.leaseEnd(self.now())
        let isCancelled = try await self.orders.change(id) { record in
            guard record.order.status == .cancelled else { return false }
            let saga = record.saga ?? Saga(step: .compensating, dueAt: dueAt, traceparent: "")
            record.saga = saga.compensating(refund: true, release: true, dueAt: dueAt)
            return true
        }
        if isCancelled { await self.compensation.settle(id, deadline: deadline) }
        return .refused(Refusal.overtaken.outcome, Refusal.overtaken.problem)
    }
}

extension Saga {
    /// After the confirmation: the cart may still be to be cleared.
    fileprivate func confirmed(cartIsClear: Bool) -> Saga? {
        guard !cartIsClear else { return nil }
        var saga = self
        saga.step = .clearing
        return saga
    }

    fileprivate func unconfirmed(cartIsClear: Bool, at now: Int) -> Saga {
        var saga = self.retried(at: now)
        if cartIsClear { saga.cartVersion = nil }
        return saga
    }
}
