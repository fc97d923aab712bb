/// Faults against alerts: what each raised and how soon, in a table for the documents.
public struct AlertMatrix: Sendable {
    private let reports: [RunReport]

    public init(_ reports: [RunReport]) { self.reports = reports.filter { $0.experiment.alerts != nil } }

    /// The two tables: by fault, and by alert.
    public func markdown() -> String { self.byFault + "\n" + self.byAlert }

    private var byFault: String {
        var text = "| Fault | Alerts that must fire: after | Others that may, and did | Over after | |\n"
        text += "|---|---|---|---|---|\n"
        for report in self.reports {
            guard let expected = report.experiment.alerts, let fault = report.record.phases[.fault] else { continue }
            let timeline = report.record.alerts
            let must = expected.must.map { demand in
                let delay = timeline.delay(of: demand, after: fault.begin).map { "\($0.rounded(decimals: 1)) s" }
                return "\(demand.text.code): \(delay ?? "**never**") (≤ \(demand.withinSeconds.short) s)"
            }
            let may = Self.names(timeline).filter { name in
                expected.may.contains(name) && !expected.must.contains { $0.alert == name }
            }
            let over = expected.must.compactMap { timeline.resolution(of: $0, after: fault.end) }.max()
            text += "| `\(report.experiment.name)` | \(Self.list(must)) | \(Self.list(may.map(\.code))) | "
            text += "\(over.map { "\($0.rounded(decimals: 1)) s" } ?? "–") | \(report.verdict.rawValue) |\n"
        }
        return text
    }

    private var byAlert: String {
        var faults: [String: [String]] = [:]
        for report in self.reports {
            for name in Self.names(report.record.alerts) where name != AlertExpectations.watchdog {
                faults[name, default: []].append(report.experiment.name)
            }
        }
        var text = "| Alert | Seen with |\n|---|---|\n"
        for (name, experiments) in faults.sorted(by: { $0.key < $1.key }) {
            text += "| \(name.code) | \(experiments.map(\.code).joined(separator: ", ")) |\n"
        }
        return text
    }

    /// Every alert that fired, once.
    private static func names(_ timeline: AlertTimeline) -> [String] { Set(timeline.episodes.map(\.name)).sorted() }

    private static func list(_ items: [String]) -> String { items.isEmpty ? "–" : items.joined(separator: "<br>") }
}

extension String {
    fileprivate var code: String { "`\(self)`" }
}
