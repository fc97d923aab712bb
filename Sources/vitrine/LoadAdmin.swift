import HTTPEngine
import LoadGenerator
import ServiceKit
import Telemetry

/// The generator's own `/metrics` and `/health`, so that the customers' side is scraped beside the shop's.
struct LoadAdmin {
    let telemetry: Telemetry
    private let listener: AdminListener

    /// - Parameter port: of 127.0.0.1.
    /// - Throws: `CommandFailure` of status 2 for a port that is taken, or a setting that is not understood.
    init(port: Int, environment: [String: String]) throws {
        self.telemetry = try Self.telemetry(environment)
        do {
            self.listener = try AdminListener(
                LabMember.load.description, version: Version.current, port: port, telemetry: self.telemetry)
        } catch {
            throw CommandFailure("--metrics-port: \(error)", status: 2)
        }
    }

    /// Metrics to be scraped and nothing else: what the generator has to say goes to the terminal.
    static func telemetry(_ environment: [String: String]) throws -> Telemetry {
        do throws(TelemetryConfigurationError) {
            var configuration = try TelemetryConfiguration(
                environment: environment, serviceName: LabMember.load.description, serviceVersion: Version.current)
            configuration.tracesExporter = .none
            configuration.logsExporter = .none
            configuration.metricsExporter = .none
            return Telemetry(configuration, logSink: .discard)
        } catch {
            throw CommandFailure("\(error)", status: 2)
        }
    }

    /// What the generator's process emits: read from a run that never begins.
    static func inventory() throws -> ProcessInventory {
        let telemetry = try self.telemetry([:])
        let run = try LoadRun(.gentle, target: HTTPEndpoint(host: "127.0.0.1", port: 1), telemetry: telemetry)
        return withExtendedLifetime(run) {
            ProcessInventory(
                name: LabMember.load.description, catalogue: LoadRun.catalogue, metrics: telemetry.metrics.descriptions)
        }
    }
}
