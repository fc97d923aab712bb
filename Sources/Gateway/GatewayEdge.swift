import HTTPCore
import NetworkIO
import Resilience
import Routing
import ServiceKit
import Telemetry

/// What the gateway does with every request before and after its route.
struct GatewayEdge: EdgePolicy {
    let remoteContext: RemoteContextPolicy
    private let cors: CORSPolicy
    private let addresses: RateLimiter
    private let users: RateLimiter
    private let trustsForwarded: Bool
    private let securityFields: HTTPFields
    /// Nil where no console is known.
    private let traceLink: TraceLink?
    /// By the name of the route.
    private let priorities: [String: LoadPriority]

    /// Fields that only the platform's own processes may set.
    private static let internalFields = HTTPFieldNameSet([
        .xInternalToken, .xVitrineRoles, .xVitrineTimeout, .xVitrineUserID,
    ])

    init(settings: GatewaySettings, telemetry: Telemetry) {
        self.remoteContext = settings.remoteContext
        self.cors = CORSPolicy(origins: settings.corsOrigins)
        self.addresses = RateLimiter(
            scope: "address", limit: GCRA(rate: settings.addressRate, burst: settings.addressBurst),
            telemetry: telemetry)
        self.users = RateLimiter(
            scope: "user", limit: GCRA(rate: settings.userRate, burst: settings.userBurst),
            telemetry: telemetry)
        self.trustsForwarded = settings.trustsForwarded
        self.priorities = Dictionary(
            uniqueKeysWithValues: PublicRoute.table.map { ("\($0.method.name) \($0.template)", $0.priority) })
        self.traceLink = settings.consoleURL.map { TraceLink(console: $0) }
        self.securityFields = [
            .contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'",
            .referrerPolicy: "no-referrer",
            .xContentTypeOptions: "nosniff",
            .xFrameOptions: "DENY",
        ]
    }

    func prepare(_ request: inout HTTPRequest) {
        if request.fields.containsAny(of: Self.internalFields) {
            request.fields = request.fields.removing(Self.internalFields)
        }
        if request.fields.withValue(.xRequestID, { !RequestIDPolicy.isSane($0) }) == true {
            request.fields.remove(.xRequestID)
        }
        if self.trustsForwarded, let client = Self.forwardedAddress(request.fields) { request.remoteAddress = client }
        if let rewritten = CompatibilityRewrite.apply(request.method, path: request.path, query: request.query) {
            request.method = rewritten.method
            request.path = rewritten.path
            request.query = rewritten.query
        }
    }

    /// The last address of `x-forwarded-for`: the one that the proxy in front has seen itself. What stands before it
    /// came from the client, who may write anything.
    static func forwardedAddress(_ fields: HTTPFields) -> String? {
        guard let last = fields.combined(.xForwardedFor)?.split(separator: ",").last else { return nil }
        var text = last
        while text.first == " " || text.first == "\t" { text = text.dropFirst() }
        while text.last == " " || text.last == "\t" { text = text.dropLast() }
        return SocketAddress(numericHost: String(text), port: 0)?.host
    }

    func preflight(_ request: HTTPRequest) -> HTTPResponse? { self.cors.preflight(request) }

    func admit(_ request: HTTPRequest) throws {
        if let address = request.remoteAddress { try self.addresses.admit(RateLimiter.key(address: address)) }
    }

    /// A user's bucket counts besides the address's, so that neither many users behind one address nor one user behind
    /// many addresses gets more than its share.
    func admit(_ identity: Identity) throws { try self.users.admit(identity.userID) }

    func priority(of route: Route) -> LoadPriority { self.priorities[route.spanName] ?? .normal }

    func decorate(_ response: inout HTTPResponse, for request: HTTPRequest) {
        response.fields.append(contentsOf: self.securityFields)
        self.cors.decorate(&response.fields, for: request)
        self.traceLink?.append(to: &response.fields)
    }
}
