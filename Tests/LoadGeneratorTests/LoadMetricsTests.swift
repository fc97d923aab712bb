import HTTPCore
import HTTPEngine
import NetworkIO
import ServiceKit
import Telemetry
import TelemetryTesting
import Testing

@testable import LoadGenerator

/// What a run says of itself at `/metrics`, held against its report.
@Suite("The metrics of a load run", .timeLimit(.minutes(2)))
struct LoadMetricsTests {
    private static let nowhere = HTTPEndpoint(host: "127.0.0.1", port: 1)
    private let telemetry = TestTelemetry(serviceName: "load")

    /// Journeys without pauses at an even rate.
    private func plan(_ journeys: String, seconds: Double = 0.5) throws -> LoadPlan {
        var plan = LoadPlan(.steady(200, arrivals: .uniform))
        plan.journeys = try JourneyWeights(journeys)
        plan.thinkTime.scale = 0
        plan.duration = .seconds(seconds)
        return plan
    }

    private func until(_ isSo: () -> Bool) async {
        while !isSo() { await Task.yield() }
    }

    /// Over a socket.
    private func scrape(_ listener: AdminListener, accept: String = "text/plain") async throws -> PrometheusText {
        let loops = try EventLoopGroup(count: 1)
        defer { loops.stop() }
        let upstream = HTTPUpstream(
            name: "load", endpoints: [HTTPEndpoint(host: "127.0.0.1", port: listener.address.port)], loops: loops,
            resolver: NameResolver(executor: BlockingExecutor(name: "names", threads: 1, queueLimit: 4)))
        let response = try await upstream.send(
            HTTPRequest(.get, "/metrics", fields: [.accept: accept]), deadline: .after(.seconds(10)))
        return try PrometheusText(
            parsing: String(decoding: try await response.body.collect(upTo: 16 << 20), as: UTF8.self))
    }

