import HTTPEngine
import Synchronization

/// Runs one experiment: waits for the steady state, breaks what is to be broken, mends it whatever happens, waits for
/// the steady state to come back, and judges what was seen.
public struct ExperimentRunner: Sendable {
    let experiment: Experiment
    let target: Target
    let client: AdminClient
    let injector: Injector
    let load: any LoadSource
    /// Nil where alerts are not looked at.
    let alerts: AlertWatch?
    let onProgress: @Sendable (ProgressSnapshot) -> Void
    let timing: Timing

    /// How patient a run is, in seconds.
    public struct Timing: Sendable {
        /// How much longer than asked the steady state may take to settle: what ran before may still echo.
        public var settling = 20.0
        /// How long alerts of before may take to be over, and those of Prometheus' own start.
        public var quiet = 90.0
        /// How long the steady state must hold to count as recovered.
        public var recoveryWindow = 2.0
        /// How long what must be true at the end may take to become so: gauges are refreshed every few seconds, and what
        /// is in flight when one looks is no violation yet.
        public var audit = 8.0
        /// Between two looks at probes.
        public var decision = 0.25
        /// Between two reports of progress.
        public var progress = 0.5

        public init() {}
    }

    /// - Parameters:
    ///   - alerts: where alerts are looked at, for experiments that say something of them.
    ///   - onProgress: told twice a second how things stand.
    public init(
        _ experiment: Experiment, target: Target, client: AdminClient, injector: Injector, load: any LoadSource,
        alerts: AlertWatch? = nil, timing: Timing = Timing(),
        onProgress: @escaping @Sendable (ProgressSnapshot) -> Void = { _ in }
    ) {
        self.experiment = experiment
        self.target = target
        self.client = client
        self.injector = injector
        self.load = load
        self.alerts = experiment.alerts == nil ? nil : alerts
        self.timing = timing
        self.onProgress = onProgress
    }

    /// Runs to the verdict. Cancelled, it undoes what it did and says that it was interrupted.
    public func run() async -> RunReport {
        let run = Run(self, clock: RunClock())
        var ending = RunReport.Ending.complete
        do {
            try await run.requireUnbroken()
            try await withThrowingTaskGroup { group in
                group.addTask { await run.sample() }
                group.addTask { await run.watchAlerts() }
                group.addTask { await run.tellProgress(every: self.timing.progress) }
                // Bursts of the load are timed to meet the fault, so that the load must not begin before.
                try await run.waitForQuiet()
                group.addTask { try await self.load.run(clock: run.clock) { run.took($0) } }
                group.addTask { try await run.phases() }
                // Load that ends with an error ends the run; the phases alone end it well.
                for try await _ in group where run.isOver { break }
                group.cancelAll()
            }
        } catch let reason as CannotRun {
            ending = .cannotRun(reason.description)
        } catch is CancellationError {
            ending = .interrupted
        } catch {
            ending = .cannotRun("\(error)")
        }
        if Task.isCancelled { ending = .interrupted }
        // Not a child: a cancelled run has to mend all the same.
        let isComplete = ending == .complete
        let final = Task {
            await run.rollBack()
            return isComplete ? await run.audit() : []
        }
        let audits = await final.value
        return run.report(ending, audits: audits)
    }
}

/// One run while it goes on.
private final class Run: Sendable {
    let clock: RunClock
    private let runner: ExperimentRunner
    private let record = Mutex(RunRecord())
    private let ended = Mutex(false)
    private let sampler: MetricSampler

    private var experiment: Experiment { self.runner.experiment }

    init(_ runner: ExperimentRunner, clock: RunClock) {
        self.runner = runner
        self.clock = clock
        self.sampler = MetricSampler(
            target: runner.target, client: runner.client, queries: Array(Set(runner.experiment.metrics)), clock: clock)
    }

    var isOver: Bool { self.ended.withLock { $0 } }

    func took(_ outcome: RequestOutcome) { self.record.withLock { $0.append(outcome) } }

    func sample() async {
        await self.sampler.run { instance, at, scrape in
            self.record.withLock { $0.take(scrape, of: instance, at: at, queries: self.sampler.queries) }
        }
    }

    func watchAlerts() async {
        await self.runner.alerts?.run(clock: self.clock) { at, alerts in
            self.record.withLock { $0.alerts.saw(alerts, at: at) }
        }
    }

    private func note(_ text: String) { self.record.withLock { $0.note(self.clock.now, text) } }

    // MARK: Phases

