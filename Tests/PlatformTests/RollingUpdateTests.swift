import Chaos
import Glibc
import HTTPCore
import HTTPEngine
import JSON
import NetworkIO
import ServiceTesting
import TelemetryTesting
import Testing

/// Instances replaced one by one as a kubelet does it: SIGTERM, readiness gone, the end within the grace period, and a
/// successor that is live and then ready before the next one goes.
@Suite("A rolling update", .timeLimit(.minutes(3)), .serialized)
struct RollingUpdateTests {
    /// As in `k8s/base`: readiness and liveness at the admin port, no more than so many seconds from SIGTERM to the end.
    private static let gracePeriod = Duration.seconds(45)

    @Test("Two instances of a service are replaced under load, and no request fails")
    func replaced() async throws {
        let base = FreePorts.base()
        let folder = TemporaryFolder()
        // What a deployment sets, so that balancers have noticed before the listener closes.
        let lab = try LabProcess(
            command: [
                "exec", "/usr/bin/env", "VITRINE_DRAIN_DELAY=1s", LabProcess.binary, "up", "--data", folder.path,
                "--port-base", String(base), "--instances", "product=2", "--no-load", "--no-monitoring",
                "--no-console",
            ], folder: folder, portBase: base)
        #expect(await lab.output(contains: "Ctrl-C stops everything"), "\(lab.everything())")
        let load = try LabProcess(command: [
            "load", "--url", "http://127.0.0.1:\(base)", "--rate", "25", "--think", "0.1", "--duration", "20s",
            "--seed",
            "7", "--fail-above", "0", "--json", "-",
        ])
        let probe = try Probe()
        for admin in [base + 1_002, base + 1_012] {
            #expect(await probe.wait(admin, "/health/ready", for: 200))
            let old = try #require(try await self.process(at: admin, of: lab))
            #expect(kill(old, SIGTERM) == 0)
            // It says so while it goes on answering.
            #expect(await probe.wait(admin, "/health/ready", for: 503), "readiness of \(admin) goes first")
            let isGone = await ProcessWatch.poll(for: Self.gracePeriod) {
                !ProcessWatch.all().contains { $0.pid == old }
            }
            #expect(isGone, "ends within its grace period")
            #expect(await probe.wait(admin, "/health/live", for: 200))
            #expect(await probe.wait(admin, "/health/ready", for: 200))
            let new = try #require(try await self.process(at: admin, of: lab))
            #expect(new != old)
        }
        #expect(await load.ended() == 0, "\(load.everything())")
        let text = load.everything()
        let json = try #require(text.firstIndex(of: "{"), "\(text)")
        let report = try JSONValue(parsing: Array(text[json...].utf8))
        #expect((report["all"]?["requests"]?.int ?? 0) > 500, "\(text)")
        #expect(report["all"]?["errors"]?.int == 0, "\(text)")
        #expect(report["all"]?["degraded"]?.int == 0, "\(text)")
        kill(lab.pid, SIGINT)
        #expect(await lab.ended() == 0, "\(lab.everything())")
    }

    /// The process of the lab that listens at an admin port, by what `lab.json` says of it.
    private func process(at admin: Int, of lab: LabProcess) async throws -> pid_t? {
        let (file, _, client) = try lab.lab()
        guard let instance = file.instances.first(where: { $0.admin.port == admin }) else { return nil }
        let answer = try await client.send(.get, file.control, "/processes")
        let all = try JSONValue(parsing: answer.body)["processes"]?.array ?? []
        return all.first { $0["process"]?.string == instance.process }?["pid"]?.int.map { pid_t($0) }
    }
}

/// Asks as a kubelet's `httpGet` does, again and again.
private final class Probe: Sendable {
    private let loops: EventLoopGroup
    private let resolver = NameResolver(executor: BlockingExecutor(name: "names", threads: 1, queueLimit: 4))

    init() throws { self.loops = try EventLoopGroup(count: 1) }

    deinit { self.loops.stop() }

    func status(_ port: Int, _ path: String) async -> Int? {
        let upstream = HTTPUpstream(
            name: "probe", endpoints: [HTTPEndpoint(host: "127.0.0.1", port: port)], loops: self.loops,
            resolver: self.resolver)
        defer { upstream.closeIdle() }
        let request = HTTPRequest(.get, path, fields: [.connection: "close"])
        guard let response = try? await upstream.send(request, deadline: .after(.seconds(3))) else { return nil }
        _ = try? await response.body.collect(upTo: 1 << 16)
        return response.status.code
    }

    /// For half a minute at most.
    func wait(_ port: Int, _ path: String, for status: Int) async -> Bool {
        let deadline = ContinuousClock.now.advanced(by: .seconds(30))
        while ContinuousClock.now < deadline {
            if await self.status(port, path) == status { return true }
            Glibc.poll(nil, 0, 20)
        }
        return false
    }
}
