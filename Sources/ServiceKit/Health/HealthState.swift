import HTTPCore
import JSON
public import Routing
import Synchronization

/// Whether a process lives and takes traffic, as probes ask it.
public final class HealthState: Sendable {
    private enum Phase: Sendable { case starting, serving, draining }
    private struct State: Sendable {
        var phase = Phase.starting
        var checks: [ReadinessCheck] = []
    }
    private let state = Mutex(State())
    private let service: String
    private let version: String
    /// Monotonic-free start time for the uptime that `/health` tells.
    private let started = ContinuousClock.now

    public init(service: String, version: String) {
        self.service = service
        self.version = version
    }

    /// From now on the process is ready while `checks` hold.
    public func beginServing(_ checks: [ReadinessCheck]) {
        self.state.withLock {
            $0.phase = .serving
            $0.checks = checks
        }
    }

    /// From now on the process is not ready: balancers are to send their traffic elsewhere.
    public func beginDraining() { self.state.withLock { $0.phase = .draining } }

    private enum Status: String {
        case ok, degraded, unavailable
    }

    private struct Result {
        let name: String
        let status: Status
        let detail: String?
    }

    /// What each check says now, and what follows for the whole.
    private func evaluate() async -> (status: Status, results: [Result]) {
        let (phase, checks) = self.state.withLock { ($0.phase, $0.checks) }
        switch phase {
        case .starting: return (.unavailable, [Result(name: "phase", status: .unavailable, detail: "starting")])
        case .draining: return (.unavailable, [Result(name: "phase", status: .unavailable, detail: "draining")])
        case .serving: break
        }
        var results: [Result] = []
        for check in checks {
            let failure = await check.check()
            let status: Status = failure == nil ? .ok : check.isRequired ? .unavailable : .degraded
            results.append(Result(name: check.name, status: status, detail: failure))
        }
        if results.contains(where: { $0.status == .unavailable }) { return (.unavailable, results) }
        return (results.contains { $0.status == .degraded } ? .degraded : .ok, results)
    }

    /// The three probes, on whichever listener they are registered.
    public func register(on routes: inout RouteTable) {
        routes.add(.get, "/health/live", isObserved: false) { _, _ in
            // Answering is the proof.
            .json(fields: Self.noStore) {
                $0.beginObject()
                $0.field("status", "ok")
                $0.endObject()
            }
        }
        for path in ["/health", "/health/ready"] {
            routes.add(.get, path, isObserved: false) { [self] _, _ in await self.answer() }
        }
    }

    private static var noStore: HTTPFields { [.cacheControl: "no-store"] }

    private func answer() async -> HTTPResponse {
        let (status, results) = await self.evaluate()
        let uptime = Int(self.started.duration(to: .now).components.seconds)
        return .json(status == .unavailable ? .serviceUnavailable : .ok, fields: Self.noStore) { writer in
            writer.beginObject()
            writer.field("status", status.rawValue)
            writer.field("service", self.service)
            writer.field("version", self.version)
            writer.field("uptime_seconds", uptime)
            writer.key("checks")
            writer.beginArray()
            for result in results {
                writer.beginObject()
                writer.field("name", result.name)
                writer.field("status", result.status.rawValue)
                writer.field("detail", result.detail)
                writer.endObject()
            }
            writer.endArray()
            writer.endObject()
        }
    }
}
