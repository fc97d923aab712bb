import HTTPCore
import JSON
import OrderDomain
import Telemetry
import TelemetryTesting
import Testing

@testable import OrderService

@Suite("What orders tell")
struct OrderTelemetryTests {
    @Test("Every series is there at zero before anything happens")
    func zeros() throws {
        let harness = try OrderHarness()
        let scrape = try harness.telemetry.samples()
        #expect(scrape.series("shop_orders_placed_total").count == OrderMetrics.Outcome.allCases.count)
        #expect(scrape.series("shop_payments_total").count == 16)
        #expect(scrape.series("shop_saga_in_flight").count == Saga.Step.allCases.count)
        #expect(scrape.series("shop_saga_oldest_age_seconds").count == Saga.Step.allCases.count)
        #expect(scrape.series("shop_saga_compensations_total").count == 3)
        #expect(scrape.value("shop_order_value_minor_units_total", ["currency": "USD"]) == 0)
        #expect(scrape.value("shop_invariant_violations", ["invariant": "money"]) == 0)
        #expect(scrape.value("shop_checkout_duration_seconds_count") == 0)
        for name in [
            "shop_orders_placed_total", "shop_payments_total", "shop_saga_in_flight", "shop_saga_compensations_total",
            "shop_saga_oldest_age_seconds",
        ] {
            #expect(scrape.series(name).allSatisfy { $0.value == 0 })
        }
    }

    @Test("Steps of sagas and payment methods have the names of the domain")
    func names() {
        for step in Saga.Step.allCases { #expect(OrderMetrics.SagaStep(step).rawValue == step.rawValue) }
        for method in PaymentMethod.allCases { #expect(OrderMetrics.Method(method).rawValue == method.rawValue) }
    }

    @Test("A placed order counts once, with its value and its time")
    func placed() async throws {
        let harness = try OrderHarness()
        _ = try await harness.placed(2)
        #expect(try harness.telemetry.value("shop_orders_placed_total", ["outcome": "placed"]) == 1)
        #expect(try harness.telemetry.value("shop_order_value_minor_units_total", ["currency": "USD"]) == 28_00)
        #expect(
            try harness.telemetry.value("shop_payments_total", ["outcome": "captured", "method": "credit_card"]) == 1)
        #expect(try harness.telemetry.value("shop_checkout_duration_seconds_count") == 1)
    }

    @Test(
        "Each end of a try has its outcome",
        arguments: [
            (14_00, 11, "out_of_stock"), (20_13, 1, "payment_declined"), (20_15, 1, "pending"),
        ])
    func outcomes(price: Int, quantity: Int, outcome: String) async throws {
        let harness = try OrderHarness(price: price)
        _ = try await harness.order(quantity)
        #expect(try harness.telemetry.value("shop_orders_placed_total", ["outcome": outcome]) == 1)
        #expect(try harness.telemetry.value("shop_checkout_duration_seconds_count") == 1)
    }

    @Test("Failures and repetitions have theirs")
    func moreOutcomes() async throws {
        let harness = try OrderHarness()
        _ = try await harness.send(.post, "/api/v1/orders", "{}")
        harness.carts.setDown(reading: true)
        _ = try await harness.send(.post, "/api/v1/orders", "{}")
        _ = try await harness.order(1, key: "k")
        _ = try await harness.order(1, key: "k")
        _ = try await harness.order(2, key: "k")
        for outcome in ["invalid", "unavailable", "replayed", "conflict", "placed"] {
            #expect(try harness.telemetry.value("shop_orders_placed_total", ["outcome": outcome]) == 1, "\(outcome)")
        }
    }

    @Test("What is undone is counted by step")
    func compensations() async throws {
        let harness = try OrderHarness()
        let id = try await harness.placed()
        _ = try await harness.send(.post, "/api/v1/orders/\(id)/cancel")
        for step in ["cancel", "refund", "release"] {
            #expect(try harness.telemetry.value("shop_saga_compensations_total", ["step": step]) == 1, "\(step)")
        }
        #expect(
            try harness.telemetry.value("shop_payments_total", ["outcome": "refunded", "method": "credit_card"]) == 1)
    }

    @Test("Unfinished orders show by step until they are finished")
    func inFlight() async throws {
        let harness = try OrderHarness()
        harness.inventory.fail(.confirm, .down)
        _ = try await harness.placed()
        await harness.service.upkeep.look()
        #expect(try harness.telemetry.value("shop_saga_in_flight", ["step": "confirming"]) == 1)
        harness.inventory.fail(.confirm, nil)
        await harness.heal()
        await harness.service.upkeep.look()
        #expect(try harness.telemetry.value("shop_saga_in_flight", ["step": "confirming"]) == 0)
    }

