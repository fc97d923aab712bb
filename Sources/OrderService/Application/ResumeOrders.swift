import HTTPCore
import OrderDomain
import Telemetry

/// Takes up orders that were left unfinished: by a process that ended, or by a service that did not answer.
///
/// An order in the middle of being placed is undone, for nobody knows whether its customer still waits. A paid one is
/// finished; a payment of which nothing is known is asked for.
struct ResumeOrders: Sendable {
    let checkout: Checkout

    /// Orders taken up in one sweep.
    private static let batchMax = 32
    /// Tries to clear a cart; it is a courtesy, and the customer can do it.
    private static let clearingTriesMax = 8

    private var orders: any OrderRepository { self.checkout.orders }
    private var telemetry: Telemetry { self.checkout.telemetry }

    /// Works on everything that is due.
    func sweep() async {
        do {
            var count = 0
            repeat {
                let now = self.checkout.now()
                // Looking is not worth a trace; what is found makes one of its own.
                let due = try await TelemetryContext.$current.withValue(TelemetryContext(isSuppressed: true)) {
                    try await self.orders.leaseDueSagas(
                        now: now, until: self.checkout.timing.leaseEnd(now), limit: Self.batchMax)
                }
                for id in due { await self.take(up: id) }
                count = due.count
            } while count == Self.batchMax && !Task.isCancelled
        } catch is CancellationError {
            return
        } catch {
            self.telemetry.log.warning("unfinished orders cannot be read", [.cause(error)])
        }
    }

    private func take(up id: OrderID) async {
        do {
            try await self(id, deadline: .after(self.checkout.timing.step + self.checkout.timing.payment))
        } catch is CancellationError {
            // The service ends; whoever comes next goes on when the lease is over.
            return
        } catch {
            self.telemetry.log.warning("order stays unfinished", [.orderID(id), .cause(error)])
        }
    }

    /// Works on one order, as far as it gets.
    func callAsFunction(_ id: OrderID, deadline: Deadline) async throws {
        guard let record = try await self.orders.record(id), let saga = record.saga else { return }
        let origin = W3CPropagator.extract(traceparent: saga.traceparent).0
        try await self.telemetry.tracer.withSpan(
            "resume order", attributes: [.orderID(id), .sagaStep(saga.step)], links: origin.map { [SpanLink($0)] } ?? []
        ) { _ in
            try await self.resume(record, saga, deadline: deadline)
        }
    }

    private func resume(_ record: OrderRecord, _ saga: Saga, deadline: Deadline) async throws {
        let id = record.order.id
        self.telemetry.log.info("order resumed", [.orderID(id), .sagaStep(saga.step)])
        switch saga.step {
        case .placing: _ = try await self.checkout.refuse(id, .interrupted, deadline: deadline)
        case .paymentUnknown: try await self.settlePayment(record, deadline: deadline)
        case .confirming:
            _ = try await self.checkout.finish(id, record.order.userID, saga.cartVersion, deadline: deadline)
        case .clearing: try await self.clear(record, saga, deadline: deadline)
        case .compensating: await self.checkout.compensation.settle(id, deadline: deadline)
        }
    }

    private func settlePayment(_ record: OrderRecord, deadline: Deadline) async throws {
        let id = record.order.id
        guard case .priced(let lines) = record.order.contents else { return }
        let finding = await self.telemetry.tracer.withSpan("find payment", kind: .client) { span in
            let finding = await self.checkout.payments.find(
                id, deadline: self.checkout.timing.paymentDeadline(deadline))
            span.setAttributes([.orderID(id), .paymentFinding(finding)])
            return finding
        }
        switch finding {
        case .captured(let reference):
            let end = try await self.checkout.complete(id, lines, reference: reference, deadline: deadline)
            self.checkout.instruments.settled(record.order.paymentMethod, finding, end)
        case .declined(let reason):
            let end = try await self.checkout.decline(id, reason, lines, deadline: deadline)
            self.checkout.instruments.settled(record.order.paymentMethod, finding, end)
        case .none: _ = try await self.checkout.refuse(id, .paymentFailed, deadline: deadline)
        case .unknown: try await self.putOff(id)
        }
    }

    private func clear(_ record: OrderRecord, _ saga: Saga, deadline: Deadline) async throws {
        guard let version = saga.cartVersion, saga.attempts <= Self.clearingTriesMax else {
            return try await self.end(record.order.id)
        }
        do {
            try await self.checkout.carts.clear(record.order.userID, version: version, deadline: deadline)
        } catch {
            self.telemetry.log.warning("cart is not cleared yet", [.orderID(record.order.id), .cause(error)])
            return try await self.putOff(record.order.id)
        }
        try await self.end(record.order.id)
    }

    private func end(_ id: OrderID) async throws {
        try await self.orders.change(id) { record in
            if record.saga?.step == .clearing { record.saga = nil }
        }
    }

    private func putOff(_ id: OrderID) async throws {
        let now = self.checkout.now()
        try await self.orders.change(id) { record in record.saga = record.saga?.retried(at: now) }
    }
}
