import HTTPCore
import NetworkIO
import RPC
import Resilience
import Routing
import Telemetry

/// What a service answers with: both pipelines and what they share, not bound to any address.
struct ServiceParts: Sendable {
    let health: HealthState
    let observer: ListenerObserver
    let admin: RequestPipeline
    let traffic: any HTTPResponder
    /// What `grpc.health.v1.Health` says.
    let rpcHealth: RPCHealth
    /// The routes of the traffic listener.
    let routes: [Route]

    init(_ service: some ShopService, _ assembly: PlatformAssembly, version: String) {
        let telemetry = assembly.platform.telemetry
        self.health = HealthState(service: type(of: service).name.rawValue, version: version)
        self.observer = ListenerObserver(telemetry: telemetry)
        var adminRoutes = RouteTable()
        self.health.register(on: &adminRoutes)
        MetricsRoute.register(on: &adminRoutes, telemetry: telemetry)
        FaultRoutes(
            service: type(of: service).name, control: assembly.faults, internalToken: assembly.settings.internalToken
        ).register(on: &adminRoutes)
        let upstreams = assembly.platform.upstreams
        BreakerRoutes(
            registry: BreakerRegistry(upstreams.breakers), budgets: upstreams.retryBudgets,
            internalToken: assembly.settings.internalToken
        ).register(on: &adminRoutes)
        self.admin = RequestPipeline(
            routes: adminRoutes, configuration: PipelineConfiguration(internalToken: nil), telemetry: telemetry)

        var routes = RouteTable()
        self.health.register(on: &routes)
        service.register(on: &routes)
        self.routes = routes.routes
        // The service that faces strangers cannot ask them for the platform's token.
        var configuration = PipelineConfiguration(
            internalToken: service.edge == nil ? assembly.settings.internalToken : nil)
        configuration.requestTimeout = assembly.settings.requestTimeout
        configuration.remoteContext = service.edge?.remoteContext ?? .trust
        let authenticator = TokenAuthenticator(
            keys: service.tokenKeys.map { .local($0) } ?? .remote(assembly.platform.upstream(.user)),
            telemetry: telemetry)
        let pipeline = RequestPipeline(
            routes: routes, configuration: configuration, telemetry: telemetry, authenticator: authenticator,
            edge: service.edge, faults: assembly.faults?.injector)
        self.rpcHealth = RPCHealth(overall: .notServing)
        // Strangers speak REST.
        self.traffic = service.edge == nil ? Self.withCalls(service, pipeline, self.rpcHealth, assembly) : pipeline
    }

    /// Answers gRPC on the same port.
    private static func withCalls(
        _ service: some ShopService, _ routes: RequestPipeline, _ health: RPCHealth, _ assembly: PlatformAssembly
    ) -> TrafficResponder {
        var table = RPCServiceTable()
        service.register(on: &table)
        for name in table.serviceNames { health.set(.notServing, for: name) }
        health.register(on: &table)
        RPCReflection(table).register(on: &table)
        var configuration = RPCServerConfiguration()
        configuration.executor = { EventLoop.current }
        var interceptors: [any RPCServerInterceptor] = [RPCGate(internalToken: assembly.settings.internalToken)]
        if let faults = assembly.faults?.injector { interceptors.append(RPCServerFaults(injector: faults)) }
        return TrafficResponder(
            routes: routes,
            calls: RPCServer(
                table, telemetry: assembly.platform.telemetry, configuration: configuration,
                interceptors: interceptors))
    }
}
