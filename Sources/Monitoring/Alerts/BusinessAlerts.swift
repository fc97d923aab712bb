import CartService
import OrderService
import ProductService
import Telemetry

/// Orders, payments, stock: what the shop is for.
enum BusinessAlerts {
    /// - Parameter scale: how long an order may stand still shrinks with the windows.
    static func area(_ scale: TimeScale) -> AlertArea {
        AlertArea(
            "business",
            [
                Self.money, Self.stock, Self.stuckSaga(scale), Self.checkoutFailing(scale), Self.ordersStopped(scale),
                Self.declines(scale),
                Self.unknownPayments(scale), Self.compensations(scale), Self.expirations(scale), Self.lowStock,
            ])
    }

    private static let length = PromDuration.minutes(40)
    private static let order = Label("service", "order")

    // MARK: Invariants

    private static var money: Alert {
        let violations = Series(OrderMetrics.invariantViolations, .is(OrderMetrics.Invariant.money))
        let rule = AlertRule(
            "MoneyInvariantViolated", .page,
            when: violations.value.max(by: [.service]).greater(than: 0), for: .minutes(1),
            summary: "Money does not add up",
            description: "{{ $value }} orders contradict their payments.", dashboard: .business)
        return Alert(
            rule,
            Runbook(
                means:
                    "An order is paid for twice, or paid and not placed, or placed and not paid for: the audit of the "
                    + "books found it and goes on finding it.",
                customers: "Somebody may have been charged wrongly.",
                look: [
                    .query("How many:", violations.value),
                    .command("Which orders:", "grep -h 'money does not add up' .vitrine/logs/order.log | tail"),
                    .query("Unfinished orders, which may still settle it:", Series(OrderMetrics.sagaInFlight).value),
                ],
                steps: [
                    "Stop making it worse: if every order is affected, force the breaker of the payment's route open or "
                        + "stop the order service; refused is better than wrong.",
                    "Take each order's history (`GET /api/v1/orders/<id>/events`) and its trace, and compare them with the "
                        + "provider's book.",
                    "Refund by cancelling the order; never edit rows by hand.",
                ],
                reproduce: .casesOnly("no fault of the shop breaks the books, which is the point of them.")),
            cases: [
                .fires(
                    rule, "one order",
                    given: [InputSeries(violations.where(.is(.service, "order")).value, .at(1, for: .minutes(5)))],
                    at: .minutes(3), [self.order], summary: "Money does not add up",
                    description: "1 orders contradict their payments."),
                .quiet(
                    rule, "an order in the midst of its payment, gone at the next look",
                    given: [
                        InputSeries(
                            violations.where(.is(.service, "order")).value, .at(1, for: .seconds(30)),
                            .at(0, for: .minutes(5)))
                    ], at: .minutes(2)),
            ])
    }

    private static var stock: Alert {
        let violations = Series(ProductMetrics.violations, .is(ProductMetrics.Invariant.stock))
        let rule = AlertRule(
            "StockInvariantViolated", .page,
            when: violations.value.max(by: [.service]).greater(than: 0), for: .minutes(1),
            summary: "Stock does not add up",
            description: "{{ $value }} products contradict their movements.", dashboard: .business)
        return Alert(
            rule,
            Runbook(
                means: "On hand, reserved and sold units of a product are not what its movements come to.",
                customers: "Something may be sold that is not there.",
                look: [
                    .query("How many products:", violations.value),
                    .query("Where units are:", Series(ProductMetrics.stockUnits).value),
                    .command(
                        "What the audit says:", "grep -h 'stock does not add up' .vitrine/logs/product.log | tail"),
                ],
                steps: [
                    "Compare the product's movements: `GET /api/v1/products/<id>/stock/history` as admin.",
                    "Look for writes from outside the service: nothing else may open its database.",
                    "Correct by a booked movement with a reason, never by editing rows.",
                ],
                reproduce: .casesOnly("no fault of the shop breaks the stock, which is the point of it.")),
            cases: [
                .fires(
                    rule, "two products",
                    given: [InputSeries(violations.where(.is(.service, "product")).value, .at(2, for: .minutes(5)))],
                    at: .minutes(3), [Label("service", "product")], summary: "Stock does not add up",
                    description: "2 products contradict their movements."),
                .quiet(
                    rule, "money is another matter",
                    given: [
                        InputSeries(
                            Series(
                                OrderMetrics.invariantViolations, .is(OrderMetrics.Invariant.money),
                                .is(.service, "order")
                            ).value, .at(1, for: .minutes(5)))
                    ], at: .minutes(3)),
            ])
    }

