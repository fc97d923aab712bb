import NetworkIO
import Routing
public import Telemetry

/// What one process really registers and answers, beside what it declares: read from what it is built of, not run.
public struct ProcessInventory: Sendable {
    /// As `service.name` tells it.
    public let name: String
    /// Whether it is a service of the shop, and not one of its customers.
    public let isService: Bool
    public let catalogue: TelemetryCatalogue
    /// By Prometheus name.
    public let metrics: [MetricDescription]
    /// The observed routes as spans are named by them, `GET /api/v1/orders`, in alphabetical order.
    public let routes: [String]

    /// Of a process that is no service.
    public init(name: String, catalogue: TelemetryCatalogue, metrics: [MetricDescription]) {
        self.init(name: name, isService: false, catalogue: catalogue, metrics: metrics, routes: [])
    }

    private init(
        name: String, isService: Bool, catalogue: TelemetryCatalogue, metrics: [MetricDescription], routes: [String]
    ) {
        self.name = name
        self.isService = isService
        self.catalogue = catalogue
        self.metrics = metrics
        self.routes = routes
    }

    /// Builds the service as `RunningService` does, without listening, looks at it, and closes it again.
    ///
    /// - Parameter environment: settings; with the default exporters every metric of exporting is registered too.
    public static func take<S: ShopService>(
        _ service: S.Type, environment: [String: String], version: String
    ) async throws -> ProcessInventory {
        let assembly = try PlatformAssembly.make(
            S.name, environment: environment, version: version, logSink: .discard)
        defer { assembly.platform.loops.stop() }
        let made = try await S(platform: assembly.platform)
        try assembly.platform.config.validate()
        let parts = ServiceParts(made, assembly, version: version)
        let inventory = ProcessInventory(
            name: S.name.rawValue, isService: true, catalogue: S.catalogue,
            metrics: assembly.platform.telemetry.metrics.descriptions,
            routes: parts.routes.filter(\.isObserved).map(\.spanName).sorted())
        await made.close()
        return inventory
    }
}
