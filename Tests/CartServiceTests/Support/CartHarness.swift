import HTTPCore
import JSON
import Persistence
import Routing
import ServiceKit
import ServiceTesting
import Synchronization
import TelemetryTesting

@testable import CartService

/// A cart service with real storage behind the real pipeline, a catalogue in memory and time in the test's hands.
final class CartHarness: Sendable {
    static let ada = "01975b0d-11aa-7c3e-9f20-5d2a4be01c44"
    static let bob = "01975b0d-11aa-7c3e-9f20-5d2a4be01c55"
    static let admin = "01975b0d-11aa-7c3e-9f20-5d2a4be01c66"

    let catalogue: InMemoryCatalogue
    let http: InProcessService
    let service: CartService
    let database: Database
    let telemetry: TestTelemetry
    private let folder: TemporaryFolder

    init(_ products: [CatalogueProduct] = [Sample.mug, Sample.lamp]) throws {
        let telemetry = TestTelemetry(serviceName: "cart")
        let folder = TemporaryFolder()
        let catalogue = InMemoryCatalogue(products)
        let clock = Clock()
        let database = try Database(
            path: "\(folder.path)/cart.sqlite", namespace: "cart", durability: .normal, migrations: CartMigrations.all,
            telemetry: telemetry.telemetry)
        self.clock = clock
        self.folder = folder
        self.telemetry = telemetry
        self.catalogue = catalogue
        self.database = database
        self.service = CartService(
            database: database, catalogue: catalogue, config: CartConfig(), telemetry: telemetry.telemetry,
            now: { clock.now })
        self.http = InProcessService(
            self.service, telemetry: telemetry,
            identities: [
                "ada": Identity(userID: Self.ada, roles: [.customer], token: "ada"),
                "bob": Identity(userID: Self.bob, roles: [.customer], token: "bob"),
                "admin": Identity(userID: Self.admin, roles: [.admin], token: "admin"),
            ])
    }

    /// Microseconds that move when told.
    final class Clock: Sendable {
        private let time = Mutex(1_767_323_045_000_000)
        var now: Int { self.time.withLock { $0 } }
        func advance(by duration: Duration) { self.time.withLock { $0 += Int(duration / .microseconds(1)) } }
    }

    let clock: Clock

    func send(
        _ method: HTTPMethod, _ target: String, as token: String? = "ada", _ body: String? = nil
    ) async throws -> Answer {
        let response = try await self.http.send(method, target, token: token, body: body)
        return Answer(status: response.status, fields: response.fields, text: response.body)
    }

    func add(_ product: CatalogueProduct, _ quantity: Int, as token: String = "ada") async throws -> Answer {
        try await self.send(
            .post, "/api/v1/cart/items", as: token, #"{"product_id":"\#(product.id)","quantity":\#(quantity)}"#)
    }
}

/// An answer whose body is read as JSON when asked for.
struct Answer {
    let status: Int
    let fields: HTTPFields
    let text: String

    var json: JSONValue { (try? JSONValue(parsing: self.text)) ?? .null }
    var lines: [JSONValue] { self.json["items"]?.array ?? [] }
    /// The total as it is written.
    var total: String? { self.json["total_amount"]?.number?.text }
    var problem: String? { self.json["type"]?.string }
    var errorFields: [String] { (self.json["errors"]?.array ?? []).compactMap { $0["field"]?.string } }
}
