import Telemetry

/// The telemetry of a process that is no service: metrics to be scraped and nothing else. What it has to say goes to the
/// terminal.
enum ScrapedTelemetry {
    /// - Parameter name: as `service.name` tells it.
    /// - Throws: `CommandFailure` of status 2 for a setting that is not understood.
    static func make(_ name: String, _ environment: [String: String]) throws -> Telemetry {
        do throws(TelemetryConfigurationError) {
            var configuration = try TelemetryConfiguration(
                environment: environment, serviceName: name, serviceVersion: Version.current)
            configuration.tracesExporter = .none
            configuration.logsExporter = .none
            configuration.metricsExporter = .none
            return Telemetry(configuration, logSink: .discard)
        } catch {
            throw CommandFailure("\(error)", status: 2)
        }
    }
}
