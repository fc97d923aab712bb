import HTTPCore
import JSON
import Persistence
import Routing
import ServiceKit
import ServiceTesting
import ShopContracts
import Synchronization
import TelemetryTesting
import Testing

@testable import ProductService

/// A product service on a database of its own, called through its whole pipeline, with time that stands still unless told
/// otherwise.
final class Shop: Sendable {
    enum Caller: String, Sendable {
        case stranger
        case customer
        case admin
    }

    static let adminID = "01900000-0000-7000-8000-00000000ad01"
    /// 2026-01-02T03:04:05Z, in microseconds.
    static let start = 1_767_323_045_000_000

    let telemetry: TestTelemetry
    let database: Database
    let service: ProductService
    let products: ProductV1.ProductServiceClient
    private let server: InProcessService
    private let clock: ShopTime
    private let folder = TemporaryFolder()

    /// Runs `body` with a shop that is empty but for `categories`, or seeded, and closes it.
    static func run(
        seeded: Bool = false, categories: [String] = ["audio"], environment: [String: String] = [:],
        _ body: (Shop) async throws -> Void
    ) async throws {
        let shop = try Shop(environment)
        do {
            if seeded { try await ProductSeed(shop.database).load() } else { try await shop.add(categories) }
            try await body(shop)
        } catch {
            await shop.service.close()
            throw error
        }
        await shop.service.close()
    }

    private init(_ environment: [String: String]) throws {
        let telemetry = TestTelemetry(serviceName: "product")
        let clock = ShopTime()
        self.telemetry = telemetry
        self.clock = clock
        self.database = try Database(
            path: "\(self.folder.path)/product.sqlite", namespace: "product", durability: .normal,
            migrations: ProductMigrations.all, telemetry: telemetry.telemetry)
        self.service = try ProductService(
            database: self.database, config: ProductConfig(ConfigReader(environment)), telemetry: telemetry.telemetry,
            now: { clock.now })
        self.server = InProcessService(
            self.service, telemetry: telemetry,
            identities: [
                "customer": Identity(
                    userID: "01900000-0000-7000-8000-00000000c001", roles: [.customer], token: "customer"),
                "admin": Identity(userID: Self.adminID, roles: [.admin], token: "admin"),
            ])
        self.products = ProductV1.ProductServiceClient(self.server.caller)
    }

    /// Moves the service's time.
    func advance(seconds: Int) { self.clock.advance(seconds * 1_000_000) }

    /// Calls a route. An answer of 500 is a fault of the service, whatever the test asks.
    func send(
        _ method: HTTPMethod, _ target: String, as caller: Caller = .stranger, _ json: String? = nil,
        fields: HTTPFields = .init()
    ) async -> Answer {
        do {
            let token = caller == .stranger ? nil : caller.rawValue
            let answer = Answer(try await self.server.send(method, target, token: token, fields: fields, body: json))
            if answer.status == 500 { Issue.record("\(method.name) \(target): \(self.telemetry.logLines.last ?? "")") }
            return answer
        } catch {
            Issue.record(error, "\(method.name) \(target)")
            return Answer(status: 0)
        }
    }
}

/// Microseconds that pass only when told.
final class ShopTime: Sendable {
    private let value = Atomic<Int>(Shop.start)
    var now: Int { self.value.load(ordering: .sequentiallyConsistent) }
    func advance(_ microseconds: Int) { self.value.add(microseconds, ordering: .sequentiallyConsistent) }
}

/// An answer, with its body parsed.
struct Answer: Sendable {
    let status: Int
    let fields: HTTPFields
    let text: String
    let json: JSONValue?

    init(_ response: TestResponse) {
        self.status = response.status
        self.fields = response.fields
        self.text = response.body
        self.json = try? JSONValue(parsing: response.body, limits: JSONLimits(documentBytesMax: 8 << 20))
    }

    /// No answer.
    init(status: Int) {
        self.status = status
        self.fields = HTTPFields()
        self.text = ""
        self.json = nil
    }

    subscript(_ key: String) -> JSONValue? { self.json?[key] }

    var items: [JSONValue] { self["items"]?.array ?? [] }
    var ids: [String] { self.items.compactMap { $0["id"]?.string } }
    var names: [String] { self.items.compactMap { $0["name"]?.string } }
    var id: String { self["id"]?.string ?? "" }
    var tag: String { self.fields[.eTag] ?? "" }
    var cursor: String? { self["next_cursor"]?.string }
    /// `type` of a problem, without its prefix.
    var code: String { (self["type"]?.string ?? "").replacingPrefix("/problems/") }
    /// The fields a problem names.
    var faults: [String] { (self["errors"]?.array ?? []).compactMap { $0["field"]?.string } }
}

extension String {
    func replacingPrefix(_ prefix: String) -> String {
        self.hasPrefix(prefix) ? String(self.dropFirst(prefix.count)) : self
    }
}

extension HTTPFields {
    static func ifMatch(_ tag: String) -> HTTPFields { [.ifMatch: tag] }
    static func ifNoneMatch(_ tag: String) -> HTTPFields { [.ifNoneMatch: tag] }
}
