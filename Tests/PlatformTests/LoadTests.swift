import Glibc
import HTTPCore
import HTTPEngine
import JSON
import NetworkIO
import ServiceTesting
import Synchronization
import TelemetryTesting
import Testing

/// `vitrine load` as a person runs it, and as `vitrine up` does.
@Suite("Load against the lab", .timeLimit(.minutes(5)), .serialized)
struct LoadTests {
    @Test("A few seconds of every journey against the running lab end without an error")
    func everyJourney() async throws {
        let lab = try LabProcess()
        #expect(await lab.output(contains: "Vitrine is running"))
        let report = "\(lab.folder.path)/load.json"
        let load = try LabProcess(command: [
            "load", "--url", "http://127.0.0.1:\(lab.portBase)", "--rate", "20", "--duration", "4s", "--think", "0.05",
            "--customers", "8", "--journeys", "browse=1,search=1,cart=1,checkout=2,orders=1", "--fail-above", "0",
            "--json", report,
        ])
        #expect(await load.ended() == 0, "\(load.everything())")
        let json = try JSONValue(parsing: SmallText.read(report))
        #expect(json["all"]?["errors"]?.int == 0)
        #expect((json["all"]?["requests"]?.int ?? 0) > 80)
        let steps = (json["steps"]?.array ?? []).compactMap { $0["step"]?.string }
        #expect(Set(steps).isSuperset(of: ["search", "get_product", "log_in", "place_order", "list_orders"]))
        let text = load.everything()
        #expect(text.contains("latency from the intended start"))
        kill(lab.pid, SIGINT)
        #expect(await lab.ended() == 0)
    }

    @Test("The lab's own customers begin once all is ready, are started again, and are the first to go")
    func gentle() async throws {
        let lab = try LabProcess(options: [])
        #expect(await lab.output(contains: "Vitrine is running"))
        let load = try #require(lab.children().first { $0.arguments.contains("load --gentle") })
        #expect(lab.children().count == 7)
        kill(load.pid, SIGKILL)
        #expect(await lab.output(contains: "load (pid \(load.pid)) was ended by signal 9"))
        #expect(
            await ProcessWatch.poll(for: .seconds(30)) {
                lab.children().contains { $0.arguments.contains("load --gentle") && $0.pid != load.pid }
            })
        let children = lab.children().map(\.pid)
        kill(lab.pid, SIGINT)
        #expect(await lab.ended() == 0)
        for child in children { #expect(kill(child, 0) != 0, "process \(child) is left over") }
        let log = String(decoding: SmallText.read("\(lab.folder.path)/logs/load.log"), as: UTF8.self)
        #expect(log.contains("The generator"), "\(log)")
        #expect(!log.contains("  failed"), "\(log)")
    }

    @Test("The lab's own customers tell what they meet at a port of their own, which is in lab.json and on the panel")
    func scrape() async throws {
        let lab = try LabProcess(options: [])
        #expect(await lab.output(contains: "Ctrl-C stops everything"))
        let port = lab.portBase + 1006
        #expect(lab.everything().contains(", \(port) load, "))
        let document = try JSONValue(parsing: SmallText.read("\(lab.folder.path)/lab.json"))
        let member = document["processes"]?.array?.first { $0["process"]?.string == "load" }
        #expect(member?["admin_port"]?.int == port)
        #expect(member?["service"] == nil)

        let client = try LabClient(port: port)
        // It has only just been started.
        #expect(try await client.text("/health/ready", forSeconds: 30).contains(#""service":"load""#))
        let deadline = ContinuousClock.now.advanced(by: .seconds(60))
        var metrics = try PrometheusText(parsing: try await client.text("/metrics"))
        while metrics.series("shop_load_requests_total").allSatisfy({ $0.value == 0 }), .now < deadline {
            metrics = try PrometheusText(parsing: try await client.text("/metrics"))
        }
        #expect(metrics.series("shop_load_requests_total").contains { $0.value > 0 })
        #expect((metrics.value("shop_load_rate_per_second") ?? 0) > 0)
        #expect(metrics.value("process_resident_memory_bytes") ?? 0 > 0)
        #expect(metrics.series("target_info").first?.labels["service_name"] == "load")
        kill(lab.pid, SIGINT)
        #expect(await lab.ended() == 0)
    }

