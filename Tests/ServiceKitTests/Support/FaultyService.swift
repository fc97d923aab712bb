import Faults
import HTTPCore
import HTTPEngine
import JSON
import NetworkIO
import Persistence
import Routing
import SQLite
import ServiceTesting
import Synchronization
import Telemetry
import TelemetryTesting
import Testing

@testable import ServiceKit

/// A small service with a database and a neighbour, to set faults for.
struct FaultyShop: ShopService {
    static var name: ServiceName { .product }
    static let body = String(repeating: "0123456789", count: 10)
    private static let select = DatabaseOperation("SELECT", "things")
    private static let update = DatabaseOperation("UPDATE", "things")

    let database: Database
    let neighbour: UpstreamClient

    init(platform: ServicePlatform) async throws {
        self.database = try platform.openDatabase(
            namespace: "things", durability: .normal,
            migrations: [Migration(1, "things", "CREATE TABLE things (id INTEGER PRIMARY KEY)")])
        self.neighbour = platform.upstream(.cart)
    }

    func register(on routes: inout RouteTable) {
        routes.get("/things/{id}") { _, _ in HTTPResponse(.ok, body: .bytes(Array(Self.body.utf8))) }
        routes.get("/others") { _, _ in HTTPResponse(.ok, body: .bytes(Array(Self.body.utf8))) }
        routes.get("/nothing") { _, _ in .noContent }
        routes.get("/chunks") { _, _ in
            HTTPResponse(.ok, body: .stream(OnePieceStream(Array(Self.body.utf8)), length: nil))
        }
        routes.get("/read") { _, _ in
            let count = try await self.database.read(onLoop: Self.select) { connection in
                try connection.first("SELECT count(*) FROM things", []) { $0.int(0) }
            }
            return .json { $0.value(count ?? -1) }
        }
        routes.get("/read/thread") { _, _ in
            _ = try await self.database.read(Self.select) { connection in
                try connection.first("SELECT count(*) FROM things", []) { $0.int(0) }
            }
            return .noContent
        }
        routes.get("/write") { _, _ in
            try await self.database.write(Self.update) { try $0.run("DELETE FROM things") }
            return .noContent
        }
        routes.get("/through") { _, context in
            try await self.neighbour.send(
                HTTPRequest(.get, "/things/1"), template: "/things/{id}", deadline: context.deadline)
        }
    }

    var readiness: [ReadinessCheck] {
        [
            ReadinessCheck("database") {
                do {
                    _ = try await self.database.read(onLoop: Self.select) { _ in true }
                    return nil
                } catch {
                    return "\(error)"
                }
            }
        ]
    }

    func close() async { await self.database.close() }
}

/// A body that says its length only by its end.
private final class OnePieceStream: HTTPBodyStream {
    private let piece: Mutex<[UInt8]?>
    init(_ piece: [UInt8]) { self.piece = Mutex(piece) }
    var trailers: HTTPFields? { nil }
    func next() async throws -> [UInt8]? {
        self.piece.withLock { piece in
            defer { piece = nil }
            return piece
        }
    }
    func cancel() {}
}

/// The neighbour.
struct FaultyNeighbour: ShopService {
    static var name: ServiceName { .cart }
    init(platform: ServicePlatform) async throws {}
    func register(on routes: inout RouteTable) {
        routes.get("/things/{id}") { _, _ in HTTPResponse(.ok, body: .bytes(Array("neighbour".utf8))) }
    }
}

/// Both of them over real sockets.
final class FaultyService: Sendable {
    let shop: RunningService
    let neighbour: RunningService
    private let loops: EventLoopGroup
    private let traffic: HTTPUpstream
    private let admin: HTTPUpstream
    private let neighbourAdmin: HTTPUpstream
    private let folder = TemporaryFolder()

    static let token = "internal-token-of-these-tests"

    /// - Parameters:
    ///   - faults: whether fault injection is on; nil: as it is where nobody says.
    ///   - log: what the shop logs, once it has ended.
    init(faults: Bool? = true, log: LogMemory) async throws {
        var environment = [
            "INTERNAL_AUTH_TOKEN": Self.token, "VITRINE_PORT": "0", "VITRINE_ADMIN_PORT": "0", "VITRINE_LOOPS": "1",
            "VITRINE_RESILIENCE": "false", "VITRINE_DATA": self.folder.path, "OTEL_TRACES_EXPORTER": "none",
            "OTEL_LOGS_EXPORTER": "none",
        ]
        if let faults { environment["VITRINE_FAULTS"] = faults ? "1" : "0" }
        self.neighbour = try await RunningService.start(
            FaultyNeighbour.self, environment: environment, version: "1", logSink: .discard)
        environment["VITRINE_CART_URL"] = "http://\(self.neighbour.address)"
        self.shop = try await RunningService.start(
            FaultyShop.self, environment: environment, version: "1", logSink: .memory(log))
        let loops = try EventLoopGroup(count: 1)
        self.loops = loops
        func client(_ address: SocketAddress) -> HTTPUpstream {
            HTTPUpstream(
                name: "shop", endpoints: [HTTPEndpoint(host: address.host, port: address.port)], loops: loops,
                resolver: NameResolver(executor: BlockingExecutor(name: "names", threads: 1, queueLimit: 16)))
        }
        self.traffic = client(self.shop.address)
        self.admin = client(self.shop.adminAddress)
        self.neighbourAdmin = client(self.neighbour.adminAddress)
    }

