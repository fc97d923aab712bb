import Telemetry
import Testing

@Suite("Configuration from the environment")
struct ConfigurationTests {
    private func read(_ environment: [String: String]) throws(TelemetryConfigurationError) -> TelemetryConfiguration {
        try TelemetryConfiguration(environment: environment, serviceName: "order", serviceVersion: "1")
    }

    @Test("The defaults are the specification's, unless the design says otherwise")
    func defaults() throws {
        let configuration = try self.read([:])
        #expect(configuration.resource["service.name"] == .string("order"))
        #expect(configuration.sampler == .parentBased(root: .alwaysOn))
        #expect(configuration.tracesExporter == .otlp && configuration.logsExporter == .otlp)
        #expect(configuration.spanBatches == BatchSettings())
        #expect(configuration.spanBatches.scheduleDelay == .seconds(5) && configuration.spanBatches.queueMax == 2_048)
        #expect(configuration.logBatches.scheduleDelay == .seconds(1))
        #expect(configuration.spanLimits == SpanLimits())
        #expect(configuration.logLevel == .info && !configuration.isDisabled)
        #expect(configuration.propagators == [.traceContext, .baggage])
        #expect(configuration.tracesEndpoint.host == "localhost" && configuration.tracesEndpoint.port == 4_318)
        #expect(
            configuration.tracesEndpoint.path == "/v1/traces" && configuration.tracesEndpoint.timeout == .seconds(10))
    }

    @Test("Empty values count as not set")
    func empty() throws {
        let names = [
            "OTEL_SDK_DISABLED", "OTEL_BSP_SCHEDULE_DELAY", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_TRACES_SAMPLER",
        ]
        let configuration = try self.read(Dictionary(uniqueKeysWithValues: names.map { ($0, " ") }))
        #expect(configuration.tracesEndpoint.host == "localhost")
    }

    @Test("The service name: its own variable, then the resource, then the program")
    func serviceName() throws {
        let attributes = "service.name=a%20b, team=shop ,, empty="
        #expect(try self.read(["OTEL_RESOURCE_ATTRIBUTES": attributes]).resource["service.name"] == .string("a b"))
        let both = try self.read(["OTEL_RESOURCE_ATTRIBUTES": attributes, "OTEL_SERVICE_NAME": "c"]).resource
        #expect(both["service.name"] == .string("c") && both["team"] == .string("shop"))
        #expect(both["empty"] == .string(""))
        #expect(both.attributes.count { $0.key == "service.name" } == 1)
    }

    @Test("A signal's endpoint is taken as it is, the common one gets the path")
    func endpoints() throws {
        let common = try self.read(["OTEL_EXPORTER_OTLP_ENDPOINT": "https://collector:443/base/"])
        #expect(common.tracesEndpoint.scheme == "https" && common.tracesEndpoint.path == "/base/v1/traces")
        #expect(common.logsEndpoint.path == "/base/v1/logs")
        let own = try self.read([
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://[::1]:9/t",
            "OTEL_EXPORTER_OTLP_HEADERS": "Api-Key=s%3Dcret, b=c",
            "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT": "250", "OTEL_EXPORTER_OTLP_COMPRESSION": "gzip",
        ])
        #expect(own.tracesEndpoint.host == "::1" && own.tracesEndpoint.port == 9 && own.tracesEndpoint.path == "/t")
        #expect(own.tracesEndpoint.headers.map { "\($0.name): \($0.value)" } == ["api-key: s=cret", "b: c"])
        #expect(own.tracesEndpoint.timeout == .milliseconds(250) && own.logsEndpoint.timeout == .seconds(10))
        #expect(own.logsEndpoint.compression == .gzip)
        let bare = try self.read(["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://host"])
        #expect(bare.tracesEndpoint.port == 80 && bare.tracesEndpoint.path == "/")
    }

    @Test("A signal's own certificates win over the common ones, each for itself")
    func certificates() throws {
        // Any readable file will do: what is in it is not looked at here.
        let one = "/proc/self/status"
        let other = "/proc/self/stat"
        let read = try self.read([
            "OTEL_EXPORTER_OTLP_CERTIFICATE": one, "OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE": other,
            "OTEL_EXPORTER_OTLP_CLIENT_KEY": one, "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE": one,
            "OTEL_EXPORTER_OTLP_LOGS_CLIENT_KEY": other,
        ])
        #expect(read.tracesEndpoint.certificate == other && read.logsEndpoint.certificate == one)
        #expect(read.tracesEndpoint.clientKey == one && read.logsEndpoint.clientKey == other)
        #expect(read.tracesEndpoint.clientCertificate == one && read.logsEndpoint.clientCertificate == one)
        let unset = try self.read([:]).tracesEndpoint
        #expect(unset.certificate == nil && unset.clientKey == nil && unset.clientCertificate == nil)
    }

    @Test("The batch never exceeds the queue")
    func batches() throws {
        let configuration = try self.read(["OTEL_BSP_MAX_QUEUE_SIZE": "10", "OTEL_BSP_SCHEDULE_DELAY": "1000"])
        #expect(configuration.spanBatches.batchMax == 10 && configuration.spanBatches.scheduleDelay == .seconds(1))
    }

    @Test("A timeout of 0 has no end")
    func timeouts() throws {
        let configuration = try self.read(["OTEL_EXPORTER_OTLP_TIMEOUT": "0", "OTEL_BSP_EXPORT_TIMEOUT": "0"])
        #expect(configuration.logsEndpoint.timeout == .seconds(86_400))
        #expect(configuration.spanBatches.exportTimeout == .seconds(86_400))
    }

    @Test("Metrics are pushed where a list of exporters names one that pushes")
    func metricExporters() throws {
        #expect(try self.read([:]).metricsExporter == .none)
        #expect(try self.read(["OTEL_METRICS_EXPORTER": "prometheus, OTLP"]).metricsExporter == .otlp)
        let push = try self.read([
            "OTEL_METRIC_EXPORT_INTERVAL": "250", "OTEL_METRIC_EXPORT_TIMEOUT": "100",
            "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE": "delta",
        ]).metricPush
        #expect(push.interval == .milliseconds(250) && push.timeout == .milliseconds(100))
        #expect(push.temporality == .delta)
    }

    @Test("The specific limit wins over the general one")
    func limits() throws {
        let limits = try self.read([
            "OTEL_ATTRIBUTE_COUNT_LIMIT": "5", "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT": "9",
            "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT": "7",
        ]).spanLimits
        #expect(limits.attributesMax == 5 && limits.attributeValueLengthMax == 7)
        let lines = try self.read([
            "OTEL_ATTRIBUTE_COUNT_LIMIT": "5", "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT": "9",
            "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT": "3",
        ]).logLimits
        #expect(lines.attributesMax == 3 && lines.attributeValueLengthMax == 9)
    }

    @Test(
        "A value that is not understood stops the start with one line",
        arguments: [
            ("OTEL_SDK_DISABLED", "yes"), ("OTEL_TRACES_SAMPLER", "sometimes"), ("OTEL_TRACES_SAMPLER_ARG", "1.5"),
            ("OTEL_TRACES_SAMPLER_ARG", "nan"), ("OTEL_BSP_SCHEDULE_DELAY", "-1"), ("OTEL_BSP_MAX_QUEUE_SIZE", "0"),
            ("OTEL_BLRP_EXPORT_TIMEOUT", "1s"), ("OTEL_SPAN_LINK_COUNT_LIMIT", "many"), ("OTEL_LOG_LEVEL", "loud"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"), ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://h:0"), ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://u:p@h"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"), ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/protobuf"),
            ("OTEL_EXPORTER_OTLP_COMPRESSION", "zip"), ("OTEL_EXPORTER_OTLP_HEADERS", "no-equals"),
            ("OTEL_RESOURCE_ATTRIBUTES", "=v"), ("OTEL_TRACES_EXPORTER", "zipkin"), ("OTEL_PROPAGATORS", "b3"),
            ("OTEL_METRICS_EXEMPLAR_FILTER", "all"), ("OTEL_METRICS_EXPORTER", "statsd"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "0"), ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "both"),
            (
                "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
                "base2_exponential_bucket_histogram"
            ), ("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", "-1"), ("OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN", "spans"),
        ])
    func refused(variable: String, value: String) throws {
        let error = try #require(throws: TelemetryConfigurationError.self) { try self.read([variable: value]) }
        #expect(error.variable == variable)
        #expect(error.description.hasPrefix("\(variable)=\(value): expected ") && !error.description.contains("\n"))
    }
}
