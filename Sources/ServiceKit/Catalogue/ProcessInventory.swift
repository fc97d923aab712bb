import NetworkIO
import Routing
public import Telemetry

/// What one service really registers and answers, beside what it declares: read from the service, built and not run.
public struct ServiceInventory: Sendable {
    public let name: ServiceName
    public let catalogue: TelemetryCatalogue
    /// By Prometheus name.
    public let metrics: [MetricDescription]
    /// The observed routes as spans are named by them, `GET /api/v1/orders`, in alphabetical order.
    public let routes: [String]

    /// Builds the service as `RunningService` does, without listening, looks at it, and closes it again.
    ///
    /// - Parameter environment: settings; with the default exporters every metric of exporting is registered too.
    public static func take<S: ShopService>(
        _ service: S.Type, environment: [String: String], version: String
    ) async throws -> ServiceInventory {
        let assembly = try PlatformAssembly.make(
            S.name, environment: environment, version: version, logSink: .discard)
        defer { assembly.platform.loops.stop() }
        let made = try await S(platform: assembly.platform)
        try assembly.platform.config.validate()
        let parts = ServiceParts(made, assembly, version: version)
        let inventory = ServiceInventory(
            name: S.name, catalogue: S.catalogue, metrics: assembly.platform.telemetry.metrics.descriptions,
            routes: parts.routes.filter(\.isObserved).map(\.spanName).sorted())
        await made.close()
        return inventory
    }
}
