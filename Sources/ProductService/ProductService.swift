import CSystem
import Persistence
public import RPC
public import Routing
public import ServiceKit
import ShopContracts
import Telemetry

/// The catalogue of the shop: products, categories, search, stock and its reservations.
public struct ProductService: ShopService {
    public static let name = ServiceName.product

    private let database: Database
    private let telemetry: Telemetry
    private let config: ProductConfig
    private let productRoutes: ProductRoutes
    private let productAdminRoutes: ProductAdminRoutes
    private let categoryRoutes: CategoryRoutes
    private let stockRoutes: StockRoutes
    private let rpc: ProductRPC
    let reservations: Reservations
    let watch: StockWatch

    public init(platform: ServicePlatform) async throws {
        try self.init(
            database: Self.openDatabase(platform), config: ProductConfig(platform.config),
            telemetry: platform.telemetry, now: Self.systemTime)
    }

    /// - Parameter now: microseconds since 1970.
    init(database: Database, config: ProductConfig, telemetry: Telemetry, now: @escaping @Sendable () -> Int) throws {
        let catalogue = SQLProductCatalogue(database)
        let editor = SQLCatalogueEditor(database: database, now: now)
        let stock = SQLStockKeeper(database: database, now: now)
        self.database = database
        self.telemetry = telemetry
        self.config = config
        self.reservations = Reservations(
            SQLReservationKeeper(database: database, now: now), telemetry: telemetry, now: now)
        self.watch = StockWatch(stock, lowStockThreshold: config.lowStockThreshold, telemetry: telemetry)
        self.watch.register(on: telemetry.metrics)
        self.productRoutes = ProductRoutes(catalogue, telemetry: telemetry)
        self.productAdminRoutes = ProductAdminRoutes(editor: editor)
        self.categoryRoutes = CategoryRoutes(editor: editor)
        self.stockRoutes = StockRoutes(stock: stock)
        self.rpc = ProductRPC(catalogue: catalogue, reservations: self.reservations)
    }

    /// Opens the service's file and brings its schema up to date.
    static func openDatabase(_ platform: ServicePlatform) throws -> Database {
        try platform.openDatabase(namespace: "product", durability: .full, migrations: ProductMigrations.all)
    }

    /// Microseconds since 1970.
    static let systemTime: @Sendable () -> Int = { Int(vitrine_realtime_nanoseconds() / 1_000) }

    public func register(on routes: inout RouteTable) {
        self.productRoutes.register(on: &routes)
        self.productAdminRoutes.register(on: &routes)
        self.categoryRoutes.register(on: &routes)
        self.stockRoutes.register(on: &routes)
    }

    public func register(on table: inout RPCServiceTable) { self.rpc.register(on: &table) }

    public var readiness: [ReadinessCheck] {
        [
            ReadinessCheck("database") {
                do {
                    _ = try await Self.quietly { try await self.reservations.hasDue() }
                    return nil
                } catch {
                    return "\(error)"
                }
            }
        ]
    }

    public func run() async { await self.run(clock: ContinuousClock()) }

    /// Lets overdue reservations expire and keeps the gauges, until cancelled.
    func run(clock: some Clock<Duration>) async {
        await withTaskGroup { group in
            group.addTask {
                await Periodic(clock: clock, interval: self.config.sweepInterval, log: self.telemetry.log)
                    .run("expire reservations") { try await self.sweep() }
            }
            group.addTask {
                await Periodic(clock: clock, interval: ProductConfig.gaugeInterval, log: self.telemetry.log)
                    .run("refresh stock gauges") { try await Self.quietly { try await self.watch.refresh() } }
            }
        }
    }

    /// Looks without a span whether anything is overdue; only then there is something worth a trace.
    private func sweep() async throws {
        guard try await Self.quietly({ try await self.reservations.hasDue() }) else { return }
        try await self.telemetry.tracer.withSpan("expire reservations") { _ in
            _ = try await self.reservations.expireDue()
        }
    }

    /// Runs `body` without spans: what is done every few seconds on nobody's behalf would fill traces with nothing.
    private static func quietly<T>(_ body: () async throws -> T) async rethrows -> T {
        var context = TelemetryContext.current
        context.isSuppressed = true
        return try await TelemetryContext.$current.withValue(context) { try await body() }
    }

    public func close() async { await self.database.close() }
}
