import Glibc
import Monitoring
import ServiceKit
import ShellTesting
import Telemetry
import Testing

@testable import vitrine

/// Dashboards, rules, runbooks and configurations are what is declared.
@Suite("Generated monitoring")
struct DriftMonitoringTests {
    @Test("Every committed file is what is declared, and nothing stale lies beside them")
    func committed() throws {
        let tree = GeneratedTree(root: Repository.root)
        let changes = try tree.changes(to: MonitoringFiles.committed, in: MonitoringFiles.folders)
        #expect(changes.map(\.difference) == [], "run make dashboards")
    }

    @Test("The lint knows every metric that a process registers, as it is, and no others")
    func metrics() async throws {
        let registered = Set(try await TelemetryCommand.inventories().flatMap(\.metrics))
        let known = Set(DeclaredMetrics.all)
        #expect(registered.subtracting(known).map(\.prometheusName).sorted() == [])
        // Those of sending metrics, which nobody does whom Prometheus scrapes, as settings have it by default.
        let ofSending = Set([PipelineMetrics.pointsExported, PipelineMetrics.pointsInFlight].map(\.description))
        #expect(known.subtracting(registered).subtracting(ofSending).map(\.prometheusName).sorted() == [])
    }

    @Test("Each file is made once, and ends with a line feed")
    func paths() {
        let files = MonitoringFiles.committed
        #expect(!files.isEmpty)
        for (path, same) in Dictionary(grouping: files, by: \.path) { #expect(same.count == 1, "\(path)") }
        for file in files { #expect(file.text.hasSuffix("\n") && !file.text.hasSuffix("\n\n"), "\(file.path)") }
    }

    @Test("promtool accepts the rules, as committed and in compressed time")
    func check() throws {
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        let files = RuleFiles.all(.lab)
        #expect(!files.isEmpty)
        for file in files { try TextFile.write(Array(file.text(.lab).utf8), to: "\(scratch.path)/\(file.name).yml") }
        for folder in ["\(Repository.root)/\(RuleFile.folder)", scratch.path] {
            let outcome = Shell.run("promtool check rules '\(folder)'/*.yml")
            #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
        }
    }

    @Test("Groups have names of their own, and alerts of one name are of one severity")
    func names() {
        let groups = RuleFiles.all(.production).flatMap(\.groups)
        for (name, same) in Dictionary(grouping: groups, by: \.name) { #expect(same.count == 1, "\(name)") }
        for (name, same) in Dictionary(grouping: groups.flatMap(\.alerts), by: \.name) {
            #expect(Set(same.map(\.severity)).count == 1, "\(name)")
        }
    }

    // MARK: The command

    private let files = [
        GeneratedFile(path: "made/one.json", text: "1\n"), GeneratedFile(path: "made/two.json", text: "2\n"),
    ]
    private let folders = [GeneratedFolder(path: "made", suffix: ".json")]

    @Test("What is missing is added, what differs is changed, what is stale is removed, and nothing else is touched")
    func changes() throws {
        let scratch = try ScratchFolder()
        defer { _ = Shell.run("rm -rf '\(scratch.path)'") }
        let tree = GeneratedTree(root: scratch.path)
        try TextFile.makeFolders(above: "made/x", below: scratch.path)
        for (name, text) in [("one.json", "other"), ("old.json", "3\n"), ("notes.txt", "kept")] {
            try TextFile.write(Array(text.utf8), to: "\(scratch.path)/made/\(name)")
        }
        let changes = try tree.changes(to: self.files, in: self.folders)
        #expect(
            changes.map(\.difference) == [
                "differs  made/one.json", "missing  made/two.json", "stale    made/old.json",
            ])
        for change in changes { try tree.apply(change) }
        #expect(try tree.changes(to: self.files, in: self.folders) == [])
        #expect(TextFile.names(in: "\(scratch.path)/made") == ["notes.txt", "one.json", "two.json"])
        #expect(try TextFile.read("\(scratch.path)/made/one.json") == Array("1\n".utf8))
    }

    @Test("The command fills an empty folder, and then finds nothing to do")
    func command() async throws {
        let scratch = try ScratchFolder()
        defer { _ = Shell.run("rm -rf '\(scratch.path)'") }
        let output = ["dashboards", "--output", "\(scratch.path)/new"]
        #expect(await CommandLineTool.run(output + ["--check"]) == 1)
        #expect(await CommandLineTool.run(output) == 0)
        #expect(await CommandLineTool.run(output + ["--check"]) == 0)
        for file in MonitoringFiles.committed {
            #expect(try TextFile.read("\(scratch.path)/new/\(file.path)") == Array(file.text.utf8))
        }
    }

    @Test("Outside of a repository the command wants to be told where")
    func elsewhere() async throws {
        let tool = LabProcess.binary
        let outcome = Shell.run("cd \"$WORK\" && '\(tool)' dashboards")
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("--output"))
    }
}
