import HTTPCore
import HTTPEngine
import JSON
import NetworkIO
import Routing
import ServiceKit
import Telemetry

/// Puts together what the page's listener answers.
struct ConsoleParts {
    let front: ConsoleFront
    let ticker: LiveTicker

    init(
        _ settings: ConsoleSettings, loops: EventLoopGroup, store: TelemetryStore, pages: ShippedPages,
        launcher: (any ExperimentLauncher)?, version: String
    ) {
        let resolver = NameResolver(executor: BlockingExecutor(name: "names", threads: 1, queueLimit: 64))
        func upstream(_ name: String, _ endpoint: HTTPEndpoint?) -> HTTPUpstream? {
            endpoint.map { HTTPUpstream(name: name, endpoints: [$0], loops: loops, resolver: resolver) }
        }
        let prometheus = upstream("prometheus", settings.prometheus)
        let gateway = upstream("gateway", settings.gateway)
        let admin = ShopAdmin(
            services: settings.admins.compactMap { entry in
                upstream(entry.service, entry.endpoint).map { (entry.service, $0) }
            }, lab: upstream("lab", settings.lab), token: settings.internalToken)
        let chaos = ChaosRoutes(admin: admin, launcher: launcher)
        let alerts = AlertRoutes(prometheus: prometheus)

        let overview = OverviewWriter(store: store, chaos: chaos, alerts: alerts)
        self.ticker = LiveTicker(store: store, overview: overview)

        var routes = RouteTable()
        QueryRoutes(store: store, overview: overview).register(on: &routes)
        JaegerRoutes(store: store).register(on: &routes)
        ShippedRoutes(pages: pages).register(on: &routes)
        alerts.register(on: &routes)
        chaos.register(on: &routes)
        let has = (
            prometheus: prometheus != nil, alertmanager: settings.alertmanager != nil, gateway: gateway != nil,
            chaos: !admin.services.isEmpty, token: settings.token != nil
        )
        routes.add(.get, "/console/v1/settings", isObserved: false) { _, _ in
            .json { json in
                json.beginObject()
                json.field("version", version)
                json.field("prometheus", has.prometheus)
                json.field("alertmanager", has.alertmanager)
                json.field("gateway", has.gateway)
                json.field("chaos", has.chaos)
                json.field("needs_token", has.token)
                json.endObject()
            }
        }
        let access = ConsoleAccess(token: settings.token)
        self.front = ConsoleFront(
            access: access, page: PageFiles(),
            forwards: [
                ForwardedPart(
                    prefix: "/prometheus/", name: "Prometheus", access: access, upstream: prometheus,
                    allows: { ForwardedPart.isPrometheusQuestion($0, $1) }),
                ForwardedPart(prefix: "/shop/", name: "the gateway", access: access, upstream: gateway, allows: nil),
            ],
            routes: RequestPipeline(
                routes: routes, configuration: PipelineConfiguration(internalToken: nil), telemetry: .disabled()))
    }
}
