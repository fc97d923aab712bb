import Faults
import Lab
import Telemetry

extension DashboardAnnotation {
    /// On every dashboard: what one asks first when a line bends.
    static let all: [DashboardAnnotation] = [
        Self.versions, Self.starts, Self.faults, Self.experiments, Self.pages,
    ]

    /// `target_info` of a version that was not there shortly before.
    private static let versions = DashboardAnnotation(
        name: "New versions", colour: .purple,
        expression: Self.running.unless(.offset(Self.running, .minutes(5)), on: [.service, .version]).and(
            Self.anything, on: [.service]),
        title: "\(.service) \(.version) is new", isMoment: false, isShown: true)
    private static let running = PromQL.named("target_info").count(by: [.service, .version])
    /// What was there before: the first start of all is no deployment.
    private static let anything = PromQL.offset(PromQL.named("target_info").count(by: [.service]), .minutes(5))

    private static let starts = DashboardAnnotation(
        name: "Process starts", colour: .blue,
        expression: Series(ProcessMetrics.startTime).value.max(by: [.service, .instance]) * 1_000,
        title: "\(.service) started", isMoment: true, isShown: true)

    private static let faults = DashboardAnnotation(
        name: "Faults", colour: .orange,
        expression: Series(FaultMetrics.active).value.max(by: [.service, .fault]).greater(than: 0),
        title: "\(.fault) in \(.service)", isMoment: false, isShown: true)

    private static let experiment = LabelKey(LabMetrics.experimentLabel)
    private static let experiments = DashboardAnnotation(
        name: "Experiments", colour: .yellow,
        expression: Series(LabMetrics.experimentActive).value.max(by: [Self.experiment]).greater(than: 0),
        title: "\(Self.experiment) runs", isMoment: false, isShown: true)

    private static let pages = DashboardAnnotation(
        name: "Pages", colour: .red,
        expression: PromQL.named("ALERTS", .is(.alertState, "firing"), .is(.severity, AlertRule.Severity.page.rawValue))
            .max(by: [.alertName, .service]),
        title: "\(.alertName)", isMoment: false, isShown: false)
}
