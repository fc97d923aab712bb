import BenchEcho
import HTTPCore
import RPC
import Routing
import ServiceKit

/// Gives each message back: what remains is the call's own cost, with everything that stands around a service's calls.
struct EchoService: ShopService {
    private struct Handler: BenchV1.EchoHandler {
        func say(_ request: BenchV1.Message, _ context: RPCServerContext) async throws -> BenchV1.Message { request }
    }

    static var name: ServiceName { .product }

    init(platform: ServicePlatform) async throws {}

    func register(on routes: inout RouteTable) {}
    func register(on table: inout RPCServiceTable) { Handler().register(on: &table) }
}
