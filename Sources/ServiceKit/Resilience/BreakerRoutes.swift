import CSystem
import HTTPCore
import JSON
import Resilience
import Routing

/// `/breakers` and `/resilience` on the admin port: what the breakers do, and what an operator may do to them.
struct BreakerRoutes: Sendable {
    let registry: BreakerRegistry
    let budgets: [RetryBudget]
    /// Nil where there is no shedding.
    let shedder: LoadShedder?
    let internalToken: InternalToken
    private let orders: BreakerOrders

    init(registry: BreakerRegistry, budgets: [RetryBudget], shedder: LoadShedder?, internalToken: String) {
        self.registry = registry
        self.budgets = budgets
        self.shedder = shedder
        self.internalToken = InternalToken(internalToken)
        self.orders = BreakerOrders(registry)
    }

    /// Seconds for which an order may last that ends by itself.
    private static let suspension = 1...600

    func register(on routes: inout RouteTable) {
        routes.add(.get, "/breakers", isObserved: false) { _, _ in
            .json(capacity: 4_096) { self.registry.write(to: &$0) }
        }
        routes.add(.get, "/breakers/{name}/recording", isObserved: false) { _, context in
            let name = try context.parameter("name")
            try self.requireBreaker(name)
            return .json(capacity: 32_768) { _ = self.registry.writeFlights(of: name, to: &$0) }
        }
        for order in BreakerRegistry.Order.allCases {
            routes.add(.post, "/breakers/{name}/\(order.rawValue)", isObserved: false) { request, context in
                try self.requireToken(request)
                let name = try context.parameter("name")
                try self.requireBreaker(name)
                self.orders.give(order, to: name, for: try await Self.duration(request, context))
                return .json(capacity: 4_096) { self.registry.write(to: &$0) }
            }
        }
        routes.add(.post, "/resilience/retry-budget", isObserved: false) { try await self.setBudget($0, $1) }
        routes.add(.post, "/resilience/concurrency", isObserved: false) { try await self.setConcurrency($0, $1) }
    }

    /// What `{"duration_seconds": 30}` says; nil without a body: until another order.
    private static func duration(_ request: HTTPRequest, _ context: RequestContext) async throws -> Duration? {
        if request.body.length == 0 { return nil }
        var payload = try await request.payload(context)
        let seconds = payload.optionalInteger("duration_seconds", in: Self.suspension)
        try payload.validate()
        return seconds.map { .seconds($0) }
    }

    /// `{"enabled": false, "duration_seconds": 30}`: for showing what retries do without a bound. Ends by itself.
    private func setBudget(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        try self.requireToken(request)
        var payload = try await request.payload(context)
        if !payload.has("enabled") { payload.reject("enabled", "is required") }
        let isEnabled = payload.optionalBool("enabled") ?? true
        let seconds = payload.optionalInteger("duration_seconds", in: Self.suspension)
        if !isEnabled, seconds == nil { payload.reject("duration_seconds", "is required to switch the budget off") }
        try payload.validate()
        let now = vitrine_monotonic_nanoseconds()
        let until = isEnabled ? 0 : now + UInt64(seconds ?? 0) * 1_000_000_000
        for budget in self.budgets { budget.suspend(until: until) }
        return .json {
            $0.beginObject()
            $0.field("enabled", isEnabled)
            $0.field("duration_seconds", isEnabled ? 0 : seconds ?? 0)
            $0.endObject()
        }
    }

    /// `{"limit": 32, "duration_seconds": 30}`: lowers the limit of requests in flight for a time; without a limit the cap
    /// ends.
    private func setConcurrency(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        try self.requireToken(request)
        guard let shedder = self.shedder else {
            throw Problem.conflict("resilience-off", "VITRINE_RESILIENCE is false.")
        }
        var payload = try await request.payload(context)
        let limit = payload.optionalInteger("limit", in: 1...1_000_000)
        let seconds = payload.optionalInteger("duration_seconds", in: Self.suspension)
        if limit != nil, seconds == nil { payload.reject("duration_seconds", "is required with a limit") }
        try payload.validate()
        let end = vitrine_monotonic_nanoseconds() + UInt64(seconds ?? 0) * 1_000_000_000
        shedder.cap(limit ?? 1, until: limit == nil ? 0 : end)
        return .json {
            $0.beginObject()
            $0.field("limit", limit ?? shedder.currentLimit)
            $0.field("duration_seconds", limit == nil ? 0 : seconds ?? 0)
            $0.endObject()
        }
    }

    private func requireBreaker(_ name: String) throws {
        guard self.registry.breaker(name) != nil else {
            throw Problem.notFound(
                "There is no breaker \(name); there are \(self.registry.names.joined(separator: ", ")).")
        }
    }

    private func requireToken(_ request: HTTPRequest) throws {
        guard self.internalToken.isBorne(by: request.fields) else {
            throw Problem.forbidden("This needs the platform's own token, as x-internal-token.")
        }
    }
}