    /// A target that is broken already would make the experiment say nothing.
    func requireUnbroken() async throws {
        for instance in self.runner.target.instances {
            let count: Int
            do { count = try await self.runner.injector.faults(of: instance) } catch {
                throw CannotRun("\(instance.process) does not answer at its admin port: \(error)")
            }
            guard count == 0 else {
                throw CannotRun("\(instance.process) has \(count) faults already; run 'vitrine chaos clear'")
            }
            let forced = try await self.runner.injector.forcedBreakers(of: instance)
            guard forced.isEmpty else {
                throw CannotRun(
                    "\(instance.process) has forced breakers (\(forced.joined(separator: ", "))); run 'vitrine chaos clear'"
                )
            }
        }
    }

    func phases() async throws {
        try await self.waitForSteadyState()
        try await self.breakThings()
        await self.rollBack()
        try await self.waitForRecovery()
        try await self.waitForAlertsToEnd()
        let now = self.clock.now
        self.record.withLock { record in
            record.phases[.recovery]?.end = now
            record.phases[.run]?.end = now
        }
        self.ended.withLock { $0 = true }
    }

    /// Until the watchdog alone fires: what fires before the fault cannot be told from what it raises.
    func waitForQuiet() async throws {
        self.record.withLock { $0.phases[.run] = .init(begin: 0) }
        guard self.runner.alerts != nil else { return }
        let limit = self.clock.now + self.runner.timing.quiet
        while true {
            let firing = self.record.withLock { $0.alerts.firing }
            if firing.contains(where: { $0.name == AlertExpectations.watchdog }),
                firing.allSatisfy({ $0.name == AlertExpectations.watchdog })
            {
                self.record.withLock { $0.alerts.forget() }
                return self.note("only the watchdog fires")
            }
            if self.clock.now > limit {
                let names = firing.map(\.text).joined(separator: ", ")
                throw CannotRun(names.isEmpty ? "not even the watchdog fires" : "alerts fire already: \(names)")
            }
            try await self.clock.sleep(until: self.clock.now + self.runner.timing.decision)
        }
    }

    private func waitForAlertsToEnd() async throws {
        guard self.runner.alerts != nil, let expected = self.experiment.alerts else { return }
        let end = self.record.withLock { $0.phases[.fault]?.end } ?? self.clock.now
        while self.clock.now < end + expected.resolveWithinSeconds {
            if self.record.withLock({ expected.areOver($0.alerts) }) { return self.note("its alerts are over") }
            try await self.clock.sleep(until: self.clock.now + self.runner.timing.decision)
        }
    }

    private func waitForSteadyState() async throws {
        let begin = self.clock.now
        self.record.withLock { $0.phases[.steady] = .init(begin: begin) }
        let seconds = self.experiment.steady.seconds
        let limit = begin + seconds + self.runner.timing.settling
        try await self.clock.sleep(until: begin + seconds)
        while true {
            let now = self.clock.now
            let span = RunRecord.Span(begin: now - seconds, end: now)
            let failures = self.probe(span).filter { !$0.passed }
            if failures.isEmpty {
                self.record.withLock { $0.phases[.steady] = span }
                return self.note("steady state holds")
            }
            if now > limit {
                let reasons = failures.map { "\($0.claim): \($0.measured)" }.joined(separator: "; ")
                throw CannotRun("there is no steady state to begin with: \(reasons)")
            }
            try await self.clock.sleep(until: now + self.runner.timing.decision)
        }
    }

    private func probe(_ span: RunRecord.Span) -> [Finding] {
        let record = self.record.withLock { $0 }
        return self.experiment.steady.probes.map { $0.evaluate(record, over: span) }
    }

    private func breakThings() async throws {
        let begin = self.clock.now
        let end = begin + self.experiment.faultSeconds
        self.record.withLock { $0.phases[.fault] = .init(begin: begin) }
        for scheduled in self.experiment.actions {
            try await self.clock.sleep(until: begin + scheduled.at)
            self.note(scheduled.action.summary)
            try await self.runner.injector.perform(
                scheduled.action, seconds: max(1, end - self.clock.now), seed: self.experiment.seed)
        }
        try await self.clock.sleep(until: end)
    }

    /// Undoes everything, and ends the phase of the fault if it has begun. A second call finds nothing to do.
    func rollBack() async {
        let failures = await self.runner.injector.rollBack()
        let now = self.clock.now
        self.record.withLock { record in
            for failure in failures { record.note(now, "not undone, it ends by its expiry: \(failure)") }
            guard let fault = record.phases[.fault], !fault.end.isFinite else { return }
            record.phases[.fault]?.end = now
            record.phases[.recovery] = .init(begin: now)
            record.note(now, "everything undone")
        }
    }

