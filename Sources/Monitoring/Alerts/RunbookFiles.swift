/// The runbooks, a page for each alert.
package enum RunbookFiles {
    package static let folder = "docs/runbooks"

    package static var all: [GeneratedFile] {
        let areas = self.areas
        let pages = areas.flatMap(\.entries).map { rule, runbook in
            GeneratedFile(path: "\(self.folder)/\(rule.name).md", text: self.page(rule, runbook))
        }
        return pages + [GeneratedFile(path: "\(self.folder)/README.md", text: self.index(areas))]
    }

    /// All with a page, by area.
    package static var areas: [(name: String, entries: [(rule: AlertRule, runbook: Runbook)])] {
        let catalogue = AlertCatalogue.areas(.production).map { area in
            (name: String(area.name.dropFirst("alerts-".count)), entries: area.alerts.map { ($0.rule, $0.runbook) })
        }
        return [(name: "objectives", entries: ObjectiveRunbooks.all)] + catalogue
    }

    private static func index(_ areas: [(name: String, entries: [(rule: AlertRule, runbook: Runbook)])]) -> String {
        var text = "# Runbooks\n\nOne page for each alert; `page` wakes somebody, `ticket` waits for a working day, "
        text += "`info` is shown beside others, `none` always fires.\n"
        text += "Made by `make dashboards` from Sources/Monitoring/Alerts.\n"
        for area in areas {
            text += "\n## \(area.name.prefix(1).uppercased() + area.name.dropFirst())\n\n"
            text += "| Alert | Severity | After | Dashboard | What it means |\n|---|---|---|---|---|\n"
            for (rule, runbook) in area.entries {
                let wait = rule.wait == .milliseconds(0) ? "at once" : rule.wait.text
                text += "| [\(rule.name)](\(rule.name).md) | \(rule.severity.rawValue) | \(wait) | "
                text += "\(rule.dashboard.title) | \(runbook.meaning) |\n"
            }
        }
        return text
    }

    private static func page(_ rule: AlertRule, _ runbook: Runbook) -> String {
        var text = "# \(rule.name)\n\n**\(rule.severity.rawValue)**"
        if rule.wait != .milliseconds(0) { text += " · after \(rule.wait.text)" }
        text += " · dashboard *\(rule.dashboard.title)* (`\(rule.dashboard.uid)`)\n\n"
        text += "Made by `make dashboards` from Sources/Monitoring/Alerts.\n\n"
        text += "## What it means\n\n\(runbook.meaning)\n\n**Customers:** \(runbook.customers)\n\n"
        text += "It fires when:\n\n```promql\n\(rule.expression.layout())\n```\n\n"
        text += "## What to look at\n\n" + runbook.looks.map(self.look).joined(separator: "\n") + "\n"
        text += "## What to do\n\n"
        text += runbook.steps.enumerated().map { "\($0 + 1). \($1)\n" }.joined()
        text += "\n## How to reproduce it\n\n\(self.reproduction(runbook.reproduction))"
        return text
    }

    private static func look(_ look: Runbook.Look) -> String {
        switch look {
        case .query(let says, let query): "\(says)\n\n```promql\n\(query.layout())\n```\n"
        case .command(let says, let line): "\(says)\n\n```sh\n\(line)\n```\n"
        case .dashboard(let dashboard, let says): "*\(dashboard.title)* (`\(dashboard.uid)`): \(says)\n"
        }
    }

    private static func reproduction(_ reproduction: Runbook.Reproduction) -> String {
        switch reproduction {
        case .experiment(let name):
            "In a lab (`vitrine up`):\n\n```sh\nchaos/\(name).sh\n```\n"
        case .command(let says, let line): "In a lab (`vitrine up`): \(says)\n\n```sh\n\(line)\n```\n"
        case .casesOnly(let reason): "No fault of the lab brings it about: \(reason) The rule's own cases prove it.\n"
        }
    }
}
