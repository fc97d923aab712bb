import CartService
import OrderService
import ProductService
import ServiceKit
import Telemetry
import UserService

extension Dashboard {
    static let business = Dashboard(
        .business,
        "Whether the shop sells: from a visit to a paid order, what it earns, what stands in the way, and whether "
            + "money and stock add up.",
        tags: ["business"], related: [.overview, .objectives, .service, .logs]
    ) {
        BusinessRows.now
        BusinessRows.funnel
        BusinessRows.sales
        BusinessRows.customers
        BusinessRows.stock
        BusinessRows.sagas
    }
}

private enum BusinessRows {
    static let orders = Series(OrderMetrics.placed)
    static let value = Series(OrderMetrics.orderValue)
    static let dollars = Self.value.where(.is(.currency, "USD"))
    static let payments = Series(OrderMetrics.payments)
    /// In a whole unit of every currency that is sold in.
    static let minorUnits = 100.0

    private static let paid = Series(OrderMetrics.payments, .is(OrderMetrics.PaymentOutcome.captured))

    static let now = Row("Now", columns: 8, height: 4) {
        Stat("Orders", .perMinute, "Orders placed a minute. Compare with the same hour of another day.") {
            Query(Self.orders.where(.is(OrderMetrics.Outcome.placed)).rate(.rateInterval).sum() * 60)
        }
        Stat(
            "Revenue", .dollars, "What orders placed within the range shown came to, in dollars.",
            hasTrend: false
        ) {
            Query(Self.dollars.increase(.range).sum() / Self.minorUnits)
        }
        Stat("Mean order", .dollars, "What an order came to, over the range shown.", hasTrend: false) {
            Query(
                Self.dollars.increase(.range).sum() / Self.minorUnits
                    / Self.orders.where(.is(OrderMetrics.Outcome.placed)).increase(.range).sum().greater(than: 0))
        }
        Stat(
            "Checkouts that fail", .ratio,
            "Share of tries to order that failed of the shop itself, not of the customer's money or of stock. Worry "
                + "above 1 %."
        ) {
            Query(
                .ratio(
                    Self.orders.where(.isAny(OrderMetrics.Outcome.failed, .unavailable)).rate(.rateInterval).sum(),
                    Self.orders.rate(.rateInterval).sum()))
        }.thresholds(.above(0.001, 0.01)).decimals(2)
        Stat(
            "Payments declined", .ratio,
            "Share of payments that the provider declined. A jump is the provider's, or fraud."
        ) {
            Query(
                .ratio(
                    Self.payments.where(.is(OrderMetrics.PaymentOutcome.declined)).rate(.rateInterval).sum(),
                    Self.payments.rate(.rateInterval).sum()))
        }.thresholds(.above(0.1, 0.3)).decimals(1)
        Stat(
            "Unfinished orders", .none,
            "Orders with something left to be done. They end by themselves within minutes."
        ) {
            Query(Series(OrderMetrics.sagaInFlight).value.sum())
        }.thresholds(.above(20, 100))
        Stat("Nearly sold out", .none, "Products with few units left. Somebody has to order more.", hasTrend: false) {
            Query(Series(ProductMetrics.lowStockProducts).value.sum())
        }.thresholds(.above(10, 50))
        Stat(
            "Broken rules", .none, "Money or stock that does not add up. Anything but 0 wants a person, at once.",
            hasTrend: false
        ) {
            Query(Series(OrderMetrics.invariantViolations).value.sum())
        }.thresholds(.from(1))
    }

    private static let gateway = RED.requests.where(
        .is(.service, ServiceName.gateway.rawValue), .is(.requestMethod, "GET"))
    private static let visits = Self.gateway.where(.is(.route, "/api/v1/products"))
    private static let looks = Self.gateway.where(.is(.route, "/api/v1/products/{id}"))

    static let funnel = Row("From visit to sale", columns: 3) {
        BarGauge(
            "Funnel", .short,
            "How many of each step were taken within the range shown. Each bar is shorter than the one above; where "
                + "the fall is steepest, customers are lost."
        ) {
            Query(Self.visits.total, "shelves seen")
            Query(Self.looks.total, "products seen")
            Query(Series(ProductMetrics.searches).increase(.range).sum(), "searches")
            Query(Series(CartMetrics.itemsAdded).increase(.range).sum(), "put into carts")
            Query(Self.orders.increase(.range).sum(), "checkouts tried")
            Query(Self.paid.increase(.range).sum(), "orders paid")
        }.decimals(0)
        TimeSeries(
            "Conversion", .ratio,
            "Shares of steps that lead to the next: of products seen, how many are put into a cart; of checkouts, how "
                + "many are paid."
        ) {
            Query(
                .ratio(Series(CartMetrics.itemsAdded).rate(.rateInterval).sum(), Self.looks.rate()),
                "product → cart")
            Query(
                .ratio(Self.paid.rate(.rateInterval).sum(), Self.orders.rate(.rateInterval).sum()),
                "checkout → paid")
        }.scale()
        TimeSeries(
            "Searches", .perSecond,
            "Searches by whether they found anything. Many empty ones: something customers want is missing, or the "
                + "index is.", isStacked: true
        ) {
            Query(
                Series(ProductMetrics.searches).rate(.rateInterval).sum(by: [
                    LabelKey(ProductMetrics.SearchOutcome.self)
                ]),
                "\(.outcome)")
        }.colours(SeriesColour.outcomes).scale()
    }