    private func waitForRecovery() async throws {
        let begin = self.clock.now
        let window = self.runner.timing.recoveryWindow
        let limit = begin + self.experiment.recovery.withinSeconds
        try await self.clock.sleep(until: begin + window)
        while true {
            let now = self.clock.now
            let isSteady = self.probe(.init(begin: now - window, end: now)).allSatisfy(\.passed)
            if isSteady && self.areClosed() {
                self.record.withLock { record in
                    // It has held for the whole window, so it was back at its begin.
                    record.recoveredAfter = max(0, now - window - begin)
                    record.note(now, "steady state is back")
                }
                return
            }
            if now - window > limit { return self.note("steady state is not back") }
            try await self.clock.sleep(until: now + self.runner.timing.decision)
        }
    }

    private func areClosed() -> Bool {
        self.record.withLock { record in
            self.experiment.recovery.closed.allSatisfy { name in
                let states = record.states(of: name)
                return !states.isEmpty && states.allSatisfy { $0 == "closed" }
            }
        }
    }

    // MARK: The end

    /// What must be true of every experiment's end: money, stock and orders as promised, nothing left behind.
    func audit() async -> [Finding] {
        [await self.invariants(), await self.orders(), await self.leftovers()].compactMap { $0 }
    }

    private func invariants() async -> Finding? {
        let name = "shop_invariant_violations"
        let limit = self.clock.now + self.runner.timing.audit
        var sum: Double?
        repeat {
            sum = nil
            for instance in self.runner.target.instances {
                guard let value = await self.sampler.scrape(instance, [name])?.sum(name, [:]) else { continue }
                sum = (sum ?? 0) + value
            }
            if sum == 0 { break }
            do { try await self.clock.sleep(until: self.clock.now + self.runner.timing.decision) } catch { break }
        } while self.clock.now < limit
        return Finding(
            claim: "money and stock add up (\(name) = 0)",
            measured: sum.map { $0.short } ?? "no such series", passed: sum == 0)
    }

    private func orders() async -> Finding? {
        let audit = await self.runner.load.audit()
        return Finding(
            claim: "no acknowledged order is lost",
            measured: audit.missing.isEmpty
                ? "\(audit.acknowledged) acknowledged, all there"
                : "\(audit.missing.count) of \(audit.acknowledged) missing: \(audit.missing.prefix(3).joined(separator: ", "))",
            passed: audit.missing.isEmpty)
    }

    private func leftovers() async -> Finding? {
        var left: [String] = []
        for instance in self.runner.target.instances {
            do {
                let count = try await self.runner.injector.faults(of: instance)
                if count > 0 { left.append("\(count) at \(instance.process)") }
                for breaker in try await self.runner.injector.forcedBreakers(of: instance) {
                    left.append("breaker \(breaker) at \(instance.process)")
                }
            } catch {
                left.append("\(instance.process) does not answer")
            }
        }
        return Finding(
            claim: "no fault is left behind", measured: left.isEmpty ? "none" : left.joined(separator: ", "),
            passed: left.isEmpty)
    }

    func report(_ ending: RunReport.Ending, audits: [Finding]) -> RunReport {
        let record = self.record.withLock { $0 }
        var findings: [Finding] = []
        if ending == .complete {
            findings = self.experiment.expectations.map { $0.evaluate(record) }
            findings.append(self.recovery(record))
            if self.runner.alerts != nil, let expected = self.experiment.alerts, let fault = record.phases[.fault] {
                findings += expected.findings(record.alerts, fault: fault)
            }
            findings += audits
        }
        return RunReport(
            experiment: self.experiment, target: self.runner.target.description, ending: ending, findings: findings,
            record: record)
    }

    private func recovery(_ record: RunRecord) -> Finding {
        let limit = self.experiment.recovery.withinSeconds
        let claim = "the steady state is back within \(limit.short) s"
        guard let after = record.recoveredAfter else {
            let span = RunRecord.Span(
                begin: (record.phases[.recovery]?.end ?? 0) - self.runner.timing.recoveryWindow,
                end: record.phases[.recovery]?.end ?? 0)
            var reasons = self.experiment.steady.probes.map { $0.evaluate(record, over: span) }.filter { !$0.passed }
                .map { "\($0.claim): \($0.measured)" }
            for name in self.experiment.recovery.closed where record.states(of: name) != ["closed"] {
                reasons.append("breaker \(name) is \(record.states(of: name).first ?? "not there")")
            }
            return Finding(claim: claim, measured: "it is not: \(reasons.joined(separator: "; "))", passed: false)
        }
        return Finding(claim: claim, measured: "after \(after.rounded(decimals: 1)) s", passed: after <= limit)
    }

    // MARK: Progress

    func tellProgress(every interval: Double) async {
        while !Task.isCancelled {
            do { try await self.clock.sleep(until: self.clock.now + interval) } catch { return }
            let record = self.record.withLock { $0 }
            self.runner.onProgress(ProgressSnapshot(record, now: self.clock.now))
        }
    }
}
