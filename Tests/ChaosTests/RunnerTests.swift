import HTTPCore
import HTTPEngine
import JSON
import Testing

@testable import Chaos

/// The runner against services that are stubs, over real sockets.
@Suite("Running an experiment", .timeLimit(.minutes(1)))
struct RunnerTests {
    private static func experiment(
        _ action: String, expect: String, steady: String = #"{"that": "errors", "at_most": 0}"#
    ) throws -> Experiment {
        let text = """
            {"name": "x", "title": "X", "description": "D", "seed": 7, "load": {},
             "steady": {"seconds": 1, "probes": [\(steady)]},
             "method": [\(action)], "fault_seconds": 1, "expect": [\(expect)],
             "recovery": {"within_seconds": 2, "closed": [{"service": "gateway", "breaker": "product"}]}}
            """
        return try Experiment(parsing: Array(text.utf8))
    }

    private static let fault =
        #"{"at": 0, "action": "fault", "service": "product", "fault": {"kind": "error", "point": "server", "percentage": 50}}"#
    private static let hold = #"{"at": 0, "action": "hold", "process": "product", "seconds": 5}"#
    private static let fails = #"{"that": "errors", "at_least": 0.5}"#

    @Test("It passes when what was expected happens, and clears what it broke")
    func passes() async throws {
        let stub = try StubTarget()
        let experiment = try Self.experiment(
            Self.fault,
            expect: Self.fails + #"""
                , {"that": "retry_after", "at_least": 1},
                {"that": "breaker_opens", "service": "gateway", "breaker": "product", "within_seconds": 1},
                {"that": "breaker_closes", "service": "gateway", "breaker": "product", "within_seconds": 1},
                {"that": "metric", "service": "product", "metric": "shop_invariant_violations", "take": "max", "at_most": 0}
                """#)
        let report = await stub.runner(experiment).run()
        #expect(report.verdict == .passed, "\(report.lines)")
        #expect(report.exitStatus == 0)
        #expect(stub.platform.faults.isEmpty)
        #expect(report.record.recoveredAfter ?? 9 < 2)
        #expect(report.record.events.map(\.text).contains("error at product"))
        #expect(
            report.findings.suffix(3).map(\.measured) == ["0", "5 acknowledged, all there", "none"])
        let requests = stub.platform.requests
        #expect(requests.filter { $0 == "POST /faults" }.count == 1)
        #expect(requests.contains("DELETE /faults"))
    }

    @Test("A fault is armed with an expiry, a seed and a label, should nobody clear it")
    func expiry() async throws {
        let stub = try StubTarget()
        let run = Task { await stub.runner(try Self.experiment(Self.fault, expect: Self.fails)).run() }
        await stub.platform.received("POST /faults")
        let fault = try #require(stub.platform.faults.first)
        #expect(fault["duration_seconds"]?.int == 6)
        #expect(fault["seed"]?.int == 7)
        #expect(fault["label"]?.string == "test")
        _ = try await run.value
    }

    @Test("It fails when an expectation does not hold, and clears all the same")
    func fails() async throws {
        let stub = try StubTarget()
        let report = await stub.runner(
            try Self.experiment(Self.fault, expect: #"{"that": "errors", "at_most": 0.1}"#)
        ).run()
        #expect(report.verdict == .failed)
        #expect(report.exitStatus == 1)
        #expect(report.findings.filter { !$0.passed }.map(\.claim) == ["errors ≤ 10 %"])
        #expect(stub.platform.faults.isEmpty)
    }

    @Test("It fails when the steady state does not come back, and says what is missing")
    func noRecovery() async throws {
        let stub = try StubTarget()
        // A hold that is not ours: nobody releases it.
        let runner = stub.runner(try Self.experiment(Self.fault, expect: Self.fails))
        let run = Task { await runner.run() }
        await stub.platform.received("POST /faults")
        try await stub.driver.perform(.hold, process: "product", seconds: 60)
        let report = await run.value
        #expect(report.verdict == .failed)
        #expect(
            report.findings.first { !$0.passed }?.measured.hasSuffix("breaker gateway → product is open") == true,
            "\(report.lines)")
    }

    @Test("Cancelled amid the fault, it clears what it broke and says it was interrupted")
    func cancelled() async throws {
        let stub = try StubTarget()
        let run = Task {
            await stub.runner(try Self.experiment(Self.hold + "," + Self.fault, expect: Self.fails)).run()
        }
        await stub.platform.received("POST /processes/product/hold")
        await stub.platform.received("POST /faults")
        #expect(stub.platform.isBroken)
        run.cancel()
        let report = try await run.value
        #expect(report.verdict == .interrupted)
        #expect(report.exitStatus == 1)
        #expect(!stub.platform.isBroken)
        #expect(stub.platform.requests.contains("POST /processes/product/release"))
    }

    @Test("An action that is refused ends the run, and what was done before is undone")
    func refusedAction() async throws {
        let stub = try StubTarget()
        let pause = #"{"at": 0.1, "action": "pause", "process": "product", "seconds": 5}"#
        let report = await stub.runner(try Self.experiment(Self.fault + "," + pause, expect: Self.fails)).run()
        #expect(report.verdict == .cannotRun)
        #expect(report.exitStatus == 2)
        #expect(!stub.platform.isBroken)
    }

    @Test("Without a steady state nothing is broken")
    func notSteady() async throws {
        let stub = try StubTarget()
        let report = await stub.runner(
            try Self.experiment(
                Self.fault, expect: Self.fails, steady: #"{"that": "latency", "quantile": 0.5, "at_most_ms": 1}"#)
        ).run()
        guard case .cannotRun(let reason) = report.ending else {
            return #expect(Bool(false), "\(report.ending)") as Void
        }
        #expect(reason.contains("p50 ≤ 1 ms: 10 ms"))
        #expect(!stub.platform.requests.contains("POST /faults"))
    }

    @Test("A target that is broken already is not broken further")
    func brokenAlready() async throws {
        let stub = try StubTarget()
        _ = try await stub.client.send(
            .post, stub.target.instances[0].admin, "/faults", json: Array(#"{"kind":"hang"}"#.utf8))
        let report = await stub.runner(try Self.experiment(Self.fault, expect: Self.fails)).run()
        guard case .cannotRun(let reason) = report.ending else { return #expect(Bool(false)) as Void }
        #expect(reason.contains("vitrine chaos clear"))
        #expect(stub.platform.faults.count == 1)
    }

    @Test("Money that does not add up, and an order that is lost, fail every experiment")
    func audits() async throws {
        let stub = try StubTarget()
        stub.platform.setViolations(1)
        let load = StubLoad(platform: stub.platform, missing: ["o-1"])
        let report = await stub.runner(try Self.experiment(Self.fault, expect: Self.fails), load: load).run()
        // Both stubs, gateway and product, answer one.
        #expect(report.findings.filter { !$0.passed }.map(\.measured) == ["2", "1 of 5 missing: o-1"])
    }

    @Test("Load that cannot be made ends the run")
    func noLoad() async throws {
        struct Broken: LoadSource {
            func run(clock: RunClock, onOutcome: @escaping @Sendable (RequestOutcome) -> Void) async throws {
                throw CannotRun("nobody can be registered")
            }
            func audit() async -> OrderAudit { OrderAudit(acknowledged: 0, missing: []) }
        }
        let stub = try StubTarget()
        let report = await stub.runner(try Self.experiment(Self.fault, expect: Self.fails), load: Broken()).run()
        #expect(report.ending == .cannotRun("nobody can be registered"))
    }

    @Test("Clearing takes faults, holds and forced breakers, whoever made them")
    func clear() async throws {
        let stub = try StubTarget()
        _ = try await stub.client.send(
            .post, stub.target.instances[0].admin, "/faults", json: Array(#"{"kind":"hang"}"#.utf8))
        _ = try await stub.client.send(.post, stub.target.instances[0].admin, "/breakers/product/open")
        try await stub.driver.perform(.hold, process: "product", seconds: 60)
        let (cleared, failures) = await stub.injector.clearAll()
        #expect(failures == [])
        // One stub stands for both instances, so the first clears for the second.
        #expect(cleared == ["gateway: 1 faults", "gateway: breaker product"])
        #expect(!stub.platform.isBroken)
    }

    @Test("A breaker that somebody has forced keeps an experiment from beginning")
    func forcedBefore() async throws {
        let stub = try StubTarget()
        _ = try await stub.client.send(.post, stub.target.instances[0].admin, "/breakers/product/open")
        let report = await stub.runner(try Self.experiment(Self.fault, expect: Self.fails)).run()
        #expect(report.verdict == .cannotRun && !stub.platform.requests.contains("POST /faults"))
    }

    @Test("A breaker that was forced is reset, and a budget is given back")
    func operatorActions() async throws {
        let stub = try StubTarget()
        let injector = stub.injector
        let name = BreakerName(service: "gateway", breaker: "product")
        try await injector.perform(.breaker(name, .open), seconds: 5, seed: 1)
        // Ends by itself, a margin after the phase, should nobody be left to end it.
        #expect(stub.platform.orderBodies == [#"{"duration_seconds":10}"#])
        try await injector.perform(.retryBudget(service: "gateway", seconds: 5), seconds: 5, seed: 1)
        #expect(await injector.rollBack() == [])
        #expect(
            stub.platform.requests == [
                "POST /breakers/product/open", "POST /resilience/retry-budget", "POST /breakers/product/reset",
                "POST /resilience/retry-budget",
            ])
        // A second time there is nothing to undo.
        #expect(await injector.rollBack() == [])
        #expect(stub.platform.requests.count == 4)
    }

    @Test("What an experiment needs and a target lacks is said")
    func needs() throws {
        let stub = try StubTarget()
        var needs = Experiment.Needs()
        #expect(stub.target.lacks(needs, hasCollector: false) == nil)
        needs.instances = ["product": 3]
        #expect(stub.target.lacks(needs, hasCollector: true) == "it needs 3 instances of product, and there are 1")
        needs = Experiment.Needs()
        needs.collector = true
        #expect(stub.target.lacks(needs, hasCollector: false) != nil)
    }

    @Test("The collector takes exports until it is stopped, and again once it is started")
    func collector() async throws {
        let collector = try StubCollector()
        let client = try AdminClient(token: "t")
        let endpoint = HTTPEndpoint(host: "127.0.0.1", port: collector.port)
        #expect(try await client.send(.post, endpoint, "/v1/traces", json: Array("{}".utf8)).status == 200)
        #expect(collector.exports == 1)
        await collector.stop()
        await #expect(throws: (any Error).self) {
            try await client.send(.post, endpoint, "/v1/traces", json: Array("{}".utf8))
        }
        try collector.start()
        try collector.start()
        #expect(try await client.send(.post, endpoint, "/v1/traces", json: Array("{}".utf8)).status == 200)
        #expect(collector.exports == 2)
    }
}
