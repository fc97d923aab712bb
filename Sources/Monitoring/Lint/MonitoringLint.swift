package import Telemetry

/// Looks at rules, dashboards and documents together: what one records, another asks for.
package struct MonitoringLint: Sendable {
    private let declared: MetricCatalogue

    package init(_ metrics: [MetricDescription] = DeclaredMetrics.all) { self.declared = MetricCatalogue(metrics) }

    /// Of all that is made from what is declared: rules in both profiles, dashboards, runbooks.
    package static func findings() -> [Finding] {
        let lint = MonitoringLint()
        let ofLab = RuleFiles.all(.lab).flatMap { RuleFileReader.rules(in: $0.text(.lab), path: "lab: \($0.name).yml") }
        return lint.findings(in: MonitoringFiles.committed)
            + lint.findings(in: ofLab, scrapeInterval: RuleProfile.lab.interval)
    }

    /// Of rules that belong together.
    ///
    /// - Parameter scrapeInterval: of the profile that their windows are written for.
    package func findings(in rules: [LintedRule], scrapeInterval: PromDuration = .seconds(15)) -> [Finding] {
        let lint = ExpressionLint(self.declared.recording(rules))
        return rules.flatMap { lint.findings(in: $0, scrapeInterval: scrapeInterval) }
    }

    /// Of rules, dashboards and documents as they are kept, by their paths' endings.
    package func findings(in files: [GeneratedFile]) -> [Finding] {
        let rules = files.filter(\.isOfRules).flatMap { RuleFileReader.rules(in: $0.text, path: $0.path) }
        let lint = ExpressionLint(self.declared.recording(rules))
        return rules.flatMap { lint.findings(in: $0) } + files.flatMap { Self.findings(in: $0, lint) }
    }

    private static func findings(in file: GeneratedFile, _ lint: ExpressionLint) -> [Finding] {
        if file.path.hasSuffix(".md") {
            return MarkdownReader.queries(in: file.text, path: file.path).flatMap {
                lint.findings(in: $0.text, $0.context)
            }
        }
        guard file.path.hasSuffix(".json") else { return [] }
        do {
            return try DashboardReader.queries(in: file.text, path: file.path).flatMap {
                lint.findings(in: $0.text, $0.context)
            }
        } catch {
            return [Finding(rule: .parses, place: file.path, message: "\(error)")]
        }
    }
}

extension GeneratedFile {
    /// Tests of rules and configurations are YAML as well.
    fileprivate var isOfRules: Bool { self.path.hasPrefix(RuleFile.folder) && self.path.hasSuffix(".yml") }
}
