import Faults
import HTTPCore
import JSON
import OrderDomain
import Persistence
import Routing
import ServiceKit
import ServiceTesting
import Synchronization
import TelemetryTesting
import Testing

@testable import OrderService

/// An order service with real storage behind the real pipeline; everything around it is in memory and in the test's
/// hands.
final class OrderHarness: Sendable {
    static let ada = "01975b0d-11aa-7c3e-9f20-5d2a4be01c44"
    static let bob = "01975b0d-11aa-7c3e-9f20-5d2a4be01c55"
    static let admin = "01975b0d-11aa-7c3e-9f20-5d2a4be01c66"
    static let mug = "01900000-0000-7000-8000-00000000004b"
    static let lamp = "01900000-0000-7000-8000-000000000001"
    static let unknown = "01900000-0000-7000-8000-00000000ffff"

    /// Microseconds that move when told.
    final class Clock: Sendable {
        private let time = Mutex(1_767_323_045_000_000)
        var now: Int { self.time.withLock { $0 } }
        func advance(by duration: Duration) { self.time.withLock { $0 += duration.microseconds } }
    }

    let inventory: InMemoryInventory
    let carts: InMemoryCarts
    let payments: UnreliablePayments
    let book: ChargeBook
    let clock: Clock
    /// Faults of the payment provider, whose time is the clock's.
    let faults: FaultRegistry
    let database: Database
    let orders: SQLOrderRepository
    let service: OrderService
    let http: InProcessService
    let telemetry: TestTelemetry
    private let folder: TemporaryFolder

    /// - Parameters:
    ///   - price: of a mug, in cents; of which there are 10.
    ///   - crash: cuts the service off from everything at some moment.
    init(price: Int = 14_00, crash: CrashPoint? = nil, config: OrderConfig = OrderConfig()) throws {
        let folder = TemporaryFolder()
        let telemetry = TestTelemetry(serviceName: "order")
        let clock = Clock()
        let database = try Database(
            path: "\(folder.path)/order.sqlite", namespace: "order", durability: .full, migrations: OrderMigrations.all,
            telemetry: telemetry.telemetry)
        let book = ChargeBook(database: database)
        let faults = FaultRegistry(
            service: "order", telemetry: telemetry.telemetry, now: { UInt64(clock.now) * 1_000 },
            unixMicroseconds: { clock.now })
        self.faults = faults
        self.folder = folder
        self.telemetry = telemetry
        self.clock = clock
        self.database = database
        self.book = book
        self.orders = SQLOrderRepository(database: database)
        self.inventory = InMemoryInventory([
            .init(Self.mug, "Stoneware Mug", price: price, stock: 10),
            .init(Self.lamp, "Desk Lamp", price: 89_99, stock: 2),
        ])
        self.carts = InMemoryCarts()
        self.payments = UnreliablePayments(
            SimulatedPaymentProvider(
                book: book, latency: .zero, log: telemetry.log, now: { clock.now }, faults: FaultInjector(faults),
                wait: { _ in }))
        (self.service, self.http) = Self.start(
            database, self.orders, self.inventory, self.carts, self.payments, crash, config, telemetry, clock)
    }

    private static func start(
        _ database: Database, _ orders: SQLOrderRepository, _ inventory: InMemoryInventory, _ carts: InMemoryCarts,
        _ payments: UnreliablePayments, _ crash: CrashPoint?, _ config: OrderConfig, _ telemetry: TestTelemetry,
        _ clock: Clock
    ) -> (OrderService, InProcessService) {
        let service: OrderService
        if let crash {
            service = OrderService(
                database: database, orders: CrashingOrders(orders, crash),
                inventory: CrashingInventory(inventory, crash),
                carts: CrashingCarts(carts, crash), payments: CrashingPayments(payments, crash), config: config,
                telemetry: telemetry.telemetry, now: { clock.now })
        } else {
            service = OrderService(
                database: database, orders: orders, inventory: inventory, carts: carts, payments: payments,
                config: config,
                telemetry: telemetry.telemetry, now: { clock.now })
        }
        let identities = [
            "ada": Identity(userID: Self.ada, roles: [.customer], token: "ada"),
            "bob": Identity(userID: Self.bob, roles: [.customer], token: "bob"),
            "admin": Identity(userID: Self.admin, roles: [.admin], token: "admin"),
        ]
        return (service, InProcessService(service, telemetry: telemetry, identities: identities))
    }

