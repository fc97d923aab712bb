package import Telemetry

/// Every metric of the lab's supervisor: its processes, what is asked of them, experiments and alerts.
package enum LabMetrics {
    /// The label of a process: `product`, `product-2`, `load`, `prometheus`.
    package static let processLabel = "process"
    /// The label of an experiment: the name it was announced under.
    package static let experimentLabel = "experiment"

    package static let processState = DynamicDescriptor(
        "shop.lab.process.state", kind: .gauge, unit: .none,
        help: "Whether a process of the lab is in a state: 1 for that one, 0 for the others.",
        labelNames: [Self.processLabel, LabProcessState.labelName],
        labelValues: [LabProcessState.labelName: LabProcessState.allCases.map(\.rawValue)])
    package static let processStarts = DynamicDescriptor(
        "shop.lab.process.starts", kind: .counter, unit: .count("start"),
        help: "How often a process of the lab was started, the first time included.", labelNames: [Self.processLabel])
    package static let requests = DynamicDescriptor(
        "shop.lab.requests", kind: .counter, unit: .count("request"),
        help: "What was asked of a process of the lab and carried out.",
        labelNames: [Self.processLabel, LabRequest.labelName],
        labelValues: [LabRequest.labelName: LabRequest.allCases.map(\.rawValue)])
    package static let experimentActive = DynamicDescriptor(
        "chaos.experiment.active", kind: .gauge, unit: .none,
        help: "Whether an experiment runs: 1 while it does, 0 for those that have run before.",
        labelNames: [Self.experimentLabel])
    package static let experiments = DynamicDescriptor(
        "chaos.experiments", kind: .counter, unit: .count("experiment"),
        help: "Experiments that have ended, by verdict.",
        labelNames: [Self.experimentLabel, LabVerdict.labelName],
        labelValues: [LabVerdict.labelName: LabVerdict.allCases.map(\.rawValue)])
    package static let alerts = CounterDescriptor<LabAlertStatus>(
        "shop.lab.alerts", unit: .count("alert"),
        help: "Alerts that began or ended; refused is what was not understood, or beyond a bound.")
}

/// Where a process of the lab is in its life.
package enum LabProcessState: String, MetricLabel {
    case running
    /// Ended; it is started again after a moment.
    case restarting
    /// Not started again before its time is over, or somebody releases it.
    case held
    /// Stopped by SIGSTOP on request: it keeps its connections and answers nobody.
    case paused

    package static var labelName: String { "state" }
}

/// What somebody may ask of a process of the lab.
package enum LabRequest: String, MetricLabel {
    case kill, hold, pause, release, restart

    package static var labelName: String { "request" }

    /// Whether it lasts until a time that has to be given.
    package var isTimed: Bool { self == .hold || self == .pause }
}

/// What an experiment came to.
package enum LabVerdict: String, MetricLabel {
    case passed, failed
    /// Interrupted, not run at all, or never heard of again.
    case aborted

    package static var labelName: String { "verdict" }
}

/// What an alert that came in was.
package enum LabAlertStatus: String, MetricLabel {
    case firing, resolved, refused

    package static var labelName: String { "status" }
}
