import HTTPEngine
import LoadGenerator
import ServiceKit
import Telemetry

/// The generator's own `/metrics` and `/health`, so that the customers' side is scraped beside the shop's.
struct LoadAdmin {
    let telemetry: Telemetry
    private let listener: AdminListener

    /// - Parameters:
    ///   - host: a numeric address.
    ///   - port: one that is free.
    /// - Throws: `CommandFailure` of status 2 for a port that is taken, or a setting that is not understood.
    init(host: String, port: Int, environment: [String: String]) throws {
        self.telemetry = try ScrapedTelemetry.make(LabMember.load.description, environment)
        do {
            self.listener = try AdminListener(
                LabMember.load.description, version: Version.current, host: host, port: port,
                telemetry: self.telemetry)
        } catch {
            throw CommandFailure("--metrics-port: \(error)", status: 2)
        }
    }

    /// What the generator's process emits: read from a run that never begins.
    static func inventory() throws -> ProcessInventory {
        let telemetry = try ScrapedTelemetry.make(LabMember.load.description, [:])
        let run = try LoadRun(.gentle, target: HTTPEndpoint(host: "127.0.0.1", port: 1), telemetry: telemetry)
        return withExtendedLifetime(run) {
            ProcessInventory(
                name: LabMember.load.description, catalogue: LoadRun.catalogue, metrics: telemetry.metrics.descriptions)
        }
    }
}
