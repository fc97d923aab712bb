import CSystem
import HTTPCore
import JSON
import Resilience
import Routing
import TelemetryTesting
import Testing

@testable import ServiceKit

@Suite("The admin port's breakers")
struct BreakerRoutesTests {
    /// The admin port's routes over two breakers, budgets and a shedder of a test's own.
    private struct Admin {
        let telemetry = TestTelemetry()
        let breakers: [CircuitBreaker]
        let budgets: [RetryBudget]
        let shedder: LoadShedder?
        let pipeline: RequestPipeline

        init(hasShedder: Bool = true) {
            var settings = CircuitBreakerSettings()
            settings.window = .calls(2)
            settings.callsMin = 2
            settings.openBase = .seconds(3_600)
            settings.openMax = .seconds(3_600)
            let telemetry = self.telemetry.telemetry
            self.breakers = ["product", "cart"].map { CircuitBreaker($0, settings, telemetry: telemetry) }
            var budget = RetryBudget.Settings()
            budget.share = 0
            budget.savedMax = 1
            budget.perSecondMin = 0
            self.budgets = [RetryBudget(budget), RetryBudget(budget)]
            var limit = AdaptiveConcurrencyLimit.Settings()
            limit.initial = 100
            limit.smallest = 100
            self.shedder = hasShedder ? LoadShedder("requests", limit) : nil
            var routes = RouteTable()
            BreakerRoutes(
                registry: BreakerRegistry(self.breakers), budgets: self.budgets, shedder: self.shedder,
                internalToken: PipelineFixture.internalToken
            ).register(on: &routes)
            self.pipeline = RequestPipeline(
                routes: routes, configuration: PipelineConfiguration(internalToken: nil), telemetry: telemetry)
        }

        func send(
            _ method: HTTPMethod, _ path: String, token: String? = PipelineFixture.internalToken, _ body: String = ""
        ) async throws -> (status: Int, json: JSONValue) {
            var fields = HTTPFields()
            if let token { fields[.xInternalToken] = token }
            let response = await self.pipeline.respond(
                to: HTTPRequest(
                    method, path, fields: fields, body: body.isEmpty ? .empty : .bytes(Array(body.utf8))))
            return (response.status.code, try JSONValue(parsing: try await response.body.collect(upTo: 1 << 20)))
        }

        /// Uses up what resends may draw on.
        func spendBudgets() {
            for budget in self.budgets { while budget.takeResend(now: 0) {} }
        }

        func fail(_ index: Int) throws {
            let now = vitrine_monotonic_nanoseconds()
            let permit = try self.breakers[index].permit(now: now)
            self.breakers[index].record(.failure, for: permit, start: now, end: now)
        }

        func trip() throws {
            for _ in 1...2 { try self.fail(0) }
        }
    }

    private let admin = Admin()

    private func state(_ json: JSONValue, _ name: String) -> String? {
        json["breakers"]?.array?.first { $0["breaker"]?.string == name }?["state"]?.string
    }

    // MARK: Looking

    @Test("Anybody may read the list: every breaker by name, with state, window and settings")
    func list() async throws {
        try self.admin.trip()
        try self.admin.fail(1)
        let answer = try await self.admin.send(.get, "/breakers", token: nil)
        #expect(answer.status == 200)
        let breakers = try #require(answer.json["breakers"]?.array)
        #expect(breakers.map { $0["breaker"]?.string } == ["cart", "product"])
        #expect(breakers.map { $0["state"]?.string } == ["closed", "open"])
        #expect(breakers[0]["window"]?["failures"]?.int == 1)
        #expect(breakers[1]["calls"]?["failure"]?.int == 2)
        #expect(breakers[1]["settings"]?["window_calls"]?.int == 2)
        #expect((breakers[1]["open_remaining_ms"]?.int ?? 0) > 0)
    }

    @Test("Anybody may read what a breaker recorded when it opened")
    func recording() async throws {
        #expect(try await self.admin.send(.get, "/breakers/product/recording").json["flights"]?.array?.isEmpty == true)
        try self.admin.trip()
        let answer = try await self.admin.send(.get, "/breakers/product/recording", token: nil)
        #expect(answer.status == 200)
        let flight = try #require(answer.json["flights"]?.array?.first)
        #expect(flight["from"]?.string == "closed")
        #expect(flight["to"]?.string == "open")
        #expect(flight["reason"]?.string == "failure_rate")
        #expect(flight["calls"]?.array?.map { $0["outcome"]?.string } == ["failure", "failure"])
    }

