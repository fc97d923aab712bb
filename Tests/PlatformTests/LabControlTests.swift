import Chaos
import Glibc
import HTTPCore
import HTTPEngine
import JSON
import ServiceTesting
import Testing

/// Holding, pausing and restarting real processes of a real lab.
@Suite("Control of the lab", .timeLimit(.minutes(5)), .serialized)
struct LabControlTests {
    private static func state(_ lab: LabProcess, _ process: String) async throws -> (state: String, pid: pid_t) {
        let (file, _, client) = try lab.lab()
        let answer = try await client.send(.get, file.control, "/processes")
        let document = try JSONValue(parsing: answer.body)
        let entry = try #require(document["processes"]?.array?.first { $0["process"]?.string == process })
        return (try #require(entry["state"]?.string), pid_t(try #require(entry["pid"]?.int)))
    }

    /// Asks until a process is in a state, for half a minute at most.
    private static func becomes(_ lab: LabProcess, _ process: String, _ state: String) async throws -> Bool {
        let deadline = ContinuousClock.now.advanced(by: .seconds(30))
        while try await self.state(lab, process).state != state {
            if ContinuousClock.now > deadline { return false }
        }
        return true
    }

    @Test(
        "Three instances share the catalogue; a held one comes back by itself, a paused one goes on, stock stays true")
    func holdAndPause() async throws {
        let lab = try LabProcess(options: ["--no-load", "--instances", "product=3"])
        #expect(await lab.output(contains: "Vitrine is running"))
        let (file, driver, client) = try lab.lab()
        #expect(
            file.instances.map(\.process) == ["user", "product", "product-2", "product-3", "cart", "order", "gateway"])
        let gateway = try LabClient(port: lab.portBase)

        // Nobody who asked is there to release it: the supervisor keeps the time.
        let before = try await Self.state(lab, "product-2")
        try await driver.perform(.hold, process: "product-2", seconds: 1)
        #expect(try await Self.state(lab, "product-2").state == "held")
        #expect(await ProcessWatch.gone(before.pid))
        #expect(try await gateway.status("/api/v1/products?limit=1") == 200)
        #expect(await lab.output(contains: "product-2: its time is over, it goes on"))
        #expect(try await Self.becomes(lab, "product-2", "running"))
        #expect(try await Self.state(lab, "product-2").pid != before.pid)
        #expect(!lab.everything().contains("(pid \(before.pid)) was ended"))

        let third = try await Self.state(lab, "product-3")
        try await driver.perform(.pause, process: "product-3", seconds: 60)
        #expect(ProcessWatch.isStopped(third.pid))
        try await driver.releaseAll()
        #expect(try await Self.state(lab, "product-3").state == "running")
        #expect(!ProcessWatch.isStopped(third.pid))
        #expect(try await Self.state(lab, "product-3").pid == third.pid)

        let answer = try await client.send(
            .post, file.control, "/processes/product/hold", json: Array(#"{"seconds":601}"#.utf8))
        #expect(answer.status == 422)
        let stranger = try AdminClient(token: "guess")
        #expect(try await stranger.send(.post, file.control, "/processes/product/kill").status == 403)
        kill(lab.pid, SIGINT)
        #expect(await lab.ended() == 0)
        #expect(!lab.labFileExists)
    }

    @Test("A lab that ends continues and ends what is paused, however it ends", arguments: [SIGINT, SIGKILL])
    func endWhilePaused(signal: Int32) async throws {
        let lab = try LabProcess()
        #expect(await lab.output(contains: "Vitrine is running"))
        let (_, driver, _) = try lab.lab()
        try await driver.perform(.pause, process: "cart", seconds: 300)
        try await driver.perform(.hold, process: "user", seconds: 300)
        let children = lab.children().map(\.pid)
        let before = ContinuousClock.now
        kill(lab.pid, signal)
        _ = await lab.ended()
        for child in children { #expect(await ProcessWatch.gone(child), "process \(child) is left over") }
        #expect(before.duration(to: .now) < .seconds(12))
    }
}

extension ProcessWatch {
    /// Whether a process is stopped by a signal.
    static func isStopped(_ pid: pid_t) -> Bool {
        guard let file = fopen("/proc/\(pid)/stat", "r") else { return false }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = fread(&bytes, 1, bytes.count, file)
        let text = String(decoding: bytes[..<count], as: UTF8.self)
        return text.split(separator: ")").last?.split(separator: " ").first == "T"
    }
}