    /// Every count of the report is that of the scrape.
    private func expectSame(_ metrics: PrometheusText, _ report: LoadReport) {
        for step in LoadStep.allCases {
            let measured = report.steps.first { $0.step == step }
            let labels = ["step": step.name]
            for kind in LoadOutcome.Kind.allCases {
                let count = metrics.value(
                    "shop_load_requests_total", labels.merging(["outcome": kind.rawValue]) { $1 })
                #expect(count == Double(measured?.tally.count(of: kind) ?? 0), "\(step) \(kind)")
            }
            #expect(
                metrics.value("shop_load_request_duration_seconds_count", labels)
                    == Double(measured?.tally.latency.count ?? 0), "\(step)")
            #expect(
                metrics.value("shop_load_service_duration_seconds_count", labels)
                    == Double(measured?.service.count ?? 0), "\(step)")
        }
        func sum(_ outcome: LoadMetrics.JourneyOutcome) -> Int {
            Int(
                metrics.series("shop_load_journeys_total").filter { $0.labels["outcome"] == outcome.rawValue }
                    .reduce(0) { $0 + $1.value })
        }
        let journeys = report.journeys
        #expect(sum(.completed) == journeys.completed)
        #expect(sum(.abandoned) == journeys.abandoned)
        #expect(sum(.cut) == journeys.cut)
        #expect(sum(.droppedForRoom) == journeys.droppedForRoom)
        #expect(sum(.droppedForCustomer) == journeys.droppedForCustomer)
        #expect(metrics.value("shop_load_arrivals_total") == Double(journeys.begun + journeys.dropped))
        #expect(
            metrics.value("shop_load_arrival_lag_seconds_count")
                == Double(journeys.begun + journeys.droppedForCustomer))
        #expect(metrics.value("shop_load_journeys_in_flight") == Double(journeys.inFlight))
    }

    @Test("A run through real sockets, scraped over one, counts what its report counts")
    func counts() async throws {
        let listening = try ListeningShop()
        listening.shop.fail("/categories", with: 503)
        let listener = try AdminListener("load", version: "test", port: 0, telemetry: self.telemetry.telemetry)
        let run = try LoadRun(
            try self.plan("browse=2,search=1,cart=1,checkout=1,orders=1", seconds: 1), target: listening.endpoint,
            telemetry: self.telemetry.telemetry)
        let report = await run.run()
        #expect(report.total.failed > 0)
        #expect(report.total.requests > 300)
        self.expectSame(try await self.scrape(listener), report)
        await listener.stop()
        await listening.close()
    }

    @Test("Every series is there before the first request, at zero, and the bound is told")
    func zero() async throws {
        var plan = try self.plan("browse=1")
        plan.inFlightMax = 77
        let run = try LoadRun(
            plan, target: Self.nowhere, transport: FakeShop(), telemetry: self.telemetry.telemetry)
        let metrics = try self.telemetry.samples()
        let requests = metrics.series("shop_load_requests_total")
        #expect(requests.count == LoadStep.allCases.count * LoadOutcome.Kind.allCases.count)
        #expect(requests.allSatisfy { $0.value == 0 })
        #expect(metrics.series("shop_load_journeys_total").count == JourneyKind.allCases.count * 5)
        #expect(metrics.series("shop_load_request_duration_seconds_count").count == LoadStep.allCases.count)
        #expect(metrics.value("shop_load_arrivals_total") == 0)
        #expect(metrics.value("shop_load_journeys_in_flight") == 0)
        #expect(metrics.value("shop_load_rate_per_second") == 0)
        #expect(metrics.value("shop_load_journeys_limit") == 77)
        withExtendedLifetime(run) {}
    }

    @Test("Arrivals that find no room are counted as that, and the rate is told for as long as they come")
    func noRoom() async throws {
        let shop = FakeShop()
        var plan = try self.plan("search=1", seconds: 60)
        plan.inFlightMax = 5
        let run = try LoadRun(plan, target: Self.nowhere, transport: shop, telemetry: self.telemetry.telemetry)
        let running = Task { await run.run() }
        await self.until { run.snapshot.total.requests >= 4 }
        shop.hold()
        await self.until { run.snapshot.journeys.droppedForRoom >= 10 }
        let meanwhile = try self.telemetry.samples()
        #expect(meanwhile.value("shop_load_journeys_in_flight") == 5)
        #expect(meanwhile.value("shop_load_rate_per_second") == 200)
        running.cancel()
        shop.release()
        let report = await running.value
        let metrics = try self.telemetry.samples()
        self.expectSame(metrics, report)
        #expect(metrics.value("shop_load_rate_per_second") == 0)
    }

    @Test("Journeys that find no customer are counted as that")
    func noCustomer() async throws {
        let shop = FakeShop()
        var plan = try self.plan("orders=1", seconds: 60)
        plan.customers = 2
        let run = try LoadRun(plan, target: Self.nowhere, transport: shop, telemetry: self.telemetry.telemetry)
        let running = Task { await run.run() }
        await self.until { run.snapshot.total.requests >= 4 }
        shop.hold()
        await self.until { run.snapshot.journeys.droppedForCustomer >= 10 }
        running.cancel()
        shop.release()
        let report = await running.value
        #expect(report.journeys.droppedForCustomer >= 10)
        self.expectSame(try self.telemetry.samples(), report)
    }

    @Test("The latency of whoever waited for a connection counts from the intended start, the service time does not")
    func coordinatedOmission() async throws {
        let shop = FakeShop()
        var plan = try self.plan("search=1")
        plan.connectionsMax = 1
        let run = try LoadRun(plan, target: Self.nowhere, transport: shop, telemetry: self.telemetry.telemetry)
        let running = Task { await run.run() }
        await self.until { run.snapshot.total.requests >= 4 }
        shop.hold()
        await self.until { run.snapshot.requestsInFlight >= 50 }
        shop.release()
        let report = await running.value
        let metrics = try self.telemetry.samples()
        self.expectSame(metrics, report)
        // Fifty arrivals take a quarter of a second: so long waited the first of them, and half as long all together.
        let waited = metrics.value("shop_load_request_duration_seconds_sum", ["step": "search"]) ?? 0
        let served = metrics.value("shop_load_service_duration_seconds_sum", ["step": "search"]) ?? 0
        #expect(waited - served > 2, "\(waited) s and \(served) s")
    }

    @Test("In OpenMetrics a step's durations lead to traces that the shop has seen")
    func exemplars() async throws {
        let listening = try ListeningShop()
        let listener = try AdminListener("load", version: "test", port: 0, telemetry: self.telemetry.telemetry)
        let run = try LoadRun(
            try self.plan("search=1"), target: listening.endpoint, telemetry: self.telemetry.telemetry)
        _ = await run.run()
        let metrics = try await self.scrape(listener, accept: "application/openmetrics-text")
        #expect(metrics.isOpenMetrics)
        let seen = listening.shop.seen.compactMap { $0.fields[.traceparent] }.map { $0.split(separator: "-")[1] }
        for name in ["shop_load_request_duration_seconds_bucket", "shop_load_service_duration_seconds_bucket"] {
            let exemplars = metrics.series(name).filter { $0.labels["step"] == "search" }.compactMap(\.exemplar)
            #expect(!exemplars.isEmpty)
            for exemplar in exemplars { #expect(seen.contains { exemplar.contains($0) }, "\(exemplar)") }
        }
        await listener.stop()
        await listening.close()
    }

    @Test("The rate that is asked for follows the profile, and is none once the plan is over")
    func rate() throws {
        var plan = LoadPlan(
            LoadProfile(stages: [
                .init(from: 10, to: 20, length: .seconds(10)), .init(from: 5, to: 5, length: .seconds(10)),
            ]))
        #expect(plan.rate(at: 5) == 15)
        #expect(plan.rate(at: 15) == 5)
        #expect(plan.rate(at: 20) == 0)
        plan.duration = .seconds(8)
        #expect(plan.rate(at: 8) == 0)
    }

    @Test("A run that is gone has no gauges left")
    func gone() throws {
        var run: LoadRun? = try LoadRun(
            try self.plan("search=1"), target: Self.nowhere, transport: FakeShop(), telemetry: self.telemetry.telemetry)
        #expect(try self.telemetry.samples().series("shop_load_rate_per_second").count == 1)
        #expect(run?.rate == 0)
        run = nil
        #expect(try self.telemetry.samples().series("shop_load_rate_per_second").isEmpty)
    }
}
