import HTTPCore
public import HTTPEngine
public import LoadGenerator
import NetworkIO
import Synchronization

/// The load generator's journeys, watched request by request.
public final class ShopLoad: LoadSource {
    /// The steps that its requests are told apart by.
    public static let steps = RequestStep.names

    private let plan: LoadPlan
    private let gateway: HTTPEndpoint
    private let loops: EventLoopGroup
    private let upstream: HTTPUpstream
    private let transport = Mutex<ObservingTransport?>(nil)

    public init(_ plan: LoadPlan, gateway: HTTPEndpoint) throws {
        self.plan = plan
        self.gateway = gateway
        self.loops = try EventLoopGroup(count: 1)
        var configuration = HTTPClientConfiguration()
        configuration.connectionsPerLoopMax = plan.connectionsMax
        self.upstream = HTTPUpstream(
            name: "gateway", endpoints: [gateway], loops: self.loops,
            resolver: NameResolver(executor: BlockingExecutor(name: "names", threads: 1, queueLimit: 16)),
            configuration: configuration)
    }

    deinit { self.loops.stop() }

    public func run(clock: RunClock, onOutcome: @escaping @Sendable (RequestOutcome) -> Void) async throws {
        let transport = ObservingTransport(self.upstream, clock: clock, onOutcome: onOutcome)
        self.transport.withLock { $0 = transport }
        let run = try LoadRun(self.plan, target: self.gateway, transport: transport)
        let report = await run.run()
        if !Task.isCancelled, let failure = report.preparationFailure { throw CannotRun(failure) }
    }

    public func audit() async -> OrderAudit {
        let orders = self.transport.withLock { $0?.acknowledged } ?? []
        var missing: [String] = []
        for order in orders {
            var fields = HTTPFields()
            fields.append(.authorization, order.authorization)
            let request = HTTPRequest(.get, "/api/v1/orders/\(order.id)", fields: fields)
            let response = try? await self.upstream.send(request, deadline: .after(.seconds(5)))
            // Read to the end, so that the connection serves the next question.
            _ = try? await response?.body.collect(upTo: ObservingTransport.answerBytesMax)
            if response?.status.code != 200 { missing.append(order.id) }
        }
        return OrderAudit(acknowledged: orders.count, missing: missing)
    }
}
