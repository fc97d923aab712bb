public import RPC
public import Routing
public import Security
public import Telemetry

/// One service of the shop: what it needs, which routes it answers, and what it does between requests.
public protocol ShopService: Sendable {
    static var name: ServiceName { get }

    /// Everything it may emit: the platform's part and its own. See `docs/telemetry.md`, which is made from it.
    static var catalogue: TelemetryCatalogue { get }

    /// Opens storage, migrates it, and builds the use cases.
    /// - Throws: whatever must stop the start, with a description that says how to mend it.
    init(platform: ServicePlatform) async throws

    func register(on routes: inout RouteTable)

    /// What other services may call; nothing, for the service that faces strangers.
    func register(on table: inout RPCServiceTable)

    /// What must hold for the service to take traffic.
    var readiness: [ReadinessCheck] { get }

    /// The keys that tokens are verified with, for the service that issues them; the others fetch them from it.
    var tokenKeys: (@Sendable () -> JWKSet)? { get }

    /// What the listener does besides, for the service that faces strangers.
    var edge: (any EdgePolicy)? { get }

    /// Background work; returns when cancelled.
    func run() async

    /// Closes storage after the last request.
    func close() async
}

extension ShopService {
    public static var catalogue: TelemetryCatalogue { .platform }
    public func register(on table: inout RPCServiceTable) {}
    public var readiness: [ReadinessCheck] { [] }
    public var tokenKeys: (@Sendable () -> JWKSet)? { nil }
    public var edge: (any EdgePolicy)? { nil }
    public func run() async {}
    public func close() async {}
}

/// One condition of readiness.
public struct ReadinessCheck: Sendable {
    /// Names the condition in the answer of `/health/ready`, such as `database`.
    public let name: String
    /// Whether the service is of no use without it; otherwise it is merely degraded.
    public let isRequired: Bool
    /// Nil when it holds, otherwise what is wrong. Called at every probe: quick, and bounded in time by itself.
    public let check: @Sendable () async -> String?

    public init(_ name: String, isRequired: Bool = true, _ check: @escaping @Sendable () async -> String?) {
        self.name = name
        self.isRequired = isRequired
        self.check = check
    }
}
