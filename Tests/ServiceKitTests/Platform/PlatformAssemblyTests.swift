import Glibc
import NetworkIO
import ServiceTesting
import TLSTesting
import Telemetry
import TelemetryTesting
import Testing

@testable import ServiceKit

@Suite("Building a process from its environment")
struct PlatformAssemblyTests {
    private let folder = TemporaryFolder()

    private func make(_ environment: [String: String]) throws -> PlatformAssembly {
        let fixed = [
            "INTERNAL_AUTH_TOKEN": PipelineFixture.internalToken, "VITRINE_DATA": self.folder.path + "/a/b",
            "VITRINE_LOOPS": "1", "OTEL_TRACES_EXPORTER": "none",
        ]
        return try PlatformAssembly.make(
            .order, environment: fixed.merging(environment) { $1 }, version: "1", logSink: .discard)
    }

    private func complaints(_ environment: [String: String]) -> [String] {
        do {
            try self.make(environment).platform.loops.stop()
            return []
        } catch let error as ConfigurationError {
            return error.messages
        } catch {
            return ["\(error)"]
        }
    }

    @Test("The data folder is made, for the owner only, and a second start finds it")
    func folders() throws {
        for _ in 0..<2 { try self.make([:]).platform.loops.stop() }
        var facts = stat()
        #expect(stat(self.folder.path + "/a/b", &facts) == 0)
        #expect(facts.st_mode & 0o777 == 0o700)
    }

    @Test("A folder that cannot be made is one line that names the variable and the reason")
    func unusableFolder() throws {
        let error = #expect(throws: StartError.self) { try self.make(["VITRINE_DATA": "/proc/nothing/here"]) }
        #expect(error?.description.hasPrefix("VITRINE_DATA: cannot make the folder /proc/nothing: ") == true)
    }