    @Test("A breaker nobody knows is 404, and the answer says which there are")
    func unknown() async throws {
        for (method, path) in [
            (HTTPMethod.get, "/breakers/order/recording"), (.post, "/breakers/order/open"),
            (.post, "/breakers/order/disable"), (.post, "/breakers/order/reset"),
        ] {
            let answer = try await self.admin.send(method, path)
            #expect(answer.status == 404)
            #expect(answer.json["detail"]?.string?.contains("cart, product") == true)
        }
        #expect(try await self.admin.send(.post, "/breakers/product/explode").status == 404)
    }

    @Test("An order's time is a number of seconds within bounds, and without one it stands")
    func orderTimes() async throws {
        let wrong = try await self.admin.send(.post, "/breakers/product/open", #"{"duration_seconds":0}"#)
        #expect(wrong.status == 422)
        #expect(self.admin.breakers[0].state == .closed)
        #expect(try await self.admin.send(.post, "/breakers/product/open", #"{"duration_seconds":600}"#).status == 200)
        #expect(self.admin.breakers[0].state == .forcedOpen)
    }

    @Test("Looking leaves no span, log line or series behind")
    func unobserved() async throws {
        _ = try await self.admin.send(.get, "/breakers")
        #expect(self.admin.telemetry.finishedSpans.isEmpty)
        #expect(self.admin.telemetry.logLines.isEmpty)
    }

    // MARK: Orders

    @Test("An operator opens, disables and resets one breaker, and gets the list as it then is")
    func orders() async throws {
        for (order, state) in [("open", "forced_open"), ("disable", "disabled"), ("reset", "closed")] {
            let answer = try await self.admin.send(.post, "/breakers/product/\(order)")
            #expect(answer.status == 200)
            #expect(self.state(answer.json, "product") == state)
            #expect(self.state(answer.json, "cart") == "closed")
            #expect(self.admin.breakers[0].state.rawValue == state)
        }
        #expect(self.admin.breakers[1].state == .closed)
    }

    @Test(
        "Whoever lacks the internal token changes nothing", arguments: [nil, "", "internal-token-of-these-test"])
    func token(token: String?) async throws {
        self.admin.spendBudgets()
        for (path, body) in [
            ("/breakers/product/open", ""), ("/breakers/product/disable", ""), ("/breakers/product/reset", ""),
            ("/breakers/order/open", ""),
            ("/resilience/retry-budget", #"{"enabled":false,"duration_seconds":60}"#),
            ("/resilience/concurrency", #"{"limit":1,"duration_seconds":60}"#),
        ] {
            #expect(try await self.admin.send(.post, path, token: token, body).status == 403, "\(path)")
        }
        #expect(self.admin.breakers.map(\.state) == [.closed, .closed])
        let now = vitrine_monotonic_nanoseconds()
        #expect(self.admin.budgets.allSatisfy { !$0.takeResend(now: now) })
        #expect(self.admit(101, now: now) == 100)
    }

    // MARK: The retry budget

    @Test("Switched off, the budgets let every resend through until the time is over, and no longer")
    func budgetOff() async throws {
        self.admin.spendBudgets()
        let before = vitrine_monotonic_nanoseconds()
        let answer = try await self.admin.send(
            .post, "/resilience/retry-budget", #"{"enabled":false,"duration_seconds":30}"#)
        let after = vitrine_monotonic_nanoseconds()
        #expect(answer.status == 200)
        #expect(answer.json["enabled"]?.bool == false)
        #expect(answer.json["duration_seconds"]?.int == 30)
        for budget in self.admin.budgets {
            #expect(budget.takeResend(now: before + 29_999_999_999))
            #expect(budget.takeResend(now: before + 29_999_999_999))
            #expect(!budget.takeResend(now: after + 30_000_000_000))
        }
    }

    @Test("Switched on again, they count at once")
    func budgetOn() async throws {
        self.admin.spendBudgets()
        _ = try await self.admin.send(.post, "/resilience/retry-budget", #"{"enabled":false,"duration_seconds":30}"#)
        let answer = try await self.admin.send(.post, "/resilience/retry-budget", #"{"enabled":true}"#)
        #expect(answer.status == 200)
        #expect(answer.json["enabled"]?.bool == true)
        let now = vitrine_monotonic_nanoseconds()
        #expect(self.admin.budgets.allSatisfy { !$0.takeResend(now: now) })
    }

    @Test(
        "An order for the budget that makes no sense is refused, and the field named",
        arguments: [
            (#"{}"#, "enabled"), (#"{"enabled":"no","duration_seconds":30}"#, "enabled"),
            (#"{"enabled":false}"#, "duration_seconds"),
            (#"{"enabled":false,"duration_seconds":0}"#, "duration_seconds"),
            (#"{"enabled":false,"duration_seconds":601}"#, "duration_seconds"),
            (#"{"enabled":false,"duration_seconds":1.5}"#, "duration_seconds"),
        ])
    func budgetValidation(body: String, field: String) async throws {
        self.admin.spendBudgets()
        let answer = try await self.admin.send(.post, "/resilience/retry-budget", body)
        #expect([400, 422].contains(answer.status))
        #expect(answer.json["errors"]?.array?.contains { $0["field"]?.string == field } == true, "\(answer.json)")
        let now = vitrine_monotonic_nanoseconds()
        #expect(self.admin.budgets.allSatisfy { !$0.takeResend(now: now) })
    }

    // MARK: Concurrency

    /// How many of so many requests are taken in.
    private func admit(_ count: Int, now: UInt64) -> Int {
        guard let shedder = self.admin.shedder else { return -1 }
        let permits = (0..<count).compactMap { _ in shedder.admit(.critical, now: now) }
        for permit in permits { shedder.finish(permit, .ignored, now: now) }
        return permits.count
    }

    @Test("A cap holds until its time is over, and no longer")
    func cap() async throws {
        let before = vitrine_monotonic_nanoseconds()
        let answer = try await self.admin.send(
            .post, "/resilience/concurrency", #"{"limit":3,"duration_seconds":30}"#)
        let after = vitrine_monotonic_nanoseconds()
        #expect(answer.status == 200)
        #expect(answer.json["limit"]?.int == 3)
        #expect(answer.json["duration_seconds"]?.int == 30)
        #expect(self.admit(10, now: before + 29_999_999_999) == 3)
        #expect(self.admit(10, now: after + 30_000_000_000) == 10)
    }

    @Test("A cap is lifted by an order without a limit, and raises nothing")
    func uncap() async throws {
        _ = try await self.admin.send(.post, "/resilience/concurrency", #"{"limit":3,"duration_seconds":30}"#)
        let answer = try await self.admin.send(.post, "/resilience/concurrency", "{}")
        #expect(answer.status == 200)
        #expect(answer.json["limit"]?.int == 100)
        #expect(answer.json["duration_seconds"]?.int == 0)
        #expect(self.admit(10, now: vitrine_monotonic_nanoseconds()) == 10)
        _ = try await self.admin.send(.post, "/resilience/concurrency", #"{"limit":5000,"duration_seconds":30}"#)
        #expect(self.admit(200, now: vitrine_monotonic_nanoseconds()) == 100)
    }

    @Test(
        "A cap that makes no sense is refused, and the field named",
        arguments: [
            (#"{"limit":3}"#, "duration_seconds"), (#"{"limit":0,"duration_seconds":30}"#, "limit"),
            (#"{"limit":3,"duration_seconds":601}"#, "duration_seconds"),
            (#"{"limit":"3","duration_seconds":30}"#, "limit"),
        ])
    func capValidation(body: String, field: String) async throws {
        let answer = try await self.admin.send(.post, "/resilience/concurrency", body)
        #expect([400, 422].contains(answer.status))
        #expect(answer.json["errors"]?.array?.contains { $0["field"]?.string == field } == true, "\(answer.json)")
        #expect(self.admit(10, now: vitrine_monotonic_nanoseconds()) == 10)
    }

    @Test("Where nothing is shed there is nothing to cap")
    func withoutShedder() async throws {
        let answer = try await Admin(hasShedder: false).send(
            .post, "/resilience/concurrency", #"{"limit":3,"duration_seconds":30}"#)
        #expect(answer.status == 409)
        #expect(answer.json["type"]?.string == "/problems/resilience-off")
    }
}