    // MARK: Orders

    private static func stuckSaga(_ scale: TimeScale) -> Alert {
        let age = Series(OrderMetrics.sagaOldestAge)
        // Half a minute at least: the sweep for unfinished orders comes in real time, however fast that of the rules passes.
        let bound = scale.factor == 1 ? 300.0 : 30
        let rule = AlertRule(
            "StuckSaga", .ticket,
            when: age.value.max(by: [.service, LabelKey(OrderMetrics.SagaStep.self)]).greater(than: bound),
            summary: "Orders stand still at {{ $labels.step }}",
            description: "The oldest has not moved for {{ $value | humanizeDuration }}.", dashboard: .business)
        func aged(_ seconds: Double) -> InputSeries {
            InputSeries(
                Series(OrderMetrics.sagaOldestAge, .is(.service, "order"), .is(OrderMetrics.SagaStep.confirming)).value,
                .at(seconds, for: .minutes(5)))
        }
        return Alert(
            rule,
            Runbook(
                means:
                    "An order has something left to be done (stock to confirm, a payment to find out about, a cart to "
                    + "clear) and tries in vain.",
                customers: "Theirs is `pending`, or goods stay reserved.",
                look: [
                    .query("At which step, and how many:", Series(OrderMetrics.sagaInFlight).value),
                    .query("How old:", Series(OrderMetrics.sagaOldestAge).value),
                    .command(
                        "Why:",
                        "grep -hE 'not confirmed yet|not cleared yet|stays unfinished|cannot be released' "
                            + ".vitrine/logs/order.log | tail"),
                ],
                steps: [
                    "`confirming`, `compensating`: the product service does not answer; `clearing`: the cart service; "
                        + "`payment_unknown`: the payment provider.",
                    "Once that works again orders settle by themselves within a minute.",
                    "Nothing is to be done by hand; an order that still stands still then is a defect: keep its trace.",
                ],
                reproduce: .faultUnderLoad(
                    "let the payment provider be unavailable for two minutes, while customers come.", at: 9004,
                    #"{"kind":"payment_unavailable","point":"payment","duration_seconds":120}"#)),
            cases: [
                .fires(
                    rule, "for six minutes", given: [aged(360)], at: .minutes(2),
                    [self.order, Label("step", "confirming")],
                    summary: "Orders stand still at confirming",
                    description: "The oldest has not moved for 6m 0s."),
                .quiet(rule, "for four", given: [aged(240)], at: .minutes(2)),
            ])
    }

    private static func placed(_ outcome: OrderMetrics.Outcome, perSecond rate: Double) -> InputSeries {
        InputSeries(
            Series(OrderMetrics.placed, .is(.service, "order"), .is(outcome)).value,
            .rising(perSecond: rate, for: self.length))
    }

    private static func checkoutFailing(_ scale: TimeScale) -> Alert {
        let failed = Series(OrderMetrics.placed, .isAny(OrderMetrics.Outcome.unavailable, .failed))
        let rule = AlertRule(
            "CheckoutFailing", .ticket,
            when: PromQL.ratio(
                failed.rate(.minutes(5)).sum(by: [.service]),
                Series(OrderMetrics.placed).rate(.minutes(5)).sum(by: [.service])
            ).greater(than: 0.1)
                .with(atLeast: scale.count(3), of: failed.increase(.minutes(5)).sum(by: [.service])),
            for: .minutes(1),
            summary: "Checkouts fail",
            description:
                "{{ $value | humanizePercentage }} of the tries to place an order fail through no fault of the "
                + "customer's.",
            dashboard: .business)
        return Alert(
            rule,
            Runbook(
                means: "Orders are refused because another service does not answer, or fail within the order service.",
                customers: "They cannot buy.",
                look: [
                    .query(
                        "How tries end:",
                        Series(OrderMetrics.placed).rate(.minutes(5)).sum(by: [LabelKey(OrderMetrics.Outcome.self)])),
                    .query(
                        "Whom it waits for:",
                        Series(OrderMetrics.payments).rate(.minutes(5)).sum(by: [
                            LabelKey(OrderMetrics.PaymentOutcome.self)
                        ])),
                    .dashboard(.dependencies, "order's calls of product and cart"),
                ],
                steps: [
                    "`unavailable`: product, cart or the payment provider; their own alerts say which.",
                    "`failed`: the order service itself; open the trace of one.",
                ],
                reproduce: .experiment("product-failing")),
            cases: [
                .fires(
                    rule, "one in four",
                    given: [self.placed(.placed, perSecond: 0.15), self.placed(.unavailable, perSecond: 0.05)],
                    at: .minutes(10), [self.order], summary: "Checkouts fail",
                    description: "25% of the tries to place an order fail through no fault of the customer's."),
                .quiet(
                    rule, "declined cards are the customer's",
                    given: [self.placed(.placed, perSecond: 0.1), self.placed(.paymentDeclined, perSecond: 0.1)],
                    at: .minutes(10)),
                .quiet(
                    rule, "one in fifty",
                    given: [self.placed(.placed, perSecond: 0.98), self.placed(.failed, perSecond: 0.02)],
                    at: .minutes(10)),
            ])
    }

    private static func ordersStopped(_ scale: TimeScale) -> Alert {
        let added = Series(CartMetrics.itemsAdded)
        let orders = Series(OrderMetrics.placed, .is(OrderMetrics.Outcome.placed))
        let rule = AlertRule(
            "OrdersStopped", .page,
            when: orders.increase(.minutes(30)).sum().equals(0).and(
                added.increase(.minutes(30)).sum().atLeast(scale.count(60))),
            for: .minutes(5),
            summary: "Carts are filled, and nobody orders",
            description: "No order has been placed for half an hour, though things are put into carts.",
            dashboard: .business)
        func adding(perSecond rate: Double) -> InputSeries {
            InputSeries(
                Series(CartMetrics.itemsAdded, .is(.service, "cart")).value, .rising(perSecond: rate, for: self.length))
        }
        return Alert(
            rule,
            Runbook(
                means: "Customers come as far as the cart and no further, though no error need be seen anywhere.",
                customers: "They do not, or cannot, buy.",
                look: [
                    .query(
                        "How tries end, if there are any:",
                        Series(OrderMetrics.placed).increase(.minutes(30)).sum(by: [LabelKey(OrderMetrics.Outcome.self)]
                        )),
                    .query("What goes into carts:", Series(CartMetrics.itemsAdded).rate(.minutes(5)).sum()),
                ],
                steps: [
                    "Place an order by hand, as in the README, and follow its trace.",
                    "No tries at all: something before the order service refuses them: tokens, rate limits, a client's release.",
                    "Tries that end otherwise: `CheckoutFailing`, `PaymentDeclines`.",
                ],
                reproduce: .faultUnderLoad(
                    "let the payment provider be unavailable for a minute, while customers come.", at: 9004,
                    #"{"kind":"payment_unavailable","point":"payment","duration_seconds":60}"#)),
            cases: [
                .fires(
                    rule, "half an hour without one",
                    given: [adding(perSecond: 0.1), self.placed(.placed, perSecond: 0)], at: .minutes(38),
                    summary: "Carts are filled, and nobody orders",
                    description: "No order has been placed for half an hour, though things are put into carts."),
                .quiet(
                    rule, "one order in ten minutes",
                    given: [adding(perSecond: 0.1), self.placed(.placed, perSecond: 1.0 / 600)], at: .minutes(38)),
                .quiet(
                    rule, "nobody is in the shop at all",
                    given: [adding(perSecond: 0), self.placed(.placed, perSecond: 0)], at: .minutes(38)),
            ])
    }

    // MARK: Payments

    private static func payments(_ outcome: OrderMetrics.PaymentOutcome, perSecond rate: Double) -> InputSeries {
        InputSeries(
            Series(OrderMetrics.payments, .is(.service, "order"), .is(outcome), .is(OrderMetrics.Method.creditCard))
                .value,
            .rising(perSecond: rate, for: self.length))
    }

    private static let paymentLook = Runbook.Look.query(
        "How charges end:",
        Series(OrderMetrics.payments).rate(.minutes(5))
            .sum(by: [LabelKey(OrderMetrics.PaymentOutcome.self), LabelKey(OrderMetrics.Method.self)]))

    private static func declines(_ scale: TimeScale) -> Alert {
        let declined = Series(OrderMetrics.payments, .is(OrderMetrics.PaymentOutcome.declined))
        let decided = Series(OrderMetrics.payments, .isAny(OrderMetrics.PaymentOutcome.captured, .declined))
        let rule = AlertRule(
            "PaymentDeclines", .ticket,
            when: PromQL.ratio(
                declined.rate(.minutes(15)).sum(by: [.service]), decided.rate(.minutes(15)).sum(by: [.service])
            ).greater(than: 0.4)
                .with(atLeast: scale.count(5), of: declined.increase(.minutes(15)).sum(by: [.service])),
            for: .minutes(1),
            summary: "Many payments are declined",
            description: "{{ $value | humanizePercentage }} of the charges are declined.", dashboard: .business)
        return Alert(
            rule,
            Runbook(
                means:
                    "Far more charges are declined than usual: the provider refuses us, or somebody tries stolen cards.",
                customers: "402, though their card may be good.",
                look: [
                    self.paymentLook,
                    .command(
                        "Why:", "grep -h '\"payment declined\"' .vitrine/logs/order.log | tail"),
                ],
                steps: [
                    "One reason, many accounts: ask the provider.",
                    "Many new accounts with small orders: cards are being tried; see `RateLimitSurge`, lower the limits.",
                ],
                reproduce: .faultUnderLoad(
                    "let the provider decline every charge for a minute, while customers come.", at: 9004,
                    #"{"kind":"payment_decline","point":"payment","duration_seconds":60}"#)),
            cases: [
                .fires(
                    rule, "half",
                    given: [self.payments(.captured, perSecond: 0.05), self.payments(.declined, perSecond: 0.05)],
                    at: .minutes(20), [self.order], summary: "Many payments are declined",
                    description: "50% of the charges are declined."),
                .quiet(
                    rule, "one in five",
                    given: [self.payments(.captured, perSecond: 0.08), self.payments(.declined, perSecond: 0.02)],
                    at: .minutes(20)),
            ])
    }

    private static func unknownPayments(_ scale: TimeScale) -> Alert {
        let unknown = Series(OrderMetrics.payments, .is(OrderMetrics.PaymentOutcome.unknown))
        let rule = AlertRule(
            "PaymentOutcomeUnknown", .ticket,
            when: unknown.increase(.minutes(5)).sum(by: [.service]).atLeast(scale.count(3)),
            summary: "The payment provider does not say how charges ended",
            description: "{{ $value | humanize }} charges within five minutes have an outcome that nobody knows yet.",
            dashboard: .business)
        return Alert(
            rule,
            Runbook(
                means:
                    "The provider did not answer in time or was unavailable; those orders are `pending` until the order "
                    + "service has found out.",
                customers: "202 and a pending order; later it is placed or cancelled.",
                look: [
                    self.paymentLook,
                    .query(
                        "Orders that wait for it:",
                        Series(OrderMetrics.sagaInFlight, .is(OrderMetrics.SagaStep.paymentUnknown)).value),
                    .command("Which:", "grep -h '\"payment outcome unknown\"' .vitrine/logs/order.log | tail"),
                ],
                steps: [
                    "Ask the provider. Charges are made under the order's id, so that asking again charges nobody twice.",
                    "When it is back, `shop_saga_in_flight{step=\"payment_unknown\"}` falls to 0; else see `StuckSaga`.",
                ],
                reproduce: .experiment("payment-answer-lost")),
            cases: [
                .fires(
                    rule, "one a minute", given: [self.payments(.unknown, perSecond: 1.0 / 60)], at: .minutes(10),
                    [self.order], summary: "The payment provider does not say how charges ended",
                    description: "5 charges within five minutes have an outcome that nobody knows yet."),
                .quiet(
                    rule, "one in three minutes", given: [self.payments(.unknown, perSecond: 1.0 / 180)],
                    at: .minutes(10)),
            ])
    }

    private static func compensations(_ scale: TimeScale) -> Alert {
        let undone = Series(OrderMetrics.compensations, .isAny(OrderMetrics.CompensationStep.release, .refund))
        let rule = AlertRule(
            "CompensationSurge", .ticket,
            when: PromQL.ratio(
                undone.rate(.minutes(5)).sum(by: [.service]),
                Series(OrderMetrics.placed).rate(.minutes(5)).sum(by: [.service])
            ).greater(than: 0.5)
                .with(atLeast: scale.count(5), of: undone.increase(.minutes(5)).sum(by: [.service])),
            for: .minutes(1),
            summary: "Orders are undone halfway",
            description:
                "{{ $value | humanizePercentage }} of the tries to place an order are undone after stock was held.",
            dashboard: .business)
        func undoing(perSecond rate: Double) -> InputSeries {
            InputSeries(
                Series(OrderMetrics.compensations, .is(.service, "order"), .is(OrderMetrics.CompensationStep.release))
                    .value,
                .rising(perSecond: rate, for: self.length))
        }
        return Alert(
            rule,
            Runbook(
                means: "Orders get as far as holding stock, and then fail: at the payment, or afterwards.",
                customers: "Their order is cancelled; what was charged is refunded.",
                look: [
                    .query(
                        "Which steps are undone:",
                        Series(OrderMetrics.compensations).rate(.minutes(5))
                            .sum(by: [LabelKey(OrderMetrics.CompensationStep.self)])),
                    self.paymentLook,
                ],
                steps: [
                    "Mostly declined: `PaymentDeclines`. Mostly unavailable: the provider is down.",
                    "Refunds mean that stock was gone by the time of the confirmation: see `ReservationsExpiring`.",
                ],
                reproduce: .experiment("payment-outage")),
            cases: [
                .fires(
                    rule, "three in four",
                    given: [self.placed(.paymentDeclined, perSecond: 0.1), undoing(perSecond: 0.075)], at: .minutes(10),
                    [self.order], summary: "Orders are undone halfway",
                    description: "75% of the tries to place an order are undone after stock was held."),
                .quiet(
                    rule, "one in ten", given: [self.placed(.placed, perSecond: 0.1), undoing(perSecond: 0.01)],
                    at: .minutes(10)),
            ])
    }

    // MARK: Stock

    private static func expirations(_ scale: TimeScale) -> Alert {
        let expired = Series(ProductMetrics.reservations, .is(ProductMetrics.ReservationOutcome.expired))
        let rule = AlertRule(
            "ReservationsExpiring", .ticket,
            when: expired.increase(.minutes(15)).sum(by: [.service]).atLeast(scale.count(3)),
            summary: "Reserved stock is given back because nobody confirmed it",
            description: "{{ $value | humanize }} reservations expired within 15 minutes.", dashboard: .business)
        func expiring(perSecond rate: Double) -> InputSeries {
            InputSeries(
                Series(
                    ProductMetrics.reservations, .is(.service, "product"),
                    .is(ProductMetrics.ReservationOutcome.expired)
                )
                .value, .rising(perSecond: rate, for: self.length))
        }
        return Alert(
            rule,
            Runbook(
                means: "Orders reserved stock and neither confirmed nor released it in time: the order service died or "
                    + "cannot reach the product service.",
                customers: "A paid order may find its goods gone, and is refunded.",
                look: [
                    .query(
                        "How reservations end:",
                        Series(ProductMetrics.reservations).rate(.minutes(15))
                            .sum(by: [LabelKey(ProductMetrics.ReservationOutcome.self)])),
                    .query("Orders that should confirm:", Series(OrderMetrics.sagaInFlight).value),
                ],
                steps: [
                    "See whether the order service runs and its calls of product succeed.",
                    "Orders whose stock was given back reserve anew by themselves, or are refunded.",
                ],
                reproduce: .casesOnly("reservations live for minutes of the clock, longer than any experiment lasts.")),
            cases: [
                .fires(
                    rule, "one in three minutes", given: [expiring(perSecond: 1.0 / 160)], at: .minutes(20),
                    [Label("service", "product")], summary: "Reserved stock is given back because nobody confirmed it",
                    description: "5.625 reservations expired within 15 minutes."),
                .quiet(rule, "one in ten minutes", given: [expiring(perSecond: 1.0 / 600)], at: .minutes(20)),
            ])
    }

    private static var lowStock: Alert {
        let rule = AlertRule(
            "LowStock", .ticket,
            when: Series(ProductMetrics.lowStockProducts).value.max(by: [.service]).greater(than: 48),
            for: .minutes(30),
            summary: "Many products are nearly sold out",
            description: "{{ $value }} products have no more units than the threshold.", dashboard: .business)
        func low(_ count: Double) -> InputSeries {
            InputSeries(
                Series(ProductMetrics.lowStockProducts, .is(.service, "product")).value, .at(count, for: self.length))
        }
        return Alert(
            rule,
            Runbook(
                means: "A fifth of the seeded catalogue or more has hardly any units left.",
                customers: "409: out of stock.",
                look: [
                    .query("How many products:", Series(ProductMetrics.lowStockProducts).value),
                    .query("Where units are:", Series(ProductMetrics.stockUnits).value),
                ],
                steps: ["Book units in: `POST /api/v1/products/<id>/stock` as admin, with a reason."],
                reproduce: .command(
                    "buy the shop empty, without anybody who restocks.",
                    ".build/release/vitrine load --rate 40 --duration 10m")),
            cases: [
                .fires(
                    rule, "a quarter of them", given: [low(60)], at: .minutes(35), [Label("service", "product")],
                    summary: "Many products are nearly sold out",
                    description: "60 products have no more units than the threshold."),
                .quiet(rule, "a few", given: [low(10)], at: .minutes(35)),
            ])
    }
}