    @Test("A metrics port that is taken is one clear line, and nothing is sent")
    func takenPort() async throws {
        let loops = try EventLoopGroup(count: 1)
        let doorman = Doorman()
        let address = try #require(SocketAddress(numericHost: "127.0.0.1", port: 0))
        let server = try HTTPServer(address: address, loops: loops.traffic, responder: doorman)
        let port = server.address.port
        let load = try LabProcess(command: [
            "load", "--url", "http://127.0.0.1:\(port)", "--duration", "1s", "--metrics-port", "\(port)",
        ])
        #expect(await load.ended() == 2)
        #expect(
            load.everything()
                == "vitrine load: --metrics-port: cannot listen on 127.0.0.1:\(port): bind: Address already in use\n")
        #expect(doorman.requests.load(ordering: .relaxed) == 0)

        let base = FreePorts.base()
        let busy = try HTTPServer(
            address: try #require(SocketAddress(numericHost: "127.0.0.1", port: base + 1006)), loops: loops.traffic,
            responder: doorman)
        let refused = try LabProcess(portBase: base, options: [])
        #expect(await refused.ended() == 1)
        #expect(refused.everything().contains("port \(base + 1006) (load) cannot be used: Address already in use"))
        await busy.drain(within: .seconds(1))
        await server.drain(within: .seconds(1))
        loops.stop()
    }

    /// Counts who comes.
    private final class Doorman: HTTPResponder {
        let requests = Atomic(0)

        func respond(to request: HTTPRequest) async -> HTTPResponse {
            self.requests.add(1, ordering: .relaxed)
            return HTTPResponse(404)
        }
    }

    @Test("Against nobody it says so and fails; what it does not understand is one clear line")
    func refusals() async throws {
        let base = FreePorts.base()
        let load = try LabProcess(command: [
            "load", "--url", "http://127.0.0.1:\(base)", "--rate", "20", "--duration", "200ms", "--quiet",
        ])
        #expect(await load.ended() == 1)
        #expect(load.everything().contains("vitrine load: no request succeeded"))

        let wrong: [(option: [String], message: String)] = [
            (["--rate", "fast"], "'fast' is no rate"), (["--ramp", "1:2"], "a ramp is FROM:TO:LENGTH"),
            (["--rate", "1", "--ramp", "1:2:3s"], "give --rate or --ramp, not both"),
            (["--url", "ftp://x"], "--url must be http://host:port"), (["--speed", "1"], "unknown option '--speed'"),
            (["--fail-above", "many"], "--fail-above must be a percentage"),
            (["--metrics-port", "0"], "--metrics-port must be a whole number from 1 to 65535"),
            (["--journeys", "fly=1"], "there is no journey 'fly'"), (["--duration", "60"], "'60' is no duration"),
        ]
        for (option, message) in wrong {
            let load = try LabProcess(command: ["load"] + option)
            #expect(await load.ended() == 2)
            #expect(load.everything().contains("vitrine load: \(message)"), "\(load.everything())")
        }
    }

    @Test("Ctrl-C ends an endless run at once, and it still reports")
    func interruption() async throws {
        let lab = try LabProcess()
        #expect(await lab.output(contains: "Vitrine is running"))
        let load = try LabProcess(command: [
            "load", "--url", "http://127.0.0.1:\(lab.portBase)", "--rate", "50", "--duration", "forever",
            "--journeys", "browse=1",
        ])
        // The first line of progress comes after five seconds.
        #expect(await load.output(contains: "requests/s"))
        kill(load.pid, SIGINT)
        #expect(await load.ended() == 0)
        #expect(load.everything().contains("journeys were cut short by the end of the run"))
        kill(lab.pid, SIGINT)
        #expect(await lab.ended() == 0)
    }
}

/// A file's bytes.
private enum SmallText {
    static func read(_ path: String) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1 << 18)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        return Array(bytes[..<max(0, count)])
    }
}