    func stop() async {
        await self.shop.stop()
        await self.neighbour.stop()
        self.loops.stop()
    }

    static func registry(_ telemetry: TestTelemetry) -> FaultRegistry {
        FaultRegistry(
            service: "product", telemetry: telemetry.telemetry, now: { telemetry.monotonicNanoseconds },
            unixMicroseconds: { 0 })
    }

    // MARK: The admin port

    func faults(
        _ method: HTTPMethod, _ path: String = "/faults", token: String? = FaultyService.token, _ body: String? = nil,
        ofNeighbour: Bool = false
    ) async throws -> (status: Int, json: JSONValue) {
        var fields = HTTPFields()
        if let token { fields[.xInternalToken] = token }
        let response = try await (ofNeighbour ? self.neighbourAdmin : self.admin).send(
            HTTPRequest(method, path, fields: fields, body: body.map { .bytes(Array($0.utf8)) } ?? .empty),
            deadline: .after(.seconds(10)))
        return (response.status.code, try JSONValue(parsing: try await response.body.collect(upTo: 1 << 20)))
    }

    /// Sets a fault for half a minute.
    @discardableResult
    func set(_ json: String, ofNeighbour: Bool = false) async throws -> String {
        let answer = try await self.faults(
            .post, #"{"duration_seconds":30,\#(json)}"#, ofNeighbour: ofNeighbour)
        #expect(answer.status == 201, "\(answer.json)")
        return answer.json["id"]?.string ?? ""
    }

    private func faults(
        _ method: HTTPMethod, _ body: String, ofNeighbour: Bool
    ) async throws -> (status: Int, json: JSONValue) {
        try await self.faults(method, "/faults", body, ofNeighbour: ofNeighbour)
    }

    func injections(_ id: String) async throws -> Int? {
        let list = try await self.faults(.get).json["faults"]?.array ?? []
        return list.first { $0["id"]?.string == id }?["injections"]?.int
    }

    func scrape() async throws -> PrometheusText {
        let response = try await self.admin.send(HTTPRequest(.get, "/metrics"), deadline: .after(.seconds(10)))
        return try PrometheusText(
            parsing: String(decoding: try await response.body.collect(upTo: 16 << 20), as: UTF8.self))
    }

    // MARK: The traffic port

    /// - Parameter timeout: what the caller says it waits, `x-vitrine-timeout`, in milliseconds.
    func response(
        _ path: String, baggage: String? = nil, timeout: Int? = nil, within limit: Duration = .seconds(20)
    ) async throws -> HTTPResponse {
        var fields: HTTPFields = [.xInternalToken: Self.token]
        if let baggage { fields[.baggage] = baggage }
        if let timeout { fields[.xVitrineTimeout] = String(timeout) }
        return try await self.traffic.send(HTTPRequest(.get, path, fields: fields), deadline: .after(limit))
    }

    func get(
        _ path: String, baggage: String? = nil, timeout: Int? = nil
    ) async throws -> (status: Int, fields: HTTPFields, text: String) {
        let response = try await self.response(path, baggage: baggage, timeout: timeout)
        let text = String(decoding: try await response.body.collect(upTo: 1 << 20), as: UTF8.self)
        return (response.status.code, response.fields, text)
    }

    /// What a call ends in by its low-cardinality name; nil when it succeeds.
    func failure(_ path: String) async throws -> String? {
        do {
            _ = try await self.get(path)
            return nil
        } catch let error as HTTPClientError {
            return error.errorType
        }
    }
}

/// Runs `body` on a pair of services and ends them.
func withFaultyService(
    faults: Bool? = true, log: LogMemory = LogMemory(), _ body: (FaultyService) async throws -> Void
) async throws {
    let service = try await FaultyService(faults: faults, log: log)
    do {
        try await body(service)
    } catch {
        await service.stop()
        throw error
    }
    await service.stop()
}

/// How long `body` takes.
func duration(_ body: () async throws -> Void) async throws -> Duration {
    let start = ContinuousClock.now
    try await body()
    return start.duration(to: .now)
}