    /// The service as it starts again after its process has ended, on the same storage and among the same others.
    func restarted() -> (service: OrderService, http: InProcessService) {
        Self.start(
            self.database, self.orders, self.inventory, self.carts, self.payments, nil, OrderConfig(), self.telemetry,
            self.clock)
    }

    // MARK: Requests

    func send(
        _ method: HTTPMethod, _ target: String, as token: String? = "ada", key: String? = nil, _ body: String? = nil
    ) async throws -> Answer {
        var fields = HTTPFields()
        if let key { fields.append(.idempotencyKey, key) }
        let response = try await self.http.send(method, target, token: token, fields: fields, body: body)
        return Answer(status: response.status, fields: response.fields, text: response.body)
    }

    /// Orders mugs.
    func order(_ quantity: Int = 1, as token: String = "ada", key: String? = nil) async throws -> Answer {
        let body = #"{"items":[{"product_id":"\#(Self.mug)","quantity":\#(quantity)}]}"#
        return try await self.send(.post, "/api/v1/orders", as: token, key: key, body)
    }

    func placed(_ quantity: Int = 1, as token: String = "ada") async throws -> OrderID {
        let answer = try await self.order(quantity, as: token)
        #expect(answer.status == 201, "\(answer.text)")
        return try #require(OrderID(answer.json["id"]?.string ?? ""))
    }

    func show(_ id: OrderID, as token: String = "ada") async throws -> Answer {
        try await self.send(.get, "/api/v1/orders/\(id)", as: token)
    }

    func history(_ id: OrderID) async throws -> [String] {
        let answer = try await self.send(.get, "/api/v1/orders/\(id)/events", as: "admin")
        return (answer.json["items"]?.array ?? []).compactMap { $0["type"]?.string }
    }

    /// Every order there is, oldest first.
    func all() async throws -> [Order] {
        try await self.orders.page(OrderQuery(offset: 0, limit: 100)).orders.reversed()
    }

    // MARK: Time

    /// Lets time pass until whatever is left undone is due, and has it done; some times over, for one thing leads to
    /// another.
    func heal(_ service: OrderService? = nil) async {
        for _ in 0..<6 {
            self.clock.advance(by: .seconds(120))
            await (service ?? self.service).upkeep.resume.sweep()
        }
    }

    // MARK: Truth

    /// Nothing is half done: every order has its money and its stock, or neither, and nothing is left to do.
    func expectInvariants(_ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        for product in self.inventory.products {
            #expect(product.addsUp, "\(product)", sourceLocation: sourceLocation)
            #expect(product.reserved == 0, comment, sourceLocation: sourceLocation)
        }
        #expect(try await self.orders.sagaBacklog().isEmpty, comment, sourceLocation: sourceLocation)
        #expect(
            try await self.orders.audit(after: .start, limit: 1_000).violations.isEmpty, comment,
            sourceLocation: sourceLocation)
        for order in try await self.all() {
            let isBought = [.processing, .shipped, .delivered].contains(order.status)
            let charge = try await self.book.entry(order.id)
            #expect(order.status != .pending, comment, sourceLocation: sourceLocation)
            #expect((charge?.status == .captured) == isBought, comment, sourceLocation: sourceLocation)
            #expect(self.inventory.isSold(to: order.id) == isBought, comment, sourceLocation: sourceLocation)
            if isBought { #expect(charge?.amount == order.total, comment, sourceLocation: sourceLocation) }
        }
    }
}

/// An answer whose body is read as JSON when asked for.
struct Answer: Sendable {
    let status: Int
    let fields: HTTPFields
    let text: String

    var json: JSONValue { (try? JSONValue(parsing: self.text)) ?? .null }
    var id: OrderID? { OrderID(self.json["id"]?.string ?? "") }
    var orderStatus: String? { self.json["status"]?.string }
    var items: [JSONValue] { self.json["items"]?.array ?? [] }
    var problem: String? { self.json["type"]?.string }
    var errorFields: [String] { (self.json["errors"]?.array ?? []).compactMap { $0["field"]?.string } }
}
