import CSystem
import HTTPCore
import OrderDomain
import Persistence
public import Routing
import Security
public import ServiceKit
import ShopContracts
import Telemetry

/// Orders: checkout, payment, history, cancellation and shipping.
public struct OrderService: ShopService {
    public static let name = ServiceName.order

    let database: Database
    let routes: OrderRoutes
    let upkeep: OrderUpkeep

    public init(platform: ServicePlatform) async throws {
        let config = OrderConfig(platform.config)
        try platform.config.validate()
        let database = try platform.openDatabase(
            namespace: "order", durability: .full, migrations: OrderMigrations.all)
        let now: @Sendable () -> Int = { Int(vitrine_realtime_nanoseconds() / 1_000) }
        self.init(
            database: database, orders: SQLOrderRepository(database: database),
            inventory: ProductInventory(
                client: ProductClient(platform.upstream(.product)), hold: config.reservationHold),
            carts: ServiceCarts(client: CartClient(platform.upstream(.cart))),
            payments: SimulatedPaymentProvider(
                book: ChargeBook(database: database), latency: config.paymentLatency, log: platform.telemetry.log,
                now: now, faults: platform.faults),
            config: config, telemetry: platform.telemetry, now: now)
    }

    /// With the outside world as arguments.
    /// - Parameter now: microseconds since 1970.
    init(
        database: Database, orders: any OrderRepository, inventory: any Inventory, carts: any CustomerCarts,
        payments: any PaymentProvider, config: OrderConfig, telemetry: Telemetry, now: @escaping @Sendable () -> Int
    ) {
        let instruments = OrderInstruments(telemetry.metrics)
        let compensation = Compensation(
            orders: orders, inventory: inventory, payments: payments, timing: config.timing, telemetry: telemetry,
            instruments: instruments, now: now)
        let checkout = Checkout(
            orders: orders, inventory: inventory, carts: carts, payments: payments, compensation: compensation,
            timing: config.timing, telemetry: telemetry, instruments: instruments, render: OrderPayload.bytes, now: now)
        let resume = ResumeOrders(checkout: checkout)
        let cancel = CancelOrder(
            orders: orders, compensation: compensation, timing: config.timing, telemetry: telemetry, now: now)
        self.database = database
        self.routes = OrderRoutes(
            place: PlaceOrder(checkout: checkout, keyLifetime: config.keyLifetime, makeID: Self.makeID), cancel: cancel,
            move: MoveOrder(orders: orders, cancel: cancel, resume: resume, telemetry: telemetry, now: now),
            orders: orders, checkoutTimeout: config.checkoutTimeout)
        self.upkeep = OrderUpkeep(
            orders: orders, resume: resume,
            audit: MoneyAudit(orders: orders, instruments: instruments, log: telemetry.log), instruments: instruments,
            log: telemetry.log, sweepInterval: config.sweepInterval, keyLifetime: config.keyLifetime, now: now)
    }

    @Sendable
    private static func makeID() -> OrderID {
        guard let id = OrderID(UUIDv7().description) else { preconditionFailure("a UUID is an order id") }
        return id
    }

    public func register(on routes: inout RouteTable) { self.routes.register(on: &routes) }

    public var readiness: [ReadinessCheck] {
        let orders = self.routes.orders
        return [
            ReadinessCheck("database") {
                do {
                    _ = try await orders.record(Self.makeID())
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
