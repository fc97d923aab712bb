import Chaos
import Faults
import Glibc
import HTTPEngine
import JSON
import NetworkIO
import ServiceKit

/// `vitrine chaos`: runs experiments, lists them, and clears what was broken.
enum ChaosCommand {
    static func run(_ arguments: [String]) async throws {
        let options = try Options(
            arguments, values: ["data", "target", "url", "admin-host", "report", "experiments", "matrix"],
            flags: ["lab", "monitoring", "alerts"])
        guard let verb = options.operands.first else { throw UsageError("list, run or clear?") }
        let names = Array(options.operands.dropFirst())
        switch verb {
        case "list":
            try options.requireOperands(atMost: 1)
            try self.list(ExperimentShelf(options))
        case "run":
            if names.isEmpty { throw UsageError("run which experiment? 'all' runs all") }
            try await self.run(names, options)
        case "clear":
            try options.requireOperands(atMost: 1)
            try await self.clear(options)
        default: throw UsageError("'\(verb)' is none of list, run and clear")
        }
    }

    private static func list(_ shelf: ExperimentShelf) throws {
        for experiment in try shelf.all() {
            let needs = experiment.needs.instances.filter { $0.value > 1 }.map { "\($0.value) of \($0.key)" }
            let notes = needs + (experiment.needs.collector ? ["a collector"] : [])
            let suffix = notes.isEmpty ? "" : " (needs \(notes.joined(separator: ", ")))"
            print("\(experiment.name.padding(to: 30)) \(experiment.title)\(suffix)")
        }
    }

    private static func clear(_ options: Options) async throws {
        let place = try ChaosPlace(options)
        let injector = Injector(target: place.target, client: place.client, driver: place.driver)
        let (cleared, failures) = await injector.clearAll()
        for line in cleared { print("cleared \(line)") }
        if cleared.isEmpty, failures.isEmpty { print("nothing to clear") }
        if !failures.isEmpty { throw CommandFailure(failures.joined(separator: "\n")) }
    }

    // MARK: Running

    private static func run(_ names: [String], _ options: Options) async throws {
        var experiments = try ExperimentShelf(options).named(names)
        if options.has("alerts") { experiments = try self.thoseOfAlerts(experiments) }
        let signals = try TerminationSignals()
        let work = Task {
            options.has("lab")
                ? try await self.runInOwnLabs(experiments, options)
                : try await self.runAll(experiments, in: ChaosPlace(options), options)
        }
        let watch = Task.detached {
            _ = await signals.next()
            print("\nMending …")
            work.cancel()
            _ = await signals.next()
            exit(130)
        }
        defer { watch.cancel() }
        let reports: [RunReport]
        do { reports = try await work.value } catch let reason as CannotRun {
            throw CommandFailure(reason.description, status: 2)
        }
        let statuses = reports.map(\.exitStatus)
        if let path = options.value("matrix") {
            try SmallFile.write(AlertMatrix(reports).document, to: path, mode: 0o644)
            print("\nmatrix: \(path)")
        }
        let passed = statuses.count { $0 == 0 }
        if experiments.count > 1 { print("\n\(passed) of \(experiments.count) experiments passed") }
        // What could not be run weighs more than what failed: it proves nothing at all.
        if let worst = statuses.max(), worst > 0 { throw CommandFailure("", status: worst) }
        if statuses.count < experiments.count { throw CommandFailure("interrupted") }
    }

    /// Those that say something of alerts; the others would only be in the way.
    private static func thoseOfAlerts(_ experiments: [Experiment]) throws -> [Experiment] {
        let chosen = experiments.filter { $0.alerts != nil }
        if chosen.isEmpty { throw UsageError("none of these experiments says anything of alerts") }
        return chosen
    }

    /// One lab for all that need the same of it; one for each where alerts are watched, since what one fault has burned
    /// would still be seen during the next.
    private static func runInOwnLabs(_ experiments: [Experiment], _ options: Options) async throws -> [RunReport] {
        var reports: [RunReport] = []
        var rest = experiments
        let isWatched = options.has("alerts")
        while let first = rest.first, !Task.isCancelled {
            let same = isWatched ? [first] : rest.filter { $0.needs == first.needs }
            rest.removeAll { experiment in same.contains { $0.name == experiment.name } }
            let lab = try await OwnLab.start(first.needs, isMonitored: isWatched || options.has("monitoring"))
            do {
                reports += try await self.runAll(same, in: lab.place, options)
            } catch {
                await lab.stop()
                throw error
            }
            await lab.stop()
        }
        return reports
    }

    private static func runAll(
        _ experiments: [Experiment], in place: ChaosPlace, _ options: Options
    ) async throws -> [RunReport] {
        var reports: [RunReport] = []
        for experiment in experiments where !Task.isCancelled {
            reports.append(try await self.runOne(experiment, in: place, options))
        }
        return reports
    }

    /// Seconds an announced experiment may take beyond what its parts come to: a steady state that settles slowly, the
    /// audit at the end.
    private static let announcementMargin = 60.0

    /// Tells the lab of an experiment. A lab that does not listen is no reason to do without the run.
    private static func tell(_ announcement: @escaping @Sendable () async throws -> Void) async {
        // Not a child: of an interrupted run the end has to be told all the same.
        let failure = await Task { () -> String? in
            do { try await announcement() } catch { return "\(error)" }
            return nil
        }.value
        if let failure { print("  the lab was not told: \(failure)") }
    }

    private static func runOne(
        _ experiment: Experiment, in place: ChaosPlace, _ options: Options
    ) async throws -> RunReport {
        print("\n\(Terminal.bold(experiment.title))  (\(experiment.name), at most \(Int(experiment.secondsMax)) s)")
        let started = ReportFolder.timestamp()
        let progress = ChaosProgress()
        let report: RunReport
        if let lacking = place.target.lacks(experiment.needs, hasCollector: place.collector != nil) {
            report = RunReport(
                experiment: experiment, target: place.target.description, ending: .cannotRun(lacking), findings: [],
                record: RunRecord())
        } else {
            let injector = Injector(
                target: place.target, client: place.client, driver: place.driver, collector: place.collector,
                label: "chaos \(experiment.name)")
            let load = try ExperimentLoad.make(experiment, gateway: place.target.gateway, isLab: place.isLab)
            let seconds = experiment.secondsMax + self.announcementMargin
            await self.tell { try await place.driver.began(experiment.name, seconds: seconds) }
            report = await ExperimentRunner(
                experiment, target: place.target, client: place.client, injector: injector,
                load: load, alerts: try self.watch(place, options)
            ) { progress.show($0) }.run()
            let verdict = report.verdict
            await self.tell { try await place.driver.ended(experiment.name, verdict) }
        }
        progress.end()
        for line in report.lines { print(line) }
        let folder = try ReportFolder.write(
            report, below: options.string("report", default: "\(options.string("data", default: ".vitrine"))/chaos"),
            startedAt: started)
        print("report: \(folder)/report.md")
        return report
    }

    /// Nil where alerts are not asked for.
    /// - Throws: `CannotRun` where there are none.
    private static func watch(_ place: ChaosPlace, _ options: Options) throws -> AlertWatch? {
        guard options.has("alerts") else { return nil }
        guard let alertmanager = place.alertmanager else {
            throw CannotRun("no Alertmanager runs beside \(place.target.description): \(MonitoringPrograms.remedy)")
        }
        return AlertWatch(alertmanager: alertmanager, client: place.client)
    }
}

extension String {
    /// Filled up with spaces.
    func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - self.count)) }
}