    @Test("Wrong settings of process, telemetry and addresses are told together")
    func collects() {
        let complaints = self.complaints([
            "VITRINE_PORT": "x", "VITRINE_LOOPS": "0", "OTEL_TRACES_SAMPLER": "sometimes",
            "VITRINE_CART_URL": "cart:80",
        ])
        #expect(
            complaints.map { $0.prefix { $0 != ":" } } == [
                "VITRINE_PORT", "VITRINE_LOOPS", "VITRINE_CART_URL", "OTEL_TRACES_SAMPLER",
            ])
    }

    @Test(
        "An address is http://host:port, or several of them",
        arguments: ["ftp://a:1", "http://", "a:80", "http://a:0", "http://a:99999", "http://a:1,b:2", ","])
    func addresses(url: String) {
        let complaints = self.complaints(["VITRINE_PRODUCT_URL": url])
        #expect(complaints.count == 1)
        #expect(complaints.first?.hasPrefix("VITRINE_PRODUCT_URL: ") == true)
        #expect(self.complaints(["VITRINE_PRODUCT_URL": "http://127.0.0.1:1, http://[::1]:2"]).isEmpty)
    }

    @Test("A collector over https is fine, with files or without")
    func httpsCollector() {
        let endpoint = ["OTEL_EXPORTER_OTLP_ENDPOINT": "https://collector:4318"]
        #expect(self.complaints(endpoint) == [])
        let files = TestPEMFiles()
        let authority = TestAuthority()
        let identity = authority.issue("sender")
        let named = [
            "OTEL_EXPORTER_OTLP_CERTIFICATE": files.write(authority.certificatePEM, as: "ca.pem"),
            "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE": files.write(identity.certificatePEM, as: "a.pem"),
            "OTEL_EXPORTER_OTLP_CLIENT_KEY": files.write(identity.keyPEM, as: "a.key"),
        ]
        #expect(self.complaints(endpoint.merging(named) { $1 }) == [])
    }

    private func expiry(_ certificate: String, _ environment: [String: String]) throws -> Double? {
        let assembly = try self.make(environment)
        defer { assembly.platform.loops.stop() }
        let text = try PrometheusText(
            parsing: String(decoding: assembly.platform.telemetry.metrics.exposition(), as: UTF8.self))
        #expect(text.families["shop_tls_certificate_not_after_seconds"] != nil)
        return text.value("shop_tls_certificate_not_after_seconds", ["certificate": certificate])
    }

    @Test(
        "The certificates for sending telemetry tell when the first of them expires; without files there is no series")
    func certificates() throws {
        let files = TestPEMFiles()
        let authority = TestAuthority()
        let (sender, other) = (authority.issue("sender", days: -1...20), authority.issue("other", days: -1...10))
        var environment = [
            "OTEL_EXPORTER_OTLP_ENDPOINT": "https://collector:4318",
            "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE": files.write(sender.certificatePEM, as: "a.pem"),
            "OTEL_EXPORTER_OTLP_CLIENT_KEY": files.write(sender.keyPEM, as: "a.key"),
        ]
        func days(_ certificate: String) throws -> Double? {
            try self.expiry(certificate, environment).map { (($0 - Double(time(nil))) / 86_400).rounded() }
        }
        #expect(try days("client") == 20)
        #expect(try days("trust") == nil)
        // The earliest of all signals' counts.
        environment["OTEL_EXPORTER_OTLP_LOGS_CLIENT_CERTIFICATE"] = files.write(other.certificatePEM, as: "b.pem")
        environment["OTEL_EXPORTER_OTLP_LOGS_CLIENT_KEY"] = files.write(other.keyPEM, as: "b.key")
        environment["OTEL_EXPORTER_OTLP_CERTIFICATE"] = files.write(authority.certificatePEM, as: "ca.pem")
        #expect(try days("client") == 10)
        #expect(try days("trust") == 3_650)
        // Over http nobody looks at them.
        environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://collector:4318"
        #expect(try days("client") == nil)
        #expect(try days("trust") == nil)
    }

    @Test(
        "A file that does not hold what it should stops the start with one line that names its variable",
        arguments: [
            "OTEL_EXPORTER_OTLP_CERTIFICATE", "OTEL_EXPORTER_OTLP_CLIENT_KEY", "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE",
            "OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE", "OTEL_EXPORTER_OTLP_LOGS_CLIENT_KEY",
        ])
    func invalidFiles(variable: String) {
        let files = TestPEMFiles()
        let identity = TestAuthority().issue("sender")
        var environment = [
            "OTEL_EXPORTER_OTLP_ENDPOINT": "https://collector:4318",
            "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE": files.write(identity.certificatePEM, as: "a.pem"),
            "OTEL_EXPORTER_OTLP_CLIENT_KEY": files.write(identity.keyPEM, as: "a.key"),
        ]
        let path = files.write("nothing", as: "wrong.pem")
        environment[variable] = path
        let complaints = self.complaints(environment)
        #expect(complaints.count == 1)
        #expect(complaints.first?.hasPrefix("\(variable): the file \(path) ") == true, "\(complaints)")
        // Over http nobody opens it.
        environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://collector:4318"
        #expect(self.complaints(environment) == [])
    }

    @Test("A file that cannot be read stops the start, and so does half an identity")
    func unreadableFiles() {
        let variable = "OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE"
        #expect(
            self.complaints([variable: "/nowhere"])
                == ["\(variable): '/nowhere' is not the path of a readable file"])
        let files = TestPEMFiles()
        let path = files.write("x", as: "a")
        let half = self.complaints(["OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE": path])
        #expect(half.count == 1)
        #expect(half.first?.hasPrefix("OTEL_EXPORTER_OTLP_CLIENT_KEY: ") == true, "\(half)")
    }

    @Test("Every other service has a client; loops, executors and pools have their metrics")
    func metrics() throws {
        let assembly = try self.make([:])
        defer { assembly.platform.loops.stop() }
        for name in ServiceName.allCases where name != .gateway {
            #expect(assembly.platform.upstream(name).name == name)
        }
        let text = try PrometheusText(
            parsing: String(decoding: assembly.platform.telemetry.metrics.exposition(), as: UTF8.self))
        for loop in ["0", "admin"] {
            for name in ["ticks_total", "jobs_total", "busy_seconds_total", "connections"] {
                #expect((text.value("shop_event_loop_" + name, ["loop": loop]) ?? -1) >= 0)
            }
        }
        #expect(text.value("shop_executor_queue", ["executor": "blocking"]) == 0)
        #expect(text.value("shop_executor_rejected_total", ["executor": "names"]) == 0)
        #expect(text.value("shop_http_client_pending_requests", ["server_name": "cart"]) == 0)
        #expect(
            text.value(
                "http_client_open_connections", ["server_name": "cart", "http_connection_state": "idle"]) == 0)
    }
}
