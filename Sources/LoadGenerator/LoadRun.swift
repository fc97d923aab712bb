import CSystem
public import HTTPCore
public import HTTPEngine
import JSON
import NetworkIO
import Synchronization
public import Telemetry

/// One run of a plan against a target; what it measures can be read while it goes on.
///
/// It owns an event loop and a thread that keeps time. Instants are seconds since `init`, which is when the first arrival's clock
/// starts.
public final class LoadRun: Sendable {
    public let plan: LoadPlan
    /// Nanoseconds of the monotonic clock at second 0.
    public var start: UInt64 { self.client.start }

    private let target: String
    private let client: LoadClient
    private let pacer: Pacer
    private let shelves = Shelves()
    private let loops: EventLoopGroup
    private let preparationFailure = Mutex<String?>(nil)
    private let hasBegun = Mutex(false)
    /// When the clock of the arrivals began, in nanoseconds of the monotonic clock; 0 before.
    private let firstArrival = Atomic<UInt64>(0)

    /// - Parameters:
    ///   - plan: validated here.
    ///   - target: the gateway.
    ///   - transport: what carries the requests in place of a pooled client of `target`; for tests.
    ///   - telemetry: where the run's metrics are; nil for nowhere. A run each, since they add up.
    /// - Throws: `LoadPlanError`, or `IOError` when the system has no descriptor or thread to give.
    public init(
        _ plan: LoadPlan, target: HTTPEndpoint, transport: (any HTTPTransport)? = nil, telemetry: Telemetry? = nil
    ) throws {
        try plan.validate()
        self.plan = plan
        self.target = "\(target.scheme.rawValue)://\(target)"
        let loops = try EventLoopGroup(count: 1)
        self.loops = loops
        self.pacer = try Pacer()
        self.client = LoadClient(
            plan, transport: transport ?? Self.upstream(plan, target, loops), start: vitrine_monotonic_nanoseconds(),
            instruments: telemetry.map { LoadInstruments($0.metrics) })
        if let telemetry { self.register(on: telemetry.metrics) }
    }

    deinit {
        self.pacer.stop()
        self.loops.stop()
    }

    private static func upstream(_ plan: LoadPlan, _ target: HTTPEndpoint, _ loops: EventLoopGroup) -> HTTPUpstream {
        var configuration = HTTPClientConfiguration()
        configuration.connectionsPerLoopMax = plan.connectionsMax
        configuration.idleTimeout = .seconds(10)
        return HTTPUpstream(
            name: "target", endpoints: [target], loops: loops,
            resolver: NameResolver(executor: BlockingExecutor(name: "names", threads: 1, queueLimit: 16)),
            configuration: configuration)
    }

    // MARK: Running

    /// Runs until the plan ends or the task is cancelled; then waits for the requests under way, `timeout` at most, and cuts
    /// the journeys that think.
    ///
    /// - Precondition: called once.
    public func run() async -> LoadReport {
        self.hasBegun.withLock { hasBegun in
            precondition(!hasBegun, "a load run is run twice")
            hasBegun = true
        }
        return await withTaskCancellationHandler {
            await withTaskExecutorPreference(self.loops.traffic[0]) {
                await self.prepare()
                await self.generate()
            }
            return self.report()
        } onCancel: {
            self.pacer.stop()
        }
    }

    /// Reads the catalogue, so that the same seed chooses the same products. Part of no measurement.
    private func prepare() async {
        let rehearsal = LoadClient(self.plan, transport: self.client.transport, start: self.start)
        var products: [(id: String, name: String, category: String)] = []
        while products.count < Catalogue.productsMax, !self.pacer.isStopped {
            let answer = await rehearsal.take(
                .listProducts, .get, "/api/v1/products?limit=100&page=\(products.count / 100 + 1)",
                due: vitrine_monotonic_nanoseconds())
            guard let answer, answer.isGood, let page = answer.json.map(Catalogue.products(of:)) else {
                let outcome = rehearsal.write { $0.failures.first }.map { "\($0.outcome)" } ?? "no list"
                self.preparationFailure.withLock { $0 = "the catalogue cannot be read: \(outcome)" }
                return
            }
            products += page
            guard page.count == 100 else { break }
        }
        if !products.isEmpty { self.shelves.learn(products) }
    }

