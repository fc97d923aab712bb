import Console
import Monitoring
import NetworkIO
import ServiceKit
import Telemetry

/// `vitrine serve console`: telemetry taken and shown.
enum ConsoleCommand {
    static func run(_ options: Options) async throws {
        let signals = try TerminationSignals()
        ParentProcess.follow()
        let environment = ProcessEnvironment.current()
        let config = ConfigReader(environment)
        let settings = ConsoleSettings(config)
        try config.validate()
        let folder = options.string("data", default: "")
        // Without a lab there is nothing that an experiment could be run against.
        let launcher =
            settings.lab == nil || folder.isEmpty
            ? nil
            : try LabExperiments(shelf: ExperimentShelf(options), folder: folder, environment: environment)
        let console = try RunningConsole.start(
            settings, pages: self.pages, launcher: launcher, telemetry: try self.telemetry(environment),
            version: Version.current)
        _ = await signals.next()
        await console.stop()
    }

    /// Log lines and metrics of its own. It makes no spans: they would come back to it.
    static func telemetry(_ environment: [String: String], logSink: LogSink = .standardOutput) throws -> Telemetry {
        do throws(TelemetryConfigurationError) {
            var configuration = try TelemetryConfiguration(
                environment: environment, serviceName: LabMember.console.description, serviceVersion: Version.current)
            configuration.tracesExporter = .none
            configuration.logsExporter = .none
            configuration.metricsExporter = .none
            return Telemetry(configuration, logSink: logSink)
        } catch {
            throw CommandFailure("\(error)", status: 2)
        }
    }

    /// What the console's process emits: read from one that never listens.
    static func inventory() throws -> ProcessInventory {
        let telemetry = try self.telemetry([:], logSink: .discard)
        RunningConsole.register(telemetry.metrics)
        return ProcessInventory(
            name: LabMember.console.description, catalogue: ConsoleCatalogue.catalogue,
            metrics: telemetry.metrics.descriptions)
    }

    private static var pages: ShippedPages {
        let dashboards = DashboardCatalogue.all.map { dashboard in
            ShippedPages.Dashboard(
                uid: dashboard.id.uid, title: dashboard.id.title, tags: dashboard.tags, text: dashboard.description,
                json: dashboard.file.text)
        }
        let runbooks = RunbookFiles.all.map { file in
            (String(file.path.dropFirst(RunbookFiles.folder.count + 1).dropLast(".md".count)), file.text)
        }
        return ShippedPages(
            dashboards: dashboards, runbooks: Dictionary(runbooks, uniquingKeysWith: { first, _ in first }))
    }
}
