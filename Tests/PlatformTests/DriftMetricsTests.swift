import Glibc
import HTTPCore
import NetworkIO
import ServiceKit
import Telemetry
import TelemetryTesting
import Testing

@testable import vitrine

/// What Prometheus's own linter says of what is really served.
@Suite("The exposition of every service", .timeLimit(.minutes(3)))
struct DriftMetricsTests {
    /// The exit status of `promtool check metrics`, and what it printed.
    ///
    /// - Throws: when it is not installed: `make install-tools` does that.
    private static func promtool(_ exposition: String) throws -> (status: Int32, output: String) {
        let (input, output) = (try TemporaryFile(), try TemporaryFile())
        input.write(exposition)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input.descriptor, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output.descriptor, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output.descriptor, STDERR_FILENO)
        var argv: [UnsafeMutablePointer<CChar>?] =
            ["promtool", "check", "metrics"].map { (word: String) in strdup(word) } + [nil]
        defer { for pointer in argv { free(pointer) } }
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, "promtool", &actions, nil, &argv, environ)
        guard code == 0 else { throw IOError(.system(code), in: "promtool (make install-tools)") }
        var raw: Int32 = 0
        while waitpid(pid, &raw, 0) < 0 && errno == EINTR {}
        return (raw & 0x7F == 0 ? (raw >> 8) & 0xFF : -(raw & 0x7F), output.read())
    }

    /// A file without a name, so that neither side of a pipe can wait for the other.
    private final class TemporaryFile {
        private let file: UnsafeMutablePointer<FILE>
        let descriptor: Int32

        init() throws {
            guard let file = tmpfile() else { throw IOError(.system(errno), in: "tmpfile") }
            self.file = file
            self.descriptor = fileno(file)
        }

        deinit { fclose(self.file) }

        func write(_ text: String) {
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { Glibc.write(self.descriptor, $0.baseAddress, $0.count) }
                if count <= 0 { return }
                rest = rest.dropFirst(count)
            }
            lseek(self.descriptor, 0, SEEK_SET)
        }

        func read() -> String {
            lseek(self.descriptor, 0, SEEK_SET)
            var bytes = [UInt8](repeating: 0, count: 1 << 16)
            let count = Glibc.read(self.descriptor, &bytes, bytes.count)
            return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
        }
    }

    /// Named so by the semantic conventions, whatever the linter thinks of the ending.
    private static let conventional = ["db_client_connection_count"]

    @Test(
        "promtool finds nothing to say about the metrics of any service, its customers or its supervisor, with traffic behind them"
    )
    func lints() async throws {
        let platform = try await RunningPlatform()
        let token = try await platform.register("metrics@example.com")
        for path in ["/api/v1/products", "/api/v1/cart", "/api/v1/orders", "/api/v1/nowhere"] {
            _ = try await platform.call(.get, path, token: token)
        }
        var scrapes: [(name: String, text: String)] = []
        for name in ServiceName.allCases { scrapes.append((name.rawValue, try await platform.scrape(name))) }
        scrapes.append(("load", try await platform.scrapeCustomers()))
        scrapes.append(("lab", try await platform.scrapeSupervisor()))
        scrapes.append(("console", try await platform.lookAtConsole().metrics))
        for (name, text) in scrapes {
            let parsed = try PrometheusText(parsing: text)
            #expect(parsed.samples.count > 50, "\(name)")
            let (status, output) = try Self.promtool(text)
            // 3: only matters of style. 1 would be an exposition that cannot be read.
            #expect(status == 0 || status == 3, "\(name):\n\(output)")
            let remarks = output.split(separator: "\n").filter { line in
                !Self.conventional.contains { line.hasPrefix($0 + " ") }
            }
            #expect(remarks == [], "\(name)")
        }
        await platform.stop()
    }

    /// Counters whose label has so many values that a series for each, at zero, would be the bulk of a scrape.
    private static let countedOnFirstUse: Set<String> = ["shop_http_server_refused_messages_total"]

    @Test("Before any traffic every counter has its series, with every value of the labels whose values are known")
    func beginsAtZero() async throws {
        let inventories = try await TelemetryCommand.inventories()
        let platform = try await RunningPlatform(extra: TelemetryJourney.settings)
        for name in ServiceName.allCases {
            let inventory = try #require(inventories.first { $0.name == name.rawValue })
            let scrape = try PrometheusText(parsing: try await platform.scrape(name))
            #expect(scrape.series("target_info").map { $0.labels["service_version"] } == ["test"])
            for metric in inventory.metrics where metric.kind == .counter {
                if !Self.countedOnFirstUse.contains(metric.prometheusName) {
                    self.checkSeries(scrape.series(metric.prometheusName), of: metric, name)
                }
            }
        }
        await platform.stop()
    }

    private func checkSeries(_ series: [PrometheusText.Sample], of metric: MetricDescription, _ service: ServiceName) {
        #expect(!series.isEmpty, "\(service): \(metric.prometheusName): a rate would miss its first increment")
        for (label, values) in zip(metric.labelNames, metric.labelValues) where !values.isEmpty {
            let name = String(label.map { $0 == "." ? "_" : $0 })
            let found = Set(series.map { $0.labels[name] ?? "" })
            let missing = Set(values).subtracting(found).sorted()
            #expect(missing == [], "\(service): \(metric.prometheusName), \(label)")
        }
    }
}
