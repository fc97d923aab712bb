import Console
import NetworkIO
import ServiceTesting
import TelemetryTesting
import Telemetry
import ShellTesting
import Testing

@testable import CartService
@testable import Gateway
@testable import OrderService
@testable import ProductService
@testable import ServiceKit
@testable import UserService

/// `.env.example` must list what is read, and nothing else, with the defaults that hold.
@Suite("The settings in .env.example")
struct DriftSettingsTests {
    /// A line of the file: the name, and the default behind it.
    private struct Entry {
        let name: String
        let value: String
        /// Whether words that explain it stand above it, or above the block it belongs to.
        let isExplained: Bool
    }

    private func entries() throws -> [Entry] {
        var entries: [Entry] = []
        var isExplained = false
        let file = try Repository.text(".env.example")
        for line in file.split(separator: "\n", omittingEmptySubsequences: false) {
            // The rest is compose's, not the program's.
            if line.hasPrefix("# --- docker compose") { break }
            let text = line.hasPrefix("#") ? line.dropFirst() : line
            let name = text.prefix { $0 == "_" || ($0 >= "A" && $0 <= "Z") }
            if !name.isEmpty, text.dropFirst(name.count).first == "=" {
                entries.append(
                    Entry(
                        name: String(name), value: String(text.dropFirst(name.count + 1)), isExplained: isExplained))
            } else {
                isExplained = line.hasPrefix("# ") && !line.hasPrefix("# ---")
            }
        }
        return entries
    }

    // MARK: Names

    /// Every name the services ask for while they are built.
    private func namesRead() async throws -> Set<String> {
        let folder = TemporaryFolder()
        let environment = [
            "INTERNAL_AUTH_TOKEN": RunningPlatform.internalToken, "VITRINE_DATA": folder.path, "VITRINE_LOOPS": "1",
            "OTEL_TRACES_EXPORTER": "none",
            // Cheap hashes are what makes the user service ask whether this is the lab.
            "VITRINE_BCRYPT_COST": "4", "VITRINE_LAB": "true",
        ]
        func build<S: ShopService>(_ service: S.Type) async throws -> Set<String> {
            let assembly = try PlatformAssembly.make(
                S.name, environment: environment, version: "test", logSink: .discard)
            defer { assembly.platform.loops.stop() }
            let made = try await S(platform: assembly.platform)
            try assembly.platform.config.validate()
            await made.close()
            return assembly.platform.config.knownNames
        }
        let console = ConfigReader([:])
        _ = ConsoleSettings(console)
        return try await build(GatewayService.self).union(build(UserService.self)).union(build(ProductService.self))
            .union(build(CartService.self)).union(build(OrderService.self)).union(console.knownNames)
    }

    /// Every name that stands in the sources as a literal of its own; prefixes of several are spelled out.
    private func namesWritten() throws -> Set<String> {
        let batch = ["_SCHEDULE_DELAY", "_EXPORT_TIMEOUT", "_MAX_QUEUE_SIZE", "_MAX_EXPORT_BATCH_SIZE"]
        let export =
            ["ENDPOINT", "PROTOCOL", "COMPRESSION", "HEADERS", "TIMEOUT"] + OTLPFileSetting.allCases.map(\.rawValue)
        let prefixes: [String: [String]] = [
            "OTEL_BSP": batch, "OTEL_BLRP": batch,
            "OTEL_EXPORTER_OTLP_": ["", "TRACES_", "LOGS_", "METRICS_"].flatMap { signal in export.map { signal + $0 }
            },
        ]
        var names: Set<String> = []
        for file in try Repository.files(below: "Sources", suffix: ".swift")
        where !file.contains("OpenAPIDocument") {
            for literal in try Repository.text(file).split(separator: "\"") {
                guard ["VITRINE_", "OTEL_", "INTERNAL_AUTH_TOKEN"].contains(where: { literal.hasPrefix($0) }),
                    literal.utf8.allSatisfy({ $0 == 0x5F || (0x41...0x5A).contains($0) })
                else { continue }
                let name = String(literal)
                names.formUnion(prefixes[name]?.map { name + $0 } ?? [name])
            }
        }
        return names
    }

    @Test("What the services and the console read while they are built is listed")
    func readIsListed() async throws {
        let listed = Set(try self.entries().map(\.name))
        let read = try await self.namesRead()
        #expect(read.count > 40)
        #expect(read.subtracting(listed).sorted() == [])
    }

    @Test("What the sources name is listed, and what is listed is named in the sources")
    func namedIsListed() throws {
        let listed = Set(try self.entries().map(\.name))
        // Made from the services' names.
        let addresses = ServiceName.allCases.filter { $0 != .gateway }.map(\.addressVariable)
        let written = try self.namesWritten().union(addresses)
        #expect(written.subtracting(listed).sorted() == [], "in the sources, and not in .env.example")
        #expect(listed.subtracting(written).sorted() == [], "in .env.example, and not in the sources")
    }

