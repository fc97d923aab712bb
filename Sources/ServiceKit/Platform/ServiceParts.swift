import HTTPCore
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
        let resilience = assembly.resilience
        let shedder =
            resilience.isOn ? LoadShedder("requests", resilience.concurrency, telemetry: telemetry) : nil
        let upstreams = assembly.platform.upstreams
        BreakerRoutes(
            registry: BreakerRegistry(upstreams.breakers), budgets: upstreams.retryBudgets, shedder: shedder,
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
            edge: service.edge, faults: assembly.faults?.injector, shedder: shedder)
        self.rpcHealth = RPCHealth(overall: .notServing)
        // Strangers speak REST.
        guard service.edge == nil else {
            self.traffic = pipeline
            return
        }
        let surroundings = RPCServer.Surroundings(
            internalToken: assembly.settings.internalToken, health: self.rpcHealth, faults: assembly.faults?.injector,
            shedder: shedder)
        self.traffic = TrafficResponder(
            routes: pipeline, calls: RPCServer.of(service, surroundings, telemetry: telemetry))
    }

    /// Tells who asks for the health of gRPC services that they take calls.
    func beginServingCalls() {
        for name in self.rpcHealth.services { self.rpcHealth.set(.serving, for: name) }
    }
}
