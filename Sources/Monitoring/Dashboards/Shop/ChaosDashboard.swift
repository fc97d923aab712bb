import Faults
import Lab
import Resilience
import Telemetry

extension Dashboard {
    static let chaos = Dashboard(
        .chaos,
        "What is broken on purpose, and what comes of it: faults and experiments above, their effect on errors, "
            + "latency and breakers below, on the same time axis.",
        tags: ["chaos"], variables: [.service], related: [.overview, .resilience, .dependencies, .load]
    ) {
        ChaosRows.now
        ChaosRows.causes
        ChaosRows.effects
        ChaosRows.lab
    }
}

private enum ChaosRows {
    static let service = DashboardVariable.service.condition
    static let active = Series(FaultMetrics.active, Self.service)
    static let injections = Series(FaultMetrics.injections, Self.service)
    static let requests = RED.requests.where(Self.service)
    static let experiments = Series(LabMetrics.experiments)
    static let experiment = LabelKey(LabMetrics.experimentLabel)
    static let process = LabelKey(LabMetrics.processLabel)
    static let noExperiment = DataNeeds.only("when an experiment has been run against the lab")

    static let now = Row("Now", columns: 6, height: 4) {
        Stat("Faults set", .none, "Faults that are active. When nobody is experimenting this is 0.", hasTrend: false) {
            Query(Self.active.value.sum())
        }.thresholds(.from(1, .orange))
        Stat(
            "Hits", .operationsPerSecond, "How often a fault is injected a second. 0 while one is set: it hits nothing."
        ) {
            Query(Self.injections.rate(.rateInterval).sum())
        }.thresholds(.from(0.01, .orange))
        Stat("Experiments running", .none, "Announced to the lab and not yet ended.", hasTrend: false) {
            Query(Series(LabMetrics.experimentActive).value.sum().orZero)
        }.thresholds(.from(1, .orange))
        Stat(
            "Experiments failed", .none,
            "Within the range shown: what was supposed was not true, or it was broken off. Read its report.",
            hasTrend: false
        ) {
            Query(
                Self.experiments.where(.isNot(LabVerdict.passed)).increase(.range).sum().orZero)
        }.thresholds(.from(1)).decimals(0)
        Stat("Processes not running", .none, "Of the lab: held, paused or between two lives.", hasTrend: false) {
            Query(Series(LabMetrics.processState, .isNot(LabProcessState.running)).value.sum())
        }.thresholds(.from(1))
        Stat("Failing", .ratio, "Share of all answers of the chosen services that are from 500 on.") {
            Query(Self.requests.failureRatio())
        }.thresholds(.above(0.001, 0.01)).decimals(2)
    }

    static let causes = Row("What is done", columns: 3) {
        StateTimeline(
            "Faults by service", "When each service had a fault set.",
            states: [
                StateName(0, "none", .grey), StateName(1, "one", .orange), StateName(2, "two", .red),
                StateName(3, "three", .darkRed),
            ]
        ) {
            Query(Self.active.value.sum(by: [.service]), "\(.service)")
        }.link(.logs(of: .service))
        TimeSeries(
            "Hits by kind", .operationsPerSecond,
            "How often each kind of fault is injected. Latency, errors and resets hit requests; the others hit the "
                + "process once."
        ) {
            Query(
                Self.injections.rate(.rateInterval).sum(by: [.service, .fault]).greater(than: 0),
                "\(.service) \(.fault)")
        }.needs(.only("when a fault is injected"))
        StateTimeline(
            "Experiments", "When each experiment ran.",
            states: [
                StateName(0, "idle", .grey), StateName(1, "running", .orange),
            ]
        ) {
            Query(Series(LabMetrics.experimentActive).value.max(by: [Self.experiment]), "\(Self.experiment)")
        }.needs(Self.noExperiment)
    }

    static let effects = Row("What comes of it", columns: 2) {
        TimeSeries(
            "Failing share by service", .ratio,
            "Answers from 500 on. The service with the fault rises; those that call it should not, where a breaker "
                + "and kept answers hold."
        ) {
            Query(Self.requests.failureRatio(by: .service), "\(.service)")
        }.thresholds(.above(0.001, 0.01)).scale().link(.traces(of: .service))
        TimeSeries(
            "Latency p99 by service", .seconds,
            "A slow service must not make its callers equally slow: deadlines and bounds cut it off."
        ) {
            Query(Self.requests.quantile(0.99, by: .service), "\(.service)", exemplars: true)
        }.thresholds(.above(0.5, 1)).scale().link(.traces(of: .service))
        StateTimeline(
            "Breakers",
            "Which callers stop calling. A breaker that stays closed through an outage is set too mildly.",
            states: StateName.breakerStates
        ) {
            Query(.breakerState(Self.service), "\(.service) → \(.breaker)")
        }.link(.dashboard(.resilience, .service, .service))
        TimeSeries(
            "What is held back", .requestsPerSecond,
            "Calls refused by breakers, requests shed, answers from what was kept, resends: the defences at work."
        ) {
            Query(
                Series(CircuitBreakerMetrics.calls, Self.service, .is(CircuitCallLabel.rejected)).rate(.rateInterval)
                    .sum(), "refused by breakers")
            Query(Series(BulkheadMetrics.shed, Self.service).rate(.rateInterval).sum(), "shed")
            Query(Series(FallbackMetrics.answers).rate(.rateInterval).sum(), "kept answers asked for")
            Query(
                Series(RetryMetrics.attempts, Self.service, .matches(.outcome, "success|failure")).rate(.rateInterval)
                    .sum(), "sent again")
        }.scale()
    }

    /// The number of the state that each of the lab's processes is in.
    private static let processStates: PromQL = {
        let others: [LabProcessState] = [.restarting, .held, .paused]
        let terms = others.enumerated().map { index, state in
            Series(LabMetrics.processState, .is(state)).value.max(by: [Self.process]) * Double(index + 1)
        }
        return terms.dropFirst().reduce(terms[0], +)
    }()

    static let lab = Row("The lab's processes", columns: 3) {
        StateTimeline(
            "State of each process",
            "Held and paused is what an experiment does; restarting without one is a crash.",
            states: [
                StateName(0, "running", .green), StateName(1, "restarting", .orange), StateName(2, "held", .red),
                StateName(3, "paused", .purple),
            ]
        ) {
            Query(Self.processStates, "\(Self.process)")
        }
        TimeSeries("Starts", .none, "How often each process has been started of late: above 0 it is a restart.") {
            Query(Series(LabMetrics.processStarts).increase(.rateInterval).max(by: [Self.process]), "\(Self.process)")
        }.scale()
        TimeSeries(
            "Asked of processes", .none,
            "Kills, holds, pauses and restarts that were carried out within the range shown. Empty while nothing was "
                + "asked."
        ) {
            Query(
                Series(LabMetrics.requests).increase(.range).sum(by: [Self.process, LabelKey(LabRequest.self)])
                    .greater(than: 0), "\(Self.process) \(LabelKey(LabRequest.self))")
        }.needs(.only("when a process of the lab was killed, held, paused or restarted on request"))
    }
}
