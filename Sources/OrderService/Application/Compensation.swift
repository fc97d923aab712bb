import HTTPCore
import OrderDomain
import Telemetry

/// Undoes what was done for orders that were cancelled: money back, stock back.
///
/// That it is owed was written with the cancellation, so nothing is lost when a step fails or the process ends: what
/// could not be done now is tried again later.
struct Compensation: Sendable {
    let orders: any OrderRepository
    let inventory: any Inventory
    let payments: any PaymentProvider
    let timing: CheckoutTiming
    let telemetry: Telemetry
    let instruments: OrderInstruments
    /// Microseconds since 1970.
    let now: @Sendable () -> Int

    /// Pays what a cancelled order owes, as far as possible now.
    /// - Returns: whether nothing is owed any more.
    @discardableResult
    func settle(_ id: OrderID, deadline: Deadline) async -> Bool {
        do {
            guard let record = try await self.orders.record(id), let saga = record.saga, saga.step == .compensating
            else { return true }
            let method = record.order.paymentMethod
            // Refund and release in reverse order of charge and reserve.
            let refund = saga.owesRefund ? await self.refund(id, deadline) : nil
            let isReleased = saga.owesRelease ? await self.release(id, deadline) : true
            let now = self.now()
            let isSettled = try await self.orders.change(id) { record in
                Self.note(refund, isReleased: isReleased, in: &record, at: now)
                return record.saga == nil
            }
            if case .refunded(let amount) = refund { self.report(amount, of: id, method) }
            return isSettled
        } catch {
            self.telemetry.log.warning("compensation is put off", [.orderID(id), .cause(error)])
            return false
        }
    }

    private func refund(_ id: OrderID, _ deadline: Deadline) async -> RefundOutcome {
        let outcome = await self.telemetry.tracer.withSpan("refund payment", kind: .client) { span in
            let outcome = await self.payments.refund(id, deadline: self.timing.paymentDeadline(deadline))
            span.setAttributes([.orderID(id), .refundOutcome(outcome)])
            if outcome == .unknown { span.setStatus(.error("no answer")) }
            return outcome
        }
        if outcome != .unknown { self.instruments.compensations.add(1, .refund) }
        return outcome
    }

    private func report(_ amount: Money, of id: OrderID, _ method: PaymentMethod) {
        self.instruments.payments.add(1, LabelPair(.refunded, .init(method)))
        self.telemetry.log.info("payment refunded", [.orderID(id), .amount(amount)])
    }

    private func release(_ id: OrderID, _ deadline: Deadline) async -> Bool {
        switch await self.inventory.release(id, deadline: self.timing.stepDeadline(deadline)) {
        case .released:
            self.instruments.compensations.add(1, .release)
            return true
        case .failed(let failure):
            self.telemetry.log.warning("stock cannot be released yet", [.orderID(id), .failure(failure)])
            return false
        }
    }

    private static func note(_ refund: RefundOutcome?, isReleased: Bool, in record: inout OrderRecord, at now: Int) {
        guard var saga = record.saga, saga.step == .compensating else { return }
        switch refund {
        case .refunded(let amount):
            saga.owesRefund = false
            var payment =
                record.payment ?? Payment(.captured, method: record.order.paymentMethod, amount: amount, at: now)
            payment.become(.refunded, at: now)
            record.payment = payment
            record.newEvents.append(OrderEvent(.refunded, status: record.order.status, at: now))
        case .nothingCaptured:
            saga.owesRefund = false
            // A captured one stays so: that the provider does not know it is for the audit to find.
            if record.payment?.status == .unknown { record.payment?.become(.voided, at: now) }
        case .unknown, nil: break
        }
        if isReleased { saga.owesRelease = false }
        record.saga = saga.owesRefund || saga.owesRelease ? saga.retried(at: now) : nil
    }
}
