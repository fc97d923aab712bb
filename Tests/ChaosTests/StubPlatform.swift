import HTTPCore
import HTTPEngine
import JSON
import NetworkIO
import Synchronization

@testable import Chaos

/// A service's admin listener on a real socket: faults, metrics, breakers, and a lab's control.
final class StubPlatform: HTTPResponder {
    private struct State: Sendable {
        var faults: [JSONValue] = []
        var requests: [String] = []
        var waiters: [(String, CheckedContinuation<Void, Never>)] = []
        var violations = 0
        var held: String?
        var isForcedOpen = false
        var orderBodies: [String] = []
    }
    private let state = Mutex(State())

    var faults: [JSONValue] { self.state.withLock { $0.faults } }
    /// Whether something is broken now.
    var isBroken: Bool { self.state.withLock { !$0.faults.isEmpty || $0.held != nil } }
    var requests: [String] { self.state.withLock { $0.requests } }
    /// What came with the orders to open a breaker.
    var orderBodies: [String] { self.state.withLock { $0.orderBodies } }
    func setViolations(_ count: Int) { self.state.withLock { $0.violations = count } }

    /// Returns once a request of this method and path has come.
    func received(_ wanted: String) async {
        await withCheckedContinuation { continuation in
            let isThere = self.state.withLock { state in
                if state.requests.contains(wanted) { return true }
                state.waiters.append((wanted, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        let body = (try? await request.body.collect(upTo: 1 << 16)) ?? []
        let line = "\(request.method) \(request.path)"
        guard request.path == "/metrics" || request.method == .get || request.fields["x-internal-token"] == "secret"
        else {
            return HTTPResponse(403)
        }
        let (response, waiters) = self.state.withLock { state -> (HTTPResponse, [CheckedContinuation<Void, Never>]) in
            if request.path != "/metrics" { state.requests.append(line) }
            let response = Self.answer(line, body, &state)
            let due = state.waiters.filter { $0.0 == line }.map(\.1)
            state.waiters.removeAll { $0.0 == line }
            return (response, due)
        }
        for waiter in waiters { waiter.resume() }
        return response
    }

    private static func answer(_ line: String, _ body: [UInt8], _ state: inout State) -> HTTPResponse {
        switch line {
        case "GET /faults":
            var json = JSONWriter()
            json.beginObject()
            json.field("faults", .array(state.faults))
            json.endObject()
            return HTTPResponse(200, body: .bytes(json.bytes))
        case "POST /faults":
            guard let fault = try? JSONValue(parsing: body) else { return HTTPResponse(400) }
            state.faults.append(fault)
            return HTTPResponse(201, body: .bytes(Array(#"{"id":"f"}"#.utf8)))
        case "DELETE /faults":
            state.faults = []
            return HTTPResponse(200)
        case "GET /metrics":
            let isBroken = !state.faults.isEmpty || state.held != nil
            let text = """
                # TYPE shop_invariant_violations gauge
                shop_invariant_violations{invariant="stock"} \(state.violations)
                # TYPE resilience_circuit_breaker_state gauge
                resilience_circuit_breaker_state{breaker="product",state="closed"} \(isBroken ? 0 : 1)
                resilience_circuit_breaker_state{breaker="product",state="open"} \(isBroken ? 1 : 0)

                """
            return HTTPResponse(200, body: .bytes(Array(text.utf8)))
        case "GET /breakers":
            let breaker = state.isForcedOpen ? "forced_open" : "closed"
            return HTTPResponse(
                200, body: .bytes(Array(#"{"breakers":[{"breaker":"product","state":"\#(breaker)"}]}"#.utf8)))
        case "POST /breakers/product/open":
            state.isForcedOpen = true
            state.orderBodies.append(String(decoding: body, as: UTF8.self))
            return HTTPResponse(200)
        case "POST /breakers/product/reset":
            state.isForcedOpen = false
            return HTTPResponse(200)
        case "POST /resilience/retry-budget": return HTTPResponse(200)
        case "POST /processes/product/hold":
            state.held = "product"
            return HTTPResponse(200)
        case "POST /processes/product/release":
            state.held = nil
            return HTTPResponse(200)
        case "GET /processes":
            let text = #"{"processes":[{"process":"product","state":"\#(state.held == nil ? "running" : "held")"}]}"#
            return HTTPResponse(200, body: .bytes(Array(text.utf8)))
        default: return HTTPResponse(404)
        }
    }
}

/// A stub listening, and all that an experiment needs of it.
final class StubTarget: Sendable {
    let platform = StubPlatform()
    let target: Target
    let client: AdminClient
    let driver: LabDriver
    private let loop: EventLoop
    private let server: HTTPServer

    init() throws {
        self.loop = try EventLoop(index: 0)
        guard let address = SocketAddress(numericHost: "127.0.0.1", port: 0) else { throw CannotRun("no address") }
        self.server = try HTTPServer(address: address, loops: [self.loop], responder: self.platform)
        let endpoint = HTTPEndpoint(host: "127.0.0.1", port: self.server.address.port)
        self.client = try AdminClient(token: "secret")
        self.driver = LabDriver(control: endpoint, client: self.client)
        self.target = Target(
            description: "a stub", gateway: endpoint,
            instances: [
                .init(process: "gateway", service: "gateway", number: 1, admin: endpoint),
                .init(process: "product", service: "product", number: 1, admin: endpoint),
            ], token: "secret")
    }

    deinit { self.loop.stop() }

    var injector: Injector {
        Injector(target: self.target, client: self.client, driver: self.driver, label: "test")
    }

    func runner(_ experiment: Experiment, load: (any LoadSource)? = nil) -> ExperimentRunner {
        var timing = ExperimentRunner.Timing()
        timing.settling = 0.5
        timing.recoveryWindow = 0.3
        timing.audit = 0.3
        timing.decision = 0.05
        timing.progress = 0.05
        return ExperimentRunner(
            experiment, target: self.target, client: self.client, injector: self.injector,
            load: load ?? StubLoad(platform: self.platform), timing: timing)
    }
}

/// A hundred requests a second that fail while something is broken.
struct StubLoad: LoadSource {
    let platform: StubPlatform
    var missing: [String] = []

    func run(clock: RunClock, onOutcome: @escaping @Sendable (RequestOutcome) -> Void) async throws {
        while !Task.isCancelled {
            let isBroken = self.platform.isBroken
            onOutcome(
                RequestOutcome(
                    at: clock.now, step: "browse", status: isBroken ? 503 : 200, seconds: 0.01,
                    hasRetryAfter: isBroken, traceID: "0af7651916cd43dd8448eb211c80319c"))
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    func audit() async -> OrderAudit { OrderAudit(acknowledged: 5, missing: self.missing) }
}
