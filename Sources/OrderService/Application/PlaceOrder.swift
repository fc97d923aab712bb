import HTTPCore
import OrderDomain
import Routing
import Telemetry

/// What a customer wants to order.
struct PlaceOrderCommand: Sendable {
    let userID: String
    /// Nil for what is in the customer's cart.
    let lines: RequestedLines?
    let paymentMethod: PaymentMethod
    let shippingAddress: ShippingAddress?
    let key: IdempotencyKey?
}

/// Places an order once, however often it is asked for with the same idempotency key.
struct PlaceOrder: Sendable {
    let checkout: Checkout
    /// How long a key counts.
    let keyLifetime: Duration
    let makeID: @Sendable () -> OrderID

    private var orders: any OrderRepository { self.checkout.orders }
    private var telemetry: Telemetry { self.checkout.telemetry }
    private var instruments: OrderInstruments { self.checkout.instruments }

    func callAsFunction(_ command: PlaceOrderCommand, deadline: Deadline) async throws -> CheckoutEnd {
        let start = ContinuousClock.now
        do {
            let end = try await self.telemetry.tracer.withSpan("place order") { span in
                let end = try await self.place(command, span, deadline: deadline)
                span.setAttribute(.outcome(end.outcome))
                return end
            }
            self.count(end.outcome, since: start)
            return end
        } catch {
            self.count(error is any ProblemConvertible || error is Problem ? .unavailable : .failed, since: start)
            throw error
        }
    }

    private func count(_ outcome: OrderMetrics.Outcome, since start: ContinuousClock.Instant) {
        self.instruments.placed.add(1, outcome, in: TelemetryContext.current.spanContext)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        self.instruments.checkoutDuration.record(seconds, in: TelemetryContext.current.spanContext)
    }

    private func place(
        _ command: PlaceOrderCommand, _ span: ActiveSpan, deadline: Deadline
    ) async throws -> CheckoutEnd {
        if let end = try await self.earlier(command.key) { return end }
        let basket = try await self.basket(command, deadline: deadline)
        guard let lines = basket.lines else {
            // An equal request may have ordered the cart since the key was looked up.
            if let end = try await self.earlier(command.key) { return end }
            return .refused(
                .invalid, .unprocessable([FieldError("items", "the cart is empty")], detail: "The cart is empty."))
        }
        let record = self.record(command, lines, cartVersion: basket.version, span)
        span.setAttributes([
            .orderID(record.order.id), .lineCount(lines.lines.count), .paymentMethod(command.paymentMethod),
        ])
        if let used = try await self.orders.insert(record, key: command.key, keysSince: self.oldestKey) {
            return try await self.answer(command.key, used)
        }
        return try await self.checkout.run(record.order.id, lines, command.paymentMethod, deadline: deadline)
    }

    /// The order as it is first written down.
    private func record(
        _ command: PlaceOrderCommand, _ lines: RequestedLines, cartVersion: Int?, _ span: ActiveSpan
    ) -> OrderRecord {
        let now = self.checkout.now()
        let order = Order(
            placing: self.makeID(), userID: command.userID, lines: lines, paymentMethod: command.paymentMethod,
            shippingAddress: command.shippingAddress, at: now)
        let saga = Saga(
            step: .placing, cartVersion: cartVersion, dueAt: self.checkout.timing.leaseEnd(now),
            traceparent: W3CPropagator.traceparent(span.context))
        return OrderRecord(order: order, saga: saga, newEvents: [OrderEvent(.placed, status: .pending, at: now)])
    }

    // MARK: Basket

    /// What to order; no lines for an empty cart.
    private func basket(
        _ command: PlaceOrderCommand, deadline: Deadline
    ) async throws -> (lines: RequestedLines?, version: Int?) {
        if let lines = command.lines { return (lines, nil) }
        let cart = try await self.checkout.carts.cart(
            of: command.userID, deadline: self.checkout.timing.stepDeadline(deadline))
        guard !cart.lines.isEmpty else { return (nil, nil) }
        return (try RequestedLines(merging: cart.lines), cart.version)
    }

    // MARK: Idempotency

    private var oldestKey: Int { self.checkout.now() - self.keyLifetime.microseconds }

    private func earlier(_ key: IdempotencyKey?) async throws -> CheckoutEnd? {
        guard let key, let used = try await self.orders.use(of: key, since: self.oldestKey) else { return nil }
        return try await self.answer(key, used)
    }

    /// What a request gets whose key has been used.
    private func answer(_ key: IdempotencyKey?, _ used: UsedKey) async throws -> CheckoutEnd {
        guard key?.fingerprint == used.fingerprint else {
            return .refused(
                .conflict,
                Problem(
                    .unprocessableContent, code: "idempotency-key-reused",
                    detail: "The Idempotency-Key was used for another request; take a new one for a new intent."))
        }
        if let answer = used.answer { return .replayed(used.orderID, answer) }
        if let record = try await self.orders.record(used.orderID), record.saga?.step == .paymentUnknown {
            return .pending(used.orderID, body: self.checkout.render(record.order))
        }
        var problem = Problem.conflict(
            "request-in-progress", "An equal request with this Idempotency-Key is under way; repeat it in a moment.")
        problem.fields = .retryAfter(1)
        return .refused(.conflict, problem)
    }
}
