import CSystem
import HTTPCore
import Persistence
public import RPC
public import Routing
public import ServiceKit
import ShopContracts
import Telemetry

/// Carts: one for each user, with live prices from the product service.
public struct CartService: ShopService {
    public static let name = ServiceName.cart

    private let database: Database
    private let carts: ManageCart
    private let rpc: CartRPC
    let upkeep: CartUpkeep

    public init(platform: ServicePlatform) async throws {
        let config = CartConfig(platform.config)
        try platform.config.validate()
        let database = try platform.openDatabase(
            namespace: "cart", durability: .normal, migrations: CartMigrations.all)
        self.init(
            database: database,
            catalogue: ProductServiceCatalogue(client: ProductV1.ProductServiceClient(platform.rpc(.product))),
            config: config,
            telemetry: platform.telemetry, now: { Int(vitrine_realtime_nanoseconds() / 1_000) })
    }

    /// With the outside world as arguments.
    /// - Parameter now: microseconds since 1970.
    init(
        database: Database, catalogue: any ProductCatalogue, config: CartConfig, telemetry: Telemetry,
        now: @escaping @Sendable () -> Int
    ) {
        let repository = SQLCartRepository(database: database)
        let instruments = CartInstruments(telemetry.metrics)
        self.database = database
        self.carts = ManageCart(
            carts: repository, catalogue: catalogue, recent: RecentCarts(), instruments: instruments,
            log: telemetry.log, now: now)
        self.rpc = CartRPC(carts: self.carts, log: telemetry.log)
        self.upkeep = CartUpkeep(
            carts: repository, lifetime: config.lifetime, expired: instruments.expired, log: telemetry.log, now: now)
    }

    public func register(on routes: inout RouteTable) {
        CartRoutes(carts: self.carts).register(on: &routes)
    }

    public func register(on table: inout RPCServiceTable) { self.rpc.register(on: &table) }

    public var readiness: [ReadinessCheck] {
        let carts = self.carts
        return [
            ReadinessCheck("database") {
                do {
                    _ = try await carts.carts.cart(of: "")
                    return nil
                } catch {
                    return "\(error)"
                }
            }
        ]
    }

    public func run() async { await self.upkeep.run() }

    public func close() async { await self.database.close() }
}
