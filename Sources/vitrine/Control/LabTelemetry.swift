import Lab
import ServiceKit
import Telemetry

/// The supervisor's own metrics: read from its books and from the table of processes whenever somebody scrapes.
enum LabTelemetry {
    /// As `service.name` tells it.
    static let processName = "lab"

    static func register(
        _ metrics: MetricRegistry, books: LabBooks, entries: @escaping @Sendable () -> [ProcessTable.Entry]
    ) {
        self.registerProcesses(metrics, entries)
        metrics.observable(LabMetrics.experimentActive) {
            books.experiments().map { ([$0.name.description], $0.record.until == nil ? 0 : 1) }
        }
        metrics.observable(LabMetrics.experiments) {
            books.experiments().flatMap { name, record in
                LabVerdict.allCases.map { ([name.description, $0.rawValue], Double(record.count(of: $0))) }
            }
        }
        metrics.observableCounter(LabMetrics.alerts) {
            let alerts = books.alerts()
            return LabAlertStatus.allCases.map { ($0, Double(alerts.count(of: $0))) }
        }
    }

    private static func registerProcesses(
        _ metrics: MetricRegistry, _ entries: @escaping @Sendable () -> [ProcessTable.Entry]
    ) {
        metrics.observable(LabMetrics.processState) {
            entries().flatMap { entry in
                LabProcessState.allCases.map { (["\(entry.member)", $0.rawValue], entry.phase == $0 ? 1 : 0) }
            }
        }
        metrics.observable(LabMetrics.processStarts) { entries().map { (["\($0.member)"], Double($0.starts)) } }
        metrics.observable(LabMetrics.requests) {
            entries().flatMap { entry in
                LabRequest.allCases.map { (["\(entry.member)", $0.rawValue], Double(entry.requests[$0] ?? 0)) }
            }
        }
    }

    /// What the supervisor's process emits: read from one that supervises nobody.
    static func inventory() throws -> ProcessInventory {
        let telemetry = try ScrapedTelemetry.make(self.processName, [:])
        self.register(telemetry.metrics, books: LabBooks(), entries: { [] })
        return ProcessInventory(
            name: self.processName, catalogue: LabMetrics.catalogue, metrics: telemetry.metrics.descriptions)
    }
}
