import NetworkIO
public import RPC
import Resilience
public import Telemetry

extension RPCServer {
    /// Answers what a service offers to the others, behind the internal token, without a listener.
    public static func of(_ service: some ShopService, internalToken: String, telemetry: Telemetry) -> RPCServer {
        self.of(service, .init(internalToken: internalToken), telemetry: telemetry)
    }

    /// What stands around the calls of a service.
    struct Surroundings {
        let internalToken: String
        var health = RPCHealth()
        var faults: FaultInjector?
        var shedder: LoadShedder?
    }

    static func of(
        _ service: some ShopService, _ surroundings: Surroundings, telemetry: Telemetry
    ) -> RPCServer {
        var table = RPCServiceTable()
        service.register(on: &table)
        let health = surroundings.health
        for name in table.serviceNames { health.set(health.status() ?? .unknown, for: name) }
        health.register(on: &table)
        RPCReflection(table).register(on: &table)
        var configuration = RPCServerConfiguration()
        // A handler runs on the loop of the connection that asks, without a hop.
        configuration.executor = { EventLoop.current }
        var interceptors: [any RPCServerInterceptor] = [RPCGate(internalToken: surroundings.internalToken)]
        if let faults = surroundings.faults { interceptors.append(RPCServerFaults(injector: faults)) }
        if let shedder = surroundings.shedder { interceptors.append(RPCShedding(shedder: shedder)) }
        return RPCServer(table, telemetry: telemetry, configuration: configuration, interceptors: interceptors)
    }
}
