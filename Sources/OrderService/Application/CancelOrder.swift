import HTTPCore
import OrderDomain
import Routing
import Telemetry

/// Cancels an order that is not shipped: the money and the stock go back.
///
/// Cancelling twice is as good as once.
struct CancelOrder: Sendable {
    let orders: any OrderRepository
    let compensation: Compensation
    let timing: CheckoutTiming
    let telemetry: Telemetry
    /// Microseconds since 1970.
    let now: @Sendable () -> Int

    /// - Returns: the order, cancelled. Money or stock that could not go back now follows.
    /// - Throws: `OrderNotFound`, `OrderError.illegalStep`.
    func callAsFunction(_ id: OrderID, _ reason: CancelReason, deadline: Deadline) async throws -> Order {
        let now = self.now()
        let leaseEnd = self.timing.leaseEnd(now)
        let (order, isNew) = try await self.orders.change(id) { record in
            guard record.order.status != .cancelled else { return (record.order, false) }
            try Self.cancel(&record, reason, at: now, leaseEnd: leaseEnd)
            return (record.order, true)
        }
        if isNew {
            self.telemetry.log.info(
                "order cancelled", [.orderID(id), .userID(order.userID), .cancelReason(reason)])
            self.compensation.instruments.compensations.add(1, .cancel)
        }
        await self.compensation.settle(id, deadline: deadline)
        return order
    }

    private static func cancel(
        _ record: inout OrderRecord, _ reason: CancelReason, at now: Int, leaseEnd: Int
    ) throws {
        // While an order is being placed its payment may be under way, so that it is taken back in any case.
        let isBeingPlaced = record.order.status == .pending
        record.newEvents.append(try record.order.cancel(reason, at: now))
        let saga = record.saga ?? Saga(step: .compensating, dueAt: leaseEnd, traceparent: "")
        record.saga = saga.compensating(refund: true, release: true, dueAt: leaseEnd)
        if isBeingPlaced {
            record.answer = .store(StoredAnswer(Refusal.overtaken.problem))
        }
    }
}
