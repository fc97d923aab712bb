import Console
import Chaos
import RPC
import CartService
import Gateway
import HTTPCore
import HTTPEngine
import JSON
import LoadGenerator
import NetworkIO
import OrderService
import ProductService
import ServiceKit
import ServiceTesting
import TelemetryTesting
import Telemetry
import UserService

@testable import vitrine

/// The five services over real sockets on free ports, in the test's own process, exporting to a collector of the test.
final class RunningPlatform: Sendable {
    let collector: SpanCollector
    let gateway: HTTPUpstream
    let services: [ServiceName: RunningService]
    /// What each service logged.
    let logs: [ServiceName: LogMemory]
    private let background: [ServiceName: Task<Void, Never>]
    private let folder: TemporaryFolder
    private let loops: EventLoopGroup

    static let internalToken = "internal-token-of-the-platform-tests"

    /// - Parameter extra: settings besides the lab's, for every service.
    init(extra: [String: String] = [:]) async throws {
        let folder = TemporaryFolder()
        let collector = try SpanCollector()
        var environment: [String: String] = [
            "INTERNAL_AUTH_TOKEN": Self.internalToken,
            "VITRINE_LAB": "1",
            "VITRINE_FAULTS": "1",
            "VITRINE_PORT": "0",
            "VITRINE_ADMIN_PORT": "0",
            "VITRINE_LOOPS": "2",
            "VITRINE_DATA": folder.path,
            "VITRINE_BCRYPT_COST": "4",
            "VITRINE_RATE_LIMIT_ADDRESS": "1000000",
            "VITRINE_RATE_LIMIT_ADDRESS_BURST": "1000000",
            "VITRINE_RATE_LIMIT_USER": "1000000",
            "VITRINE_RATE_LIMIT_USER_BURST": "1000000",
            "VITRINE_LOGIN_ATTEMPTS_MAX": "1000",
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://\(collector.address)",
            "OTEL_BSP_SCHEDULE_DELAY": "20",
            "OTEL_LOGS_EXPORTER": "none",
        ]
        environment.merge(extra) { $1 }
        try await Self.seed(environment)

        var services: [ServiceName: RunningService] = [:]
        var logs: [ServiceName: LogMemory] = [:]
        func start<S: ShopService>(_ service: S.Type) async throws {
            let log = LogMemory()
            let running = try await RunningService.start(
                service, environment: environment, version: "test", logSink: .memory(log))
            services[S.name] = running
            logs[S.name] = log
            environment[S.name.addressVariable] = "http://\(running.address)"
        }
        try await start(UserService.self)
        try await start(ProductService.self)
        try await start(CartService.self)
        try await start(OrderService.self)
        try await start(GatewayService.self)

        self.folder = folder
        self.collector = collector
        self.services = services
        self.logs = logs
        self.loops = try EventLoopGroup(count: 1)
        self.background = services.mapValues { service in Task { await service.runBackground() } }
        let resolver = NameResolver(executor: BlockingExecutor(name: "names", threads: 1, queueLimit: 16))
        self.gateway = HTTPUpstream(
            name: "gateway", endpoints: [HTTPEndpoint(url: environment[ServiceName.gateway.addressVariable] ?? "")!],
            loops: self.loops, resolver: resolver)
    }

    private static func seed(_ environment: [String: String]) async throws {
        var quiet = environment
        quiet["OTEL_TRACES_EXPORTER"] = "none"
        let products = try PlatformAssembly.make(.product, environment: quiet, version: "test", logSink: .discard)
        _ = try await ProductSeed.load(products.platform)
        products.platform.loops.stop()
        let users = try PlatformAssembly.make(.user, environment: quiet, version: "test", logSink: .discard)
        _ = try await UserSeed(UserSeed.lab).run(users.platform)
        users.platform.loops.stop()
    }

    func stop() async {
        for name in [ServiceName.gateway, .order, .cart, .product, .user] {
            await self.services[name]?.stop(self.background[name])
        }
        await self.collector.stop()
        self.loops.stop()
    }

    // MARK: Calling

    func call(
        _ method: HTTPMethod, _ target: String, token: String? = nil, fields: HTTPFields = .init(), body: String? = nil
    ) async throws -> Answer {
        var fields = fields
        if let token { fields.append(.authorization, "Bearer \(token)") }
        if body != nil { fields.append(.contentType, "application/json") }
        let request = HTTPRequest(method, target, fields: fields, body: body.map { .bytes(Array($0.utf8)) } ?? .empty)
        let response = try await self.gateway.send(request, deadline: .after(.seconds(30)))
        let bytes = try await response.body.collect(upTo: 16 << 20)
        return Answer(
            status: response.status.code, fields: response.fields,
            json: bytes.isEmpty ? .null : try JSONValue(parsing: bytes))
    }

