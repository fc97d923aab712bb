import JSON
import Monitoring
import ShellTesting
import Testing

@Suite("Configurations are files that others can read")
struct ConfigurationFilesTests {
    private static let root = "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")

    @Test("Each is YAML to another reader, and says what it is", arguments: ConfigurationFiles.files)
    func yaml(_ file: GeneratedFile) throws {
        #expect(try ParsedYAML.read(file.text).object != nil)
        #expect(file.text.hasPrefix("# "))
    }

    @Test("Each has a path of its own below otel/")
    func paths() {
        let paths = ConfigurationFiles.files.map(\.path)
        #expect(CollectorChecks.repeated(paths) == [])
        #expect(Set(paths).isSubset(of: MonitoringFiles.committed.map(\.path)))
        #expect(paths.allSatisfy { $0.hasPrefix("otel/") && $0.hasSuffix(".yml") })
    }

    @Test("The read-me names each")
    func described() {
        let text = String(decoding: Shell.read("\(Self.root)/otel/README.md"), as: UTF8.self)
        for file in ConfigurationFiles.files {
            #expect(text.contains("`\(file.path.dropFirst("otel/".count))`"), "\(file.path)")
        }
    }

    @Test("Loki keeps lines for a bounded time, and indexes few labels")
    func loki() throws {
        let parsed = try ParsedYAML.read(LokiConfiguration.document.document(comment: ""))
        #expect(parsed["limits_config"]?["retention_period"]?.string == "168h")
        #expect(parsed["compactor"]?["retention_enabled"]?.bool == true)
        #expect(parsed["compactor"]?["delete_request_store"]?.string == "filesystem")
        let resource = parsed["limits_config"]?["otlp_config"]?["resource_attributes"]
        #expect(resource?["attributes_config"]?.array?.first?["attributes"]?.strings.contains("service.name") == true)
    }

    @Test("Jaeger keeps a bounded number of traces, and listens where the collector sends")
    func jaeger() throws {
        let parsed = try ParsedYAML.read(JaegerConfiguration.document.document(comment: ""))
        let backends = parsed["extensions"]?["jaeger_storage"]?["backends"]
        #expect(backends?["traces"]?["memory"]?["max_traces"]?.int == JaegerConfiguration.tracesMax)
        #expect(parsed["receivers"]?["otlp"]?["protocols"]?["grpc"]?["endpoint"]?.string == "0.0.0.0:4317")
        #expect(parsed["extensions"]?["jaeger_query"]?["storage"]?["traces"]?.string == "traces")
    }
}
