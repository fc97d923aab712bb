/// Groups of rules that are kept in one file.
package struct RuleFile: Sendable, Hashable {
    /// Without folder and `.yml`; one in all.
    package let name: String
    package let groups: [RuleGroup]

    package init(_ name: String, _ groups: [RuleGroup]) {
        self.name = name
        self.groups = groups
    }

    /// Where the committed ones are, from the repository's root.
    package static let folder = "otel/prometheus/rules"
    static let comment = "Made by `make dashboards` from Sources/Monitoring: edit it there."

    /// As Prometheus reads it: windows, waits and links are those of the profile.
    ///
    /// Source: Prometheus documentation, "Recording rules", "Alerting rules". `keep_firing_for` needs Prometheus 2.42.
    package func text(_ profile: RuleProfile) -> String {
        YAML.map([.init("groups", .list(self.groups.map { $0.yaml(profile) }))]).document(comment: Self.comment)
    }

    /// The committed file.
    package var generated: GeneratedFile {
        GeneratedFile(path: "\(Self.folder)/\(self.name).yml", text: self.text(.production))
    }
}

extension RuleGroup {
    func yaml(_ profile: RuleProfile) -> YAML {
        var pairs: [YAML.Pair] = [.init("name", .string(self.name))]
        if let interval = self.interval {
            pairs.append(.init("interval", .string(profile.scale.interval(interval, least: profile.interval).text)))
        }
        pairs.append(.init("rules", .list(self.rules.map { $0.yaml(profile) })))
        return .map(pairs)
    }
}

extension RuleGroup.Rule {
    fileprivate func yaml(_ profile: RuleProfile) -> YAML {
        switch self {
        case .record(let rule): .map(rule.pairs(profile))
        case .alert(let rule): .map(rule.pairs(profile))
        }
    }
}

extension PromQL {
    fileprivate func pair(_ profile: RuleProfile) -> YAML.Pair {
        .init("expr", .string(self.mappingDurations(profile.scale.window).layout()))
    }
}

extension [Label] {
    /// Nothing where there are none: an empty map says no more.
    fileprivate func pair(_ key: String) -> [YAML.Pair] {
        self.isEmpty ? [] : [.init(key, .map(self.map { .init($0.name, .string($0.value)) }))]
    }
}

extension RecordingRule {
    fileprivate func pairs(_ profile: RuleProfile) -> [YAML.Pair] {
        [.init("record", .string(self.record)), self.expression.pair(profile)] + self.labels.pair("labels")
    }
}

extension AlertRule {
    fileprivate func pairs(_ profile: RuleProfile) -> [YAML.Pair] {
        var pairs: [YAML.Pair] = [.init("alert", .string(self.name)), self.expression.pair(profile)]
        pairs += Self.wait("for", self.wait, profile)
        pairs += Self.wait("keep_firing_for", self.keepFiring ?? .milliseconds(0), profile)
        return pairs + self.allLabels.pair("labels") + self.annotations(profile.links).pair("annotations")
    }

    /// No wait is what Prometheus takes for granted.
    private static func wait(_ key: String, _ duration: PromDuration, _ profile: RuleProfile) -> [YAML.Pair] {
        let wait = profile.scale.wait(duration)
        return wait == .milliseconds(0) ? [] : [.init(key, .string(wait.text))]
    }

    /// The severity, and its own.
    package var allLabels: [Label] { [Label("severity", self.severity.rawValue)] + self.labels }

    /// In Prometheus' templates.
    package func annotations(_ links: MonitoringLinks) -> [Label] {
        Self.annotations(summary: self.summary, description: self.description, self, links)
    }

    static func annotations(
        summary: String, description: String, _ rule: AlertRule, _ links: MonitoringLinks
    ) -> [Label] {
        [
            Label("summary", summary), Label("description", description),
            Label("dashboard_url", links.dashboard(rule.dashboard)), Label("runbook_url", links.runbook(rule.name)),
        ]
    }
}