    @Test("The age is that of the order that has stood still longest, and is over with it")
    func oldestAge() async throws {
        let harness = try OrderHarness()
        let age = { try harness.telemetry.value("shop_saga_oldest_age_seconds", ["step": "confirming"]) }
        harness.inventory.fail(.confirm, .down)
        _ = try await harness.placed()
        harness.clock.advance(by: .seconds(90))
        _ = try await harness.placed()
        harness.clock.advance(by: .milliseconds(500))
        await harness.service.upkeep.look()
        #expect(try age() == 90.5)
        #expect(try harness.telemetry.value("shop_saga_oldest_age_seconds", ["step": "clearing"]) == 0)
        harness.clock.advance(by: .seconds(10))
        await harness.service.upkeep.look()
        #expect(try age() == 100.5)
        harness.inventory.fail(.confirm, nil)
        await harness.heal()
        await harness.service.upkeep.look()
        #expect(try age() == 0)
    }

    @Test("An old order that is cancelled is new among those to be undone")
    func ageOfCancellation() async throws {
        let harness = try OrderHarness()
        let id = try await harness.placed()
        harness.clock.advance(by: .seconds(86_400))
        harness.inventory.fail(.release, .down)
        _ = try await harness.send(.post, "/api/v1/orders/\(id)/cancel")
        harness.clock.advance(by: .seconds(3))
        await harness.service.upkeep.look()
        #expect(try harness.telemetry.value("shop_saga_in_flight", ["step": "compensating"]) == 1)
        #expect(try harness.telemetry.value("shop_saga_oldest_age_seconds", ["step": "compensating"]) == 3)
    }

    @Test("A checkout is one trace: the request, placing the order, and each step beneath it")
    func spans() async throws {
        let harness = try OrderHarness()
        let id = try await harness.placed()
        let request = try #require(harness.telemetry.spanTrees.first { $0.span.name == "POST /api/v1/orders" })
        let placing = try #require(request.children.first { $0.span.name == "place order" })
        let steps = ["INSERT orders", "UPDATE orders", "UPDATE orders", "charge payment"]
        #expect(placing.children.map(\.span.name).sorted() == steps)
        #expect(placing.span.attributes.contains(.orderID(id)))
        let charge = try #require(placing.children.first { $0.span.name == "charge payment" })
        #expect(charge.span.kind == .client && charge.children.map(\.span.name) == ["INSERT simulated_charges"])
    }

    @Test("A resumed order is a trace of its own that links to where the order was placed")
    func links() async throws {
        let harness = try OrderHarness()
        harness.inventory.fail(.confirm, .down)
        _ = try await harness.placed()
        harness.inventory.fail(.confirm, nil)
        await harness.heal()
        let placing = try #require(harness.telemetry.span(named: "place order"))
        let resuming = try #require(harness.telemetry.span(named: "resume order"))
        #expect(resuming.context.traceID != placing.context.traceID)
        #expect(resuming.links.map(\.context.spanID) == [placing.context.spanID])
    }

    @Test("Looking for work leaves no trace when there is none")
    func quiet() async throws {
        let harness = try OrderHarness()
        await harness.heal()
        await harness.service.upkeep.look()
        await harness.service.upkeep.prune()
        #expect(harness.telemetry.finishedSpans.isEmpty && harness.telemetry.logLines.isEmpty)
    }

    @Test("A refusal is no error of ours: the span of the try has no error")
    func refusal() async throws {
        let harness = try OrderHarness(price: 20_13)
        _ = try await harness.order()
        let span = try #require(harness.telemetry.span(named: "place order"))
        #expect(span.status == .unset && span.attributes.contains(.outcome(.paymentDeclined)))
    }

    @Test("An address is in no log line, span or metric")
    func personal() async throws {
        let harness = try OrderHarness()
        let body = """
            {"shipping_address":{"name":"Secret Ada","line1":"12 Secret Lane","city":"Secretham"},
            "items":[{"product_id":"\(OrderHarness.mug)","quantity":1}]}
            """
        let id = try #require(try await harness.send(.post, "/api/v1/orders", body).id)
        _ = try await harness.show(id)
        _ = try await harness.send(.post, "/api/v1/orders/\(id)/cancel")
        #expect(!harness.telemetry.logLines.contains { $0.contains("Secret") })
        #expect(!harness.telemetry.finishedSpans.contains { "\($0)".contains("Secret") })
        #expect(!harness.telemetry.exposition().contains("Secret"))
    }

    @Test("The facts of the business are logged with their trace")
    func logs() async throws {
        let harness = try OrderHarness()
        let id = try await harness.placed(2)
        let line = try #require(harness.telemetry.logLines.first { $0.contains("order placed") })
        #expect(line.contains(#""shop.order.id":"\#(id)""#) && line.contains(#""shop.order.amount_minor_units":2800"#))
        #expect(line.contains("trace_id"))
    }
}