    private func generate() async {
        let surroundings = Journey.Surroundings(
            client: self.client, pacer: self.pacer,
            customers: CustomerPool(count: self.plan.customers, seed: self.plan.seed), shelves: self.shelves,
            plan: self.plan)
        let loop = self.loops.traffic[0]
        let first = vitrine_monotonic_nanoseconds()
        self.firstArrival.store(first, ordering: .relaxed)
        await withDiscardingTaskGroup { group in
            if let restocker = self.plan.restocker {
                group.addTask(executorPreference: loop) {
                    await Restocking(restocker: restocker, run: surroundings).keep()
                }
            }
            var number: UInt64 = 0
            for offset in ArrivalSchedule(self.plan.profile, seed: self.plan.seed, duration: self.plan.duration) {
                let due = first &+ offset
                guard await self.pacer.sleep(until: due) else { break }
                defer { number += 1 }
                self.client.instruments?.arrived()
                let journey = Journey(number: number, due: due, surroundings)
                guard self.admit(journey.kind) else { continue }
                group.addTask(executorPreference: loop) { await Self.go(journey, due: due, surroundings) }
            }
            await self.waitForEnd(from: first)
            self.pacer.stop()
        }
    }

    /// The plan's duration is waited for to its end, although no journey may arrive near it.
    private func waitForEnd(from first: UInt64) async {
        let ends = [self.plan.profile.length, self.plan.duration].compactMap { $0 }
        guard let length = ends.min() else { return }
        _ = await self.pacer.sleep(until: first &+ UInt64(length / .nanoseconds(1)))
    }

    private func admit(_ kind: JourneyKind) -> Bool {
        let now = self.client.elapsed
        let isAdmitted = self.client.write { $0.admit(at: now, inFlightMax: self.plan.inFlightMax) }
        if !isAdmitted { self.client.instruments?.journeyEnded(kind, .droppedForRoom) }
        return isAdmitted
    }

    private static func go(_ journey: Journey, due: UInt64, _ run: Journey.Surroundings) async {
        let instruments = run.client.instruments
        let now = vitrine_monotonic_nanoseconds()
        instruments?.journeyBegan(lag: now > due ? now - due : 0)
        var journey = journey
        var customer: CustomerPool.Customer?
        if journey.needsCustomer {
            guard let free = run.customers.take(from: journey.chooseCustomer()) else {
                let now = run.client.elapsed
                run.client.write { $0.dropForCustomer(at: now) }
                instruments?.journeyEnded(journey.kind, .droppedForCustomer)
                return
            }
            customer = free
        }
        let end = await journey.go(as: &customer)
        if let customer { run.customers.giveBack(customer) }
        run.client.write { $0.finish(end) }
        instruments?.journeyEnded(journey.kind, LoadMetrics.JourneyOutcome(end))
    }

    // MARK: Reading

    /// The gauges, read at each scrape while the run is there.
    private func register(on metrics: MetricRegistry) {
        metrics.gauge(LoadMetrics.journeysLimit).set(self.plan.inFlightMax)
        metrics.observableGauge(LoadMetrics.journeysInFlight) { [weak self] in
            guard let self else { return [] }
            return [(NoLabels(), Double(self.client.write { $0.journeys.inFlight }))]
        }
        metrics.observableGauge(LoadMetrics.rate) { [weak self] in
            guard let self else { return [] }
            return [(NoLabels(), self.rate)]
        }
    }

    /// Journeys a second that are asked for now: 0 before the first may begin, and once no more do.
    public var rate: Double {
        let first = self.firstArrival.load(ordering: .relaxed)
        guard first > 0, !self.pacer.isStopped else { return 0 }
        return self.plan.rate(at: Double(vitrine_monotonic_nanoseconds() &- first) / 1e9)
    }

    /// How the run stands now.
    public var snapshot: LoadSnapshot {
        let elapsed = self.client.elapsed
        let now = elapsed / 1_000_000_000
        return self.client.write { book in
            LoadSnapshot(
                elapsed: .nanoseconds(Int64(elapsed)), journeys: book.journeys,
                requestsInFlight: book.requestsInFlight, total: book.total,
                lastSecond: now == 0
                    ? StepTally() : book.window(now - 1..<now, now: now, failuresMax: 0).total,
                lag: book.lag)
        }
    }

    /// What ended from second `from` until before second `to`, counted from the start of the run.
    ///
    /// A request belongs to the second in which it ended. Seconds older than the plan's `secondsKept` are forgotten.
    public func window(from: UInt64, to: UInt64, failuresMax: Int = 20) -> LoadWindow {
        let now = self.client.elapsed / 1_000_000_000
        return self.client.write { $0.window(from..<max(from, to), now: now, failuresMax: failuresMax) }
    }

    private func report() -> LoadReport {
        let elapsed = self.client.elapsed
        return self.client.write { book in
            LoadReport(
                target: self.target, seed: self.plan.seed, elapsed: .nanoseconds(Int64(elapsed)),
                steps: LoadStep.allCases.compactMap { step in
                    book.steps[step].map { LoadReport.Step(step: step, tally: $0.tally, service: $0.service) }
                },
                journeys: book.journeys, lag: book.lag, failures: book.failures,
                preparationFailure: self.preparationFailure.withLock { $0 })
        }
    }
}