    static let sales = Row("Orders and payments", columns: 4) {
        TimeSeries(
            "Tries to order by outcome", .perMinute,
            "Green is money. out_of_stock and payment_declined are the world's doing; failed and unavailable are ours.",
            isStacked: true
        ) {
            Query(Self.orders.rate(.rateInterval).sum(by: [.outcome]) * 60, "\(.outcome)")
        }.colours(SeriesColour.outcomes).scale()
        TimeSeries(
            "Revenue by currency", .perMinute,
            "What orders placed come to a minute, in whole units of each currency."
        ) {
            Query(
                (Self.value.rate(.rateInterval).sum(by: [.currency]) * 60) / Self.minorUnits,
                "\(.currency)")
        }.scale()
        TimeSeries(
            "Payments by outcome and method", .perMinute,
            "What the payment provider answers. unknown: it did not answer, and the order waits until it is found out.",
            isStacked: true
        ) {
            Query(
                Self.payments.rate(.rateInterval).sum(by: [.outcome, LabelKey(OrderMetrics.Method.self)]) * 60,
                "\(.outcome) \(LabelKey(OrderMetrics.Method.self))")
        }.scale()
        TimeSeries("Time to order", .seconds, "How long a try to order takes, payment included.") {
            Query(Series(OrderMetrics.checkoutDuration).quantile(0.5, .rateInterval), "p50")
            Query(Series(OrderMetrics.checkoutDuration).quantile(0.95, .rateInterval), "p95", exemplars: true)
        }.colours(SeriesColour.quantiles).thresholds(.above(0.5, 1)).scale()
    }

    static let customers = Row("Customers and carts", columns: 2, height: 7) {
        TimeSeries(
            "Log-ins by outcome", .perMinute,
            "Many bad_credentials: somebody tries passwords. overloaded: checking passwords takes all there is.",
            isStacked: true
        ) {
            Query(Series(UserMetrics.logins).rate(.rateInterval).sum(by: [.outcome]) * 60, "\(.outcome)")
        }.colours(SeriesColour.outcomes).scale()
        TimeSeries(
            "Accounts and carts", .perMinute,
            "New accounts and units put into carts; carts forgotten because nobody touched them; carts shown without "
                + "names and prices, which cost sales."
        ) {
            Query(Series(UserMetrics.registered).rate(.rateInterval).sum() * 60, "accounts registered")
            Query(Series(CartMetrics.itemsAdded).rate(.rateInterval).sum() * 60, "put into carts")
            Query(Series(CartMetrics.expired).rate(.rateInterval).sum() * 60, "carts expired")
            Query(Series(CartMetrics.degraded).rate(.rateInterval).sum() * 60, "carts without names")
        }.scale()
    }

    static let stock = Row("Stock", columns: 2, height: 7) {
        TimeSeries(
            "Units by where they are", .short,
            "On hand, held for orders, sold. Held ones that only grow are reservations nobody ends.", isStacked: true
        ) {
            Query(
                Series(ProductMetrics.stockUnits).value.sum(by: [LabelKey(ProductMetrics.StockState.self)]),
                "\(LabelKey(ProductMetrics.StockState.self))")
        }.scale()
        TimeSeries(
            "Reservations by outcome", .perMinute,
            "Held for orders, then confirmed or released. expired: an order was not finished in time.", isStacked: true
        ) {
            Query(
                Series(ProductMetrics.reservations).rate(.rateInterval).sum(
                    by: [LabelKey(ProductMetrics.ReservationOutcome.self)]) * 60,
                "\(LabelKey(ProductMetrics.ReservationOutcome.self))")
        }.colours(SeriesColour.outcomes).scale()
    }

    static let sagas = Row("Orders under way, and the books", columns: 4, height: 7) {
        TimeSeries(
            "Unfinished orders by step", .short,
            "Orders with something left to be done, by what. A step that only grows is stuck: the service it needs "
                + "does not answer.", isStacked: true
        ) {
            Query(Series(OrderMetrics.sagaInFlight).value.sum(by: [Self.step]), "\(Self.step)")
        }.scale()
        TimeSeries(
            "Oldest unfinished order by step", .seconds,
            "How long the one that has waited longest has stood still. Worry from a minute on."
        ) {
            Query(Series(OrderMetrics.sagaOldestAge).value.max(by: [Self.step]), "\(Self.step)")
        }.thresholds(.above(60, 300)).scale()
        TimeSeries(
            "Undone by step", .perMinute,
            "Steps of orders that were taken back: money refunded, stock released."
        ) {
            Query(
                Series(OrderMetrics.compensations).rate(.rateInterval).sum(
                    by: [LabelKey(OrderMetrics.CompensationStep.self)]) * 60,
                "\(LabelKey(OrderMetrics.CompensationStep.self))")
        }.scale()
        TimeSeries(
            "Broken rules by rule", .none,
            "Things that contradict a rule of the shop right now. Anything but 0: stop selling what is concerned, and "
                + "find out."
        ) {
            Query(
                Series(OrderMetrics.invariantViolations).value.sum(by: [LabelKey(OrderMetrics.Invariant.self)]),
                "\(LabelKey(OrderMetrics.Invariant.self))")
        }.thresholds(.from(1)).scale()
    }

    private static let step = LabelKey(OrderMetrics.SagaStep.self)
}