    /// Calls a service's gRPC as somebody from outside of the shop, whose own spans nobody collects.
    func caller(_ name: ServiceName) -> RPCClient {
        let address = self.services[name]?.address
        let resolver = NameResolver(executor: BlockingExecutor(name: "names", threads: 1, queueLimit: 16))
        let upstream = HTTP2Upstream(
            name: name.rawValue,
            endpoints: [HTTPEndpoint(host: address?.host ?? "127.0.0.1", port: address?.port ?? 1)], loops: self.loops,
            resolver: resolver)
        return RPCClient(
            calling: name, over: upstream, internalToken: Self.internalToken, telemetry: .disabled())
    }

    /// Registers a new user and gives an access token.
    func register(_ email: String) async throws -> String {
        let credentials = #"{"email":"\#(email)","password":"correct-horse"}"#
        _ = try await self.call(.post, "/api/v1/auth/register", body: credentials)
        return try await self.logIn(email, "correct-horse")
    }

    func logIn(_ email: String, _ password: String) async throws -> String {
        let answer = try await self.call(
            .post, "/api/v1/auth/login", body: #"{"email":"\#(email)","password":"\#(password)"}"#)
        return answer.json["access_token"]?.string ?? ""
    }

    func scrape(_ name: ServiceName) async throws -> String {
        guard let address = self.services[name]?.adminAddress else { return "" }
        return try await self.scrape(address)
    }

    /// The metrics of a process of customers. They find no shop, whose spans would hang below none in the collector.
    func scrapeCustomers() async throws -> String {
        let telemetry = try ScrapedTelemetry.make("load", [:])
        let listener = try AdminListener("load", version: "test", port: 0, telemetry: telemetry)
        var plan = LoadPlan(.steady(100, arrivals: .uniform))
        plan.journeys = try JourneyWeights("search=1")
        plan.thinkTime.scale = 0
        plan.duration = .milliseconds(100)
        let run = try LoadRun(plan, target: HTTPEndpoint(host: "127.0.0.1", port: 1), telemetry: telemetry)
        _ = await run.run()
        let text = try await self.scrape(listener.address)
        await listener.stop()
        return withExtendedLifetime(run) { text }
    }

    /// The metrics of a supervisor to which a good deal has happened.
    func scrapeSupervisor() async throws -> String {
        let control = try LabControlFixture()
        let experiment = "/experiments/product-killed"
        _ = try await control.call(.post, experiment, #"{"seconds":30}"#)
        _ = try await control.call(.delete, experiment, #"{"verdict":"passed"}"#)
        _ = try await control.call(.post, "/processes/product/restart")
        let text = try await control.call(.get, "/metrics").text
        await control.stop()
        return text
    }

    /// What a console emits to which a span and something that is none were sent: its metrics, and its log lines.
    func lookAtConsole() async throws -> (metrics: String, logs: [String]) {
        let memory = LogMemory()
        let console = try RunningConsole.start(
            ConsoleSettings(
                ConfigReader([
                    "VITRINE_PORT": "0", "VITRINE_ADMIN_PORT": "0", "VITRINE_CONSOLE_OTLP_PORT": "0",
                ])), pages: ShippedPages(), launcher: nil,
            telemetry: try ConsoleCommand.telemetry([:], logSink: .memory(memory)), version: "test")
        let receiver = HTTPEndpoint(host: "127.0.0.1", port: console.receiverAddress.port)
        let client = try AdminClient(token: "")
        _ = try await client.send(.post, receiver, "/v1/traces", json: Array("{}".utf8))
        _ = try await client.send(.post, receiver, "/v1/traces", json: Array("nonsense".utf8))
        let metrics = try await self.scrape(console.adminAddress)
        await console.stop()
        return (metrics, memory.all)
    }

    private func scrape(_ address: SocketAddress) async throws -> String {
        let resolver = NameResolver(executor: BlockingExecutor(name: "names", threads: 1, queueLimit: 16))
        let admin = HTTPUpstream(
            name: "admin", endpoints: [HTTPEndpoint(host: address.host, port: address.port)], loops: self.loops,
            resolver: resolver)
        let response = try await admin.send(HTTPRequest(.get, "/metrics"), deadline: .after(.seconds(5)))
        return String(decoding: try await response.body.collect(upTo: 16 << 20), as: UTF8.self)
    }
}

struct Answer: Sendable {
    let status: Int
    let fields: HTTPFields
    let json: JSONValue
}
