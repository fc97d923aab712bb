import HTTPCore
public import HTTPEngine
import JSON
import NetworkIO
import Synchronization

/// A shopper of the experiment's own, beside the load: twice a second it orders something straight away, and it fetches
/// the public keys.
///
/// The load's journeys break off at their first failure, and what lies behind it would go unseen just when it matters.
/// Its orders need no cart, its keys no product. Steps `checkout` and `keys`.
public final class ProbeShopper: LoadSource {
    /// The steps it takes.
    public static let steps = ["checkout", "keys"]

    /// Seconds between two orders, and between two other requests.
    static let orderInterval = 0.5
    static let keysInterval = 0.2
    /// The longest an answer may take, in seconds.
    static let timeout = 12.0
    /// Orders whose id is remembered; a run makes fewer.
    static let ordersMax = 10_000

    private let gateway: ShopGateway
    private let account: String
    private let state = Mutex(State())

    private struct State: Sendable {
        var token: String?
        var products: [String] = []
        var turn = 0
        var acknowledged: [String] = []
    }

    /// - Parameter account: tells this shopper from those of other runs: part of its e-mail address.
    public init(gateway: HTTPEndpoint, account: String) throws {
        self.gateway = try ShopGateway(gateway)
        self.account = account
    }

    public func run(clock: RunClock, onOutcome: @escaping @Sendable (RequestOutcome) -> Void) async throws {
        try await self.settleIn()
        await withTaskGroup { group in
            group.addTask {
                await self.every(Self.orderInterval, clock) { at in onOutcome(await self.order(at, clock)) }
            }
            group.addTask {
                await self.every(Self.keysInterval, clock) { at in
                    onOutcome(await self.gateway.probe("keys", .get, "/api/v1/auth/jwks", at, clock).outcome)
                }
            }
        }
    }

    /// Open loop: what is late does not put off what comes next.
    private func every(
        _ interval: Double, _ clock: RunClock, _ body: @escaping @Sendable (Double) async -> Void
    ) async {
        await withDiscardingTaskGroup { group in
            var next = clock.now
            while !Task.isCancelled {
                let at = next
                group.addTask { await body(at) }
                next += interval
                do { try await clock.sleep(until: next) } catch { break }
            }
            group.cancelAll()
        }
    }

    // MARK: Steps

    /// Registers, and looks for something to buy.
    private func settleIn() async throws {
        let credentials = #"{"email":"\#(self.account)@chaos.example","password":"chaos-probe-password"}"#
        _ = try await self.gateway.json(.post, "/api/v1/auth/register", body: credentials, expecting: [201, 409])
        let session = try await self.gateway.json(.post, "/api/v1/auth/login", body: credentials, expecting: [200])
        let page = try await self.gateway.json(.get, "/api/v1/products?limit=100&in_stock=true", expecting: [200])
        let products = (page["items"]?.array ?? []).compactMap { $0["id"]?.string }
        guard let token = session["access_token"]?.string, !products.isEmpty else {
            throw CannotRun("the shop gives no token, or has nothing to sell")
        }
        self.state.withLock { state in
            state.token = token
            state.products = products
        }
    }

    private func order(_ at: Double, _ clock: RunClock) async -> RequestOutcome {
        let (product, token, turn) = self.state.withLock { state in
            state.turn += 1
            return (state.products[state.turn % state.products.count], state.token ?? "", state.turn)
        }
        let body = #"{"items":[{"product_id":"\#(product)","quantity":1}],"payment_method":"credit_card"}"#
        let (outcome, answer) = await self.gateway.probe(
            "checkout", .post, "/api/v1/orders", at, clock, token: token, body: body,
            idempotencyKey: "\(self.account)-\(turn)")
        if outcome.status == 201, let id = (try? JSONValue(parsing: answer))?["id"]?.string {
            self.state.withLock { state in
                if state.acknowledged.count < Self.ordersMax { state.acknowledged.append(id) }
            }
        }
        return outcome
    }

    public func audit() async -> OrderAudit {
        let (ids, token) = self.state.withLock { ($0.acknowledged, $0.token ?? "") }
        var missing: [String] = []
        let clock = RunClock()
        for id in ids {
            let (outcome, _) = await self.gateway.probe("audit", .get, "/api/v1/orders/\(id)", 0, clock, token: token)
            if outcome.status != 200 { missing.append(id) }
        }
        return OrderAudit(acknowledged: ids.count, missing: missing)
    }
}

/// Several kinds of load at once.
public struct CombinedLoad: LoadSource {
    private let parts: [any LoadSource]

    public init(_ parts: [any LoadSource]) { self.parts = parts }

    public func run(clock: RunClock, onOutcome: @escaping @Sendable (RequestOutcome) -> Void) async throws {
        try await withThrowingTaskGroup { group in
            for part in self.parts { group.addTask { try await part.run(clock: clock, onOutcome: onOutcome) } }
            try await group.waitForAll()
        }
    }

    public func audit() async -> OrderAudit {
        var acknowledged = 0
        var missing: [String] = []
        for part in self.parts {
            let audit = await part.audit()
            acknowledged += audit.acknowledged
            missing += audit.missing
        }
        return OrderAudit(acknowledged: acknowledged, missing: missing)
    }
}
