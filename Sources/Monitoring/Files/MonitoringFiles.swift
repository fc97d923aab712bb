/// Every file that is made from what is declared.
package enum MonitoringFiles {
    /// Those that are committed, by path.
    package static var committed: [GeneratedFile] {
        (self.rules + self.ruleTests + self.runbooks + self.dashboards + self.configurations)
            .sorted { $0.path < $1.path }
    }

    // One line for each area.
    private static var rules: [GeneratedFile] {
        RuleFiles.all(.production).map(\.generated) + RuleFile.operatorFiles
    }
    private static var ruleTests: [GeneratedFile] { RuleTestFiles.all.map(\.generated) }
    private static var runbooks: [GeneratedFile] { RunbookFiles.all }
    private static var dashboards: [GeneratedFile] { DashboardCatalogue.files + [DashboardDocument.file] }
    private static var configurations: [GeneratedFile] { ConfigurationFiles.files }

    /// Where nothing stays that is not made: what was renamed would be loaded twice.
    package static let folders: [GeneratedFolder] =
        [
            GeneratedFolder(path: "dashboards", suffix: ".json"),
            GeneratedFolder(path: RuleFile.folder, suffix: ".yml"),
            GeneratedFolder(path: RuleTestFile.folder, suffix: ".yml"),
            GeneratedFolder(path: RuleFile.operatorFolder, suffix: ".yml"),
            GeneratedFolder(path: "docs/runbooks", suffix: ".md"),
        ] + ConfigurationFiles.folders
}

/// A folder whose files of one kind are all made.
package struct GeneratedFolder: Sendable, Hashable {
    /// From the repository's root.
    package let path: String
    package let suffix: String

    package init(path: String, suffix: String) {
        self.path = path
        self.suffix = suffix
    }
}
