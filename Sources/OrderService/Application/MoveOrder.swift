import HTTPCore
import OrderDomain
import Routing
import Telemetry

/// Moves an order on, as an admin does.
struct MoveOrder: Sendable {
    let orders: any OrderRepository
    let cancel: CancelOrder
    let resume: ResumeOrders
    let telemetry: Telemetry
    /// Microseconds since 1970.
    let now: @Sendable () -> Int

    /// - Throws: `OrderNotFound`, `OrderError.illegalStep`; `Problem` 409 while the order is still being worked on.
    func callAsFunction(
        _ id: OrderID, to status: OrderStatus, trackingNumber: String?, deadline: Deadline
    ) async throws -> Order {
        switch status {
        case .cancelled: return try await self.cancel(id, .byAdmin, deadline: deadline)
        case .processing: return try await self.settle(id, deadline: deadline)
        case .pending, .shipped, .delivered: return try await self.step(id, to: status, trackingNumber)
        }
    }

    private func step(_ id: OrderID, to status: OrderStatus, _ trackingNumber: String?) async throws -> Order {
        let now = self.now()
        let order = try await self.orders.change(id) { record in
            switch status {
            case .shipped:
                let event = try record.order.ship(trackingNumber: trackingNumber, at: now)
                // Until the sale is confirmed the stock may turn out to be gone.
                guard record.saga?.step != .confirming else { throw Self.isBeingWorkedOn }
                record.newEvents.append(event)
            case .delivered: record.newEvents.append(try record.order.deliver(at: now))
            case .pending, .processing, .cancelled: _ = try record.order.status.moved(to: status)
            }
            return record.order
        }
        self.telemetry.log.info("order moved", [.orderID(id), .orderStatus(order.status)])
        return order
    }

    /// `pending` → `processing` takes a captured payment, which the provider is asked for.
    private func settle(_ id: OrderID, deadline: Deadline) async throws -> Order {
        guard let record = try await self.orders.record(id) else { throw OrderNotFound(id: id) }
        _ = try record.order.status.moved(to: .processing)
        if record.saga?.step == .paymentUnknown { try await self.resume(id, deadline: deadline) }
        guard let order = try await self.orders.record(id)?.order, order.status == .processing else {
            throw Problem.conflict("payment-not-captured", "The payment of the order has not been captured.")
        }
        return order
    }

    private static let isBeingWorkedOn: Problem = {
        var problem = Problem.conflict(
            "request-in-progress", "The order is still being confirmed; repeat it in a moment.")
        problem.fields = .retryAfter(1)
        return problem
    }()
}