    @Test("What is listed for the platform is read by some service")
    func listedIsRead() async throws {
        let listed = Set(try self.entries().map(\.name).filter { !$0.hasPrefix("OTEL_") })
        // Read by the command line tool, before there is a service.
        #expect(listed.subtracting(try await self.namesRead()).sorted() == ["VITRINE_SUPERVISOR"])
    }

    @Test("What is listed for telemetry is read: nonsense in it stops the start")
    func telemetryIsRead() throws {
        // Any text is a good name, and the address is known by its beginning.
        for entry in try self.entries() where entry.name.hasPrefix("OTEL_") && entry.name != "OTEL_SERVICE_NAME" {
            let error = #expect(throws: TelemetryConfigurationError.self, "\(entry.name)") {
                try TelemetryConfiguration(
                    environment: [entry.name: "!"], serviceName: "test", serviceVersion: "1")
            }
            #expect(error?.variable == entry.name)
        }
        let named = try TelemetryConfiguration(
            environment: ["OTEL_SERVICE_NAME": "!"], serviceName: "test", serviceVersion: "1")
        #expect("\(named.resource["service.name"] as Any)".contains("\"!\""))
    }

    @Test("No name is listed twice, each is explained, and all are commented out")
    func form() throws {
        let entries = try self.entries()
        #expect(Set(entries.map(\.name)).count == entries.count)
        for entry in entries { #expect(entry.isExplained, "\(entry.name)") }
        for line in try Repository.text(".env.example").split(separator: "\n") {
            #expect(line.hasPrefix("#"), "\(line)")
            #expect(line.utf8.count <= 120, "\(line)")
        }
    }

    // MARK: Defaults

    /// The values behind the names, as they would be set if everything were uncommented.
    private func defaults() throws -> [String: String] {
        Dictionary(
            uniqueKeysWithValues: try self.entries().filter { !$0.value.isEmpty }.map { ($0.name, $0.value) })
    }

    /// What `read` makes of the file, which must be what it makes of nothing.
    private func compare(_ read: (ConfigReader) -> Any) throws {
        let token = ["INTERNAL_AUTH_TOKEN": RunningPlatform.internalToken]
        let listed = ConfigReader(try self.defaults().merging(token) { $1 })
        let unset = ConfigReader(token)
        #expect("\(read(listed))" == "\(read(unset))")
        try listed.validate()
    }

    @Test("The defaults listed are those that hold")
    func defaultsHold() throws {
        try self.compare { ProcessSettings(config: $0, name: .gateway, processors: 4) }
        try self.compare { GatewaySettings(config: $0) }
        try self.compare { TelemetrySettings(config: $0) }
        try self.compare { UserConfig($0) }
        try self.compare { ProductConfig($0) }
        try self.compare { CartConfig($0) }
        try self.compare { OrderConfig($0) }
    }

    @Test("The addresses listed are the services' own ports")
    func addressesHold() throws {
        let defaults = try self.defaults()
        for name in ServiceName.allCases where name != .gateway {
            #expect(defaults[name.addressVariable] == "http://127.0.0.1:\(name.defaultPort)")
        }
    }

    @Test("The defaults listed for telemetry are those that hold")
    func telemetryDefaultsHold() throws {
        let listed = try TelemetryConfiguration(
            environment: try self.defaults(), serviceName: "test", serviceVersion: "1")
        let unset = try TelemetryConfiguration(environment: [:], serviceName: "test", serviceVersion: "1")
        #expect(listed.isDisabled == unset.isDisabled)
        #expect("\(listed.sampler)" == "\(unset.sampler)")
        #expect("\(listed.spanLimits)" == "\(unset.spanLimits)")
        #expect(listed.tracesExporter == unset.tracesExporter)
        #expect(listed.logsExporter == unset.logsExporter)
        #expect(listed.spanBatches == unset.spanBatches)
        #expect(listed.logBatches == unset.logBatches)
        #expect(listed.tracesEndpoint == unset.tracesEndpoint)
        #expect(listed.logsEndpoint == unset.logsEndpoint)
        #expect(listed.logLevel == unset.logLevel)
        #expect(listed.logLimits == unset.logLimits && listed.exceptionSignal == unset.exceptionSignal)
        #expect(listed.metricsExporter == unset.metricsExporter && listed.metricPush == unset.metricPush)
        #expect(listed.metricsEndpoint == unset.metricsEndpoint)
        #expect("\(listed.exemplarFilter)" == "\(unset.exemplarFilter)")
        #expect(listed.propagators == unset.propagators)
    }
}
