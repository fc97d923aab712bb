import HTTPCore
import HTTPEngine
import JSON
import Synchronization
import Testing

@testable import LoadGenerator

@Suite("A load run", .timeLimit(.minutes(2)))
struct LoadRunTests {
    private static let nowhere = HTTPEndpoint(host: "127.0.0.1", port: 1)

    /// Journeys without pauses at an even rate.
    private func plan(_ journeys: String, rate: Double = 200, seconds: Double = 0.5) throws -> LoadPlan {
        var plan = LoadPlan(.steady(rate, arrivals: .uniform))
        plan.journeys = try JourneyWeights(journeys)
        plan.thinkTime.scale = 0
        plan.duration = .seconds(seconds)
        return plan
    }

    /// Looks again until it is so: a run tells of nothing by itself.
    private func until(_ isSo: () -> Bool) async {
        while !isSo() { await Task.yield() }
    }

    @Test("Every journey goes through a real listener without an error, and each step is measured")
    func journeys() async throws {
        let listening = try ListeningShop()
        let run = try LoadRun(
            try self.plan("browse=1,search=1,cart=1,checkout=1,orders=1", seconds: 1), target: listening.endpoint)
        let report = await run.run()
        #expect(report.total.failed == 0, "\(report.text())")
        #expect(report.journeys.begun == 199)
        #expect(report.journeys.completed == report.journeys.begun - report.journeys.cut)
        #expect(report.journeys.inFlight == 0)
        let steps = Set(report.steps.map(\.step))
        #expect(steps == Set(LoadStep.allCases).subtracting([.restock]))
        // What was measured is what the shop has seen, but for the list that was read beforehand.
        #expect(listening.shop.seen.count == report.total.requests + 1)
        for step in report.steps { #expect(step.service.count == step.tally.latency.count) }
        #expect(run.window(from: 0, to: 100).total.outcomes == report.total.outcomes)
        await listening.close()
    }

    @Test("Every request names its maker, is marked as a test and carries a sampled trace of its own")
    func marks() async throws {
        let shop = FakeShop()
        var plan = try self.plan("checkout=1")
        plan.baggage = ["shop.chaos": "run-1"]
        _ = await (try LoadRun(plan, target: Self.nowhere, transport: shop)).run()
        let seen = shop.seen
        #expect(seen.count > 100)
        var traces: Set<String> = []
        for request in seen {
            #expect(request.fields[.userAgent] == "vitrine-load/\(LoadIdentity.version)")
            #expect(request.fields[.baggage] == "user_agent.synthetic.type=test,shop.chaos=run-1")
            let parent = try #require(request.fields[.traceparent])
            #expect(parent.count == 55)
            #expect(parent.hasSuffix("-03"))
            traces.insert(parent)
        }
        #expect(traces.count == seen.count)
        let orders = seen.filter { $0.path == "/api/v1/orders" && $0.method == .post }
        #expect(Set(orders.compactMap { $0.fields[.idempotencyKey] }).count == orders.count)
        #expect(!orders.isEmpty)
    }

    @Test("The same seed asks for the same things in the same order")
    func repeatability() async throws {
        func paths(seed: UInt64) async throws -> [String] {
            let shop = FakeShop()
            var plan = try self.plan("browse=3,search=1", rate: 40)
            plan.seed = seed
            _ = await (try LoadRun(plan, target: Self.nowhere, transport: shop)).run()
            return shop.seen.map { "\($0.path)?\($0.query ?? "")" }.sorted()
        }
        let first = try await paths(seed: 11)
        #expect(try await paths(seed: 11) == first)
        #expect(try await paths(seed: 12) != first)
    }

    @Test("A server that stalls shows in the latency of all who came meanwhile, and in one service time alone")
    func coordinatedOmission() async throws {
        let shop = FakeShop()
        var plan = try self.plan("search=1", rate: 400, seconds: 1)
        plan.connectionsMax = 1
        let run = try LoadRun(plan, target: Self.nowhere, transport: shop)
        let running = Task { await run.run() }
        await self.until { run.snapshot.total.requests >= 20 }
        shop.hold()
        // One waits for its answer; the others keep coming at their rate and wait for the connection.
        await self.until { run.snapshot.requestsInFlight >= 200 }
        shop.release()
        let report = await running.value
        let latency = try #require(report.steps.first { $0.step == .search }).tally.latency
        #expect(report.total.failed == 0)
        // 200 arrivals take half a second: so long waited the first of them, and the others less and less. They are
        // half of all.
        #expect(latency.max >= .milliseconds(400))
        #expect(latency.percentile(0.75) >= .milliseconds(150), "\(report.text())")
        #expect(report.service.count(upTo: .milliseconds(400)) >= report.service.count - 1)
        #expect(report.service.max >= .milliseconds(400))
        #expect(report.service.percentile(0.99) < .milliseconds(100))
    }

    @Test("A failure is counted by step and status, ends its journey, and tells its trace")
    func failures() async throws {
        let shop = FakeShop()
        shop.fail("/auth/login", with: 503)
        let run = try LoadRun(try self.plan("browse=1,checkout=1"), target: Self.nowhere, transport: shop)
        let report = await run.run()
        let logIn = try #require(report.steps.first { $0.step == .logIn })
        #expect(Set(logIn.tally.outcomes.keys) == [.failed(status: 503)])
        #expect(report.total.failed == logIn.tally.requests)
        #expect(report.journeys.abandoned == logIn.tally.requests)
        #expect(!report.steps.contains { $0.step == .placeOrder })
        let failure = try #require(report.failures.first)
        #expect(failure.step == .logIn)
        #expect(failure.outcome == .failed(status: 503))
        let sent = shop.seen.filter { $0.path.hasSuffix("login") }.compactMap { $0.fields[.traceparent] }
        #expect(sent.contains { $0.contains(failure.traceID) })
        #expect(report.text().contains("trace \(failure.traceID)"))
        #expect(run.window(from: 0, to: 100).failures.first == failure)
    }

    @Test("Refusals that belong to trade are no errors, and are counted by kind")
    func refusals() async throws {
        let shop = FakeShop(stock: 0)
        shop.state.withLock { state in
            for number in 0..<50 { state.accounts["load-1-\(number)@load.vitrine.dev"] = CustomerPool.password }
        }
        let report = await (try LoadRun(try self.plan("checkout=1"), target: Self.nowhere, transport: shop)).run()
        #expect(report.total.failed == 0)
        let order = try #require(report.steps.first { $0.step == .placeOrder })
        #expect(Set(order.tally.outcomes.keys) == [.refused(.outOfStock)])
        let registration = try #require(report.steps.first { $0.step == .register })
        #expect(Set(registration.tally.outcomes.keys) == [.refused(.emailTaken)])
        #expect(report.text().contains("out_of_stock"))
    }

    @Test("A status that is a refusal elsewhere is a failure where it has no business")
    func misplacedRefusals() {
        let body = Array(#"{"type":"/problems/out-of-stock"}"#.utf8)
        let answer = HTTPResponse(409)
        #expect(LoadClient.outcome(.placeOrder, answer, body) == .refused(.outOfStock))
        #expect(LoadClient.outcome(.getProduct, answer, body) == .failed(status: 409))
        #expect(LoadClient.outcome(.placeOrder, answer, []) == .failed(status: 409))
        #expect(
            LoadClient.outcome(.viewCart, HTTPResponse(200), Array(#"{"degraded":true}"#.utf8))
                == .degraded(status: 200))
        #expect(
            LoadClient.outcome(.listProducts, HTTPResponse(200, fields: ["warning": "110 - stale"]), [])
                == .degraded(status: 200))
        #expect(LoadClient.outcome(.listProducts, HTTPResponse(304), []) == .failed(status: 304))
    }

    @Test("A customer logs in once, and again when the token ends")
    func tokens() async throws {
        func logIns(tokenSeconds: Int) async throws -> Int {
            let shop = FakeShop()
            shop.state.withLock { $0.tokenSeconds = tokenSeconds }
            var plan = try self.plan("orders=1", rate: 50)
            plan.customers = 1
            _ = await (try LoadRun(plan, target: Self.nowhere, transport: shop)).run()
            #expect(shop.seen.filter { $0.path.hasSuffix("register") }.count == 1)
            return shop.seen.filter { $0.path.hasSuffix("login") }.count
        }
        #expect(try await logIns(tokenSeconds: 900) == 1)
        // Half of one second, rounded down: good for no second journey.
        #expect(try await logIns(tokenSeconds: 1) > 10)
    }

    @Test("Journeys beyond the bound do not begin, and are counted")
    func bound() async throws {
        let shop = FakeShop()
        var plan = try self.plan("search=1")
        plan.inFlightMax = 5
        let run = try LoadRun(plan, target: Self.nowhere, transport: shop)
        let running = Task { await run.run() }
        await self.until { run.snapshot.total.requests >= 4 }
        shop.hold()
        await self.until { run.snapshot.journeys.droppedForRoom >= 10 }
        #expect(run.snapshot.journeys.inFlight == 5)
        shop.release()
        let report = await running.value
        #expect(report.journeys.begun + report.journeys.dropped == 99)
        #expect(report.text().contains("did not begin"))
        #expect(run.window(from: 0, to: 100).dropped == report.journeys.dropped)
    }

    @Test("With every customer busy the next journey that needs one does not begin")
    func busyCustomers() async throws {
        let shop = FakeShop()
        var plan = try self.plan("orders=1")
        plan.customers = 3
        let run = try LoadRun(plan, target: Self.nowhere, transport: shop)
        let running = Task { await run.run() }
        await self.until { run.snapshot.total.requests >= 4 }
        shop.hold()
        await self.until { run.snapshot.journeys.droppedForCustomer >= 10 }
        shop.release()
        let report = await running.value
        #expect(report.journeys.begun + report.journeys.dropped == 99)
        #expect(report.total.failed == 0)
    }

    @Test("A cancelled run ends at once, cuts who thinks, and still reports")
    func cancellation() async throws {
        let shop = FakeShop()
        var plan = try self.plan("browse=1")
        plan.duration = nil
        plan.thinkTime.scale = 100
        let run = try LoadRun(plan, target: Self.nowhere, transport: shop)
        let running = Task { await run.run() }
        await self.until { run.snapshot.total.requests >= 20 }
        running.cancel()
        let report = await running.value
        #expect(report.journeys.cut >= 20)
        #expect(report.journeys.inFlight == 0)
        #expect(report.total.requests >= 20)
    }

    @Test("An answer that does not come in time is a timeout, and so is one whose connection never came free")
    func timeouts() async throws {
        let listening = try ListeningShop()
        // Denser than the millisecond in which a request can be given up, so that not each gets its turn.
        var plan = try self.plan("search=1", rate: 2_000)
        plan.timeout = .milliseconds(100)
        plan.connectionsMax = 1
        let run = try LoadRun(plan, target: listening.endpoint)
        let running = Task { await run.run() }
        await self.until { run.snapshot.total.requests >= 3 }
        listening.shop.hold()
        let report = await running.value
        listening.shop.release()
        let search = try #require(report.steps.first { $0.step == .search })
        #expect((search.tally.outcomes[.unanswered(.timeout)] ?? 0) > 10)
        #expect(search.service.count < search.tally.latency.count)
        await listening.close()
    }

    @Test("A target that nobody listens on gives failures and a reason, no hang")
    func nobody() async throws {
        let report = await (try LoadRun(try self.plan("browse=1"), target: Self.nowhere)).run()
        #expect(report.preparationFailure == "the catalogue cannot be read: connect_failed")
        #expect(Set(report.total.outcomes.keys) == [.unanswered(.connectFailed)])
        #expect(report.total.errorShare == 1)
    }

    @Test("An answer of success without what the journey needs is a failure of its own kind")
    func unusable() async throws {
        struct Mumbler: HTTPTransport {
            func send(_ request: HTTPRequest, deadline: Deadline) async throws -> HTTPResponse {
                HTTPResponse(200, body: .bytes(Array("<html>".utf8)))
            }
        }
        let report = await (try LoadRun(try self.plan("orders=1"), target: Self.nowhere, transport: Mumbler())).run()
        let logIn = try #require(report.steps.first { $0.step == .logIn })
        #expect(Set(logIn.tally.outcomes.keys) == [.unanswered(.unusableContent)])
    }

    @Test("The report as JSON holds the same sums")
    func json() async throws {
        let report = await (try LoadRun(try self.plan("browse=1"), target: Self.nowhere, transport: FakeShop())).run()
        let json = try JSONValue(parsing: report.json())
        #expect(json["all"]?["requests"]?.int == report.total.requests)
        #expect(json["journeys"]?["begun"]?.int == 99)
        #expect(json["all"]?["outcomes"]?["200"]?.int == report.total.requests)
        let steps = try #require(json["steps"]?.array)
        #expect(steps.count == report.steps.count)
        #expect(
            json["all"]?["latency_us"]?["p99"]?.int == Int(report.total.latency.percentile(0.99) / .microseconds(1)))
    }
}
