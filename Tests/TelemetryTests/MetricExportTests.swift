import JSON
import TelemetryTesting
import Testing

@testable import Telemetry

@Suite("Pushing metrics over OTLP")
struct MetricExportTests {
    private enum Outcome: String, MetricLabel {
        case good, bad
        static var labelName: String { "shop.outcome" }
    }

    private static let start = TestTelemetry.startUnixNanoseconds
    private static let context = SpanContext(
        traceID: TraceID(high: 1, low: 2), spanID: SpanID(rawValue: 3), flags: .sampled)

    private func registry() -> MetricRegistry { MetricRegistry { Self.start } }

    private func encode(_ snapshot: MetricSnapshot, _ temporality: MetricTemporality = .cumulative) -> String {
        let encoder = OTLPMetricEncoder(
            resource: .empty, scopeName: "s", scopeVersion: "1", temporality: temporality)
        return String(decoding: encoder.encode(snapshot), as: UTF8.self)
    }

    @Test("Golden: sums, gauges and histograms, with 64-bit numbers as text and enums as numbers")
    func golden() throws {
        let metrics = self.registry()
        metrics.counter(CounterDescriptor<Outcome>("a.count", unit: .count("event"), help: "A \"quoted\" help."))
            .add(3, .bad)
        metrics.gauge(GaugeDescriptor<NoLabels>("b.level", unit: .ratio, help: "B.")).set(0.5)
        metrics.histogram(HistogramDescriptor<NoLabels>("c.time", unit: .seconds, help: "C.", buckets: [1, 2.5]))
            .record(2)
        metrics.upDownCounter(UpDownCounterDescriptor<NoLabels>("d.now", unit: .none, help: "D.")).add(-4)
        let times = #"{"startTimeUnixNano":"\#(Self.start)","timeUnixNano":"\#(Self.start)""#
        let expected =
            #"{"resourceMetrics":[{"resource":{"attributes":[]},"scopeMetrics":[{"scope":{"name":"s","version":"1"},"#
            + #""metrics":[{"name":"a.count","description":"A \"quoted\" help.","unit":"{event}","sum":{"dataPoints":["#
            + times + #","attributes":[{"key":"shop.outcome","value":{"stringValue":"good"}}],"asInt":"0"},"#
            + times + #","attributes":[{"key":"shop.outcome","value":{"stringValue":"bad"}}],"asInt":"3"}"#
            + #"],"aggregationTemporality":2,"isMonotonic":true}},"#
            + #"{"name":"b.level","description":"B.","unit":"1","gauge":{"dataPoints":["# + times
            + #","asDouble":0.5}]}},"#
            + #"{"name":"c.time","description":"C.","unit":"s","histogram":{"dataPoints":["# + times
            + #","count":"1","sum":2,"bucketCounts":["0","1","0"],"explicitBounds":[1,2.5]}],"aggregationTemporality":2}},"#
            + #"{"name":"d.now","description":"D.","unit":"","sum":{"dataPoints":["# + times
            + #","asInt":"-4"}],"aggregationTemporality":2}}]}]}]}"#
        #expect(self.encode(metrics.snapshot(startUnixNanoseconds: Self.start)) == expected)
    }

    @Test("Hostile label values, infinities and exemplars make a document that reads back")
    func hostile() throws {
        let metrics = self.registry()
        let family = metrics.dynamicHistogram(
            DynamicDescriptor("h", kind: .histogram, unit: .none, help: "H.", labelNames: ["k", "empty"]), seriesMax: 1)
        let hostile = "\"\\\n\u{1}é🛒"
        family.series([hostile, ""]).record(.infinity, in: Self.context)
        family.series(["beyond", ""]).record(1)
        let text = self.encode(metrics.snapshot(startUnixNanoseconds: 1))
        let root = try JSONValue(parsing: Array(text.utf8))
        let metric = root["resourceMetrics"]?.array?.first?["scopeMetrics"]?.array?.first?["metrics"]?.array?.first
        let points = try #require(metric?["histogram"]?["dataPoints"]?.array)
        #expect(points.count == 2)
        let attributes = try #require(points[0]["attributes"]?.array)
        #expect(attributes.count == 1 && attributes[0]["value"]?["stringValue"]?.string == hostile)
        #expect(points[0]["sum"]?.string == "Infinity")
        #expect(points[0]["exemplars"]?.array?.first?["traceId"]?.string == "00000000000000010000000000000002")
        #expect(points[1]["attributes"]?.array?.first?["key"]?.string == "otel.metric.overflow")
        #expect(points[1]["attributes"]?.array?.first?["value"]?["boolValue"] == .bool(true))
    }

    @Test("Differences add up to the totals, begin where the last ended, and leave gauges alone")
    func delta() throws {
        let metrics = self.registry()
        let counter = metrics.counter(CounterDescriptor<NoLabels>("a", unit: .none, help: "A."))
        let gauge = metrics.gauge(GaugeDescriptor<NoLabels>("b", unit: .none, help: "B."))
        let histogram = metrics.histogram(HistogramDescriptor<NoLabels>("c", unit: .none, help: "C.", buckets: [1]))
        var state = DeltaState()
        counter.add(5)
        gauge.set(7)
        histogram.record(3)
        let first = state.difference(metrics.snapshot(startUnixNanoseconds: 1))
        #expect(first.families[0].points[0].value == .int(5))
        counter.add(2)
        let second = state.difference(metrics.snapshot(startUnixNanoseconds: 1))
        #expect(second.families[0].points[0].value == .int(2))
        #expect(second.families[0].points[0].startUnixNanoseconds == first.unixNanoseconds)
        #expect(second.families[1].points[0].value == .double(7))
        #expect(second.families[2].points[0].value == .buckets([0, 0], sum: 0))
        #expect(self.encode(second, .delta).contains(#""aggregationTemporality":1,"isMonotonic":true"#))
    }

    @Test("A push goes at each interval and once at the end, to the metrics path")
    func pushes() async throws {
        let clock = ManualClock()
        let transport = RecordingTransport()
        let exporting = try ExportingTelemetry(
            transport: transport, clock: clock,
            environment: [
                "OTEL_METRICS_EXPORTER": "otlp", "OTEL_METRIC_EXPORT_INTERVAL": "1000", "OTEL_TRACES_EXPORTER": "none",
            ])
        let run = Task { await exporting.telemetry.run() }
        for count in 1...2 {
            await clock.waitForSleepers()
            await clock.advance(by: .milliseconds(250)) { transport.requests.count == count }
        }
        run.cancel()
        await run.value
        #expect(transport.requests.count == 3)
        #expect(transport.requests.allSatisfy { $0.signal == .metrics && $0.endpoint.path == "/v1/metrics" })
        #expect(transport.bodies[0].contains("\"otel.sdk.span.started\""))
        #expect(try #require(try exporting.count("otel_sdk_exporter_metric_data_point_exported_total")) > 50)
    }
}

@Suite("Propagators and resource")
struct ContextCarrierTests {
    private static let context = SpanContext(
        traceID: TraceID(high: 1, low: 2), spanID: SpanID(rawValue: 3), flags: [.sampled, .random],
        traceState: TraceState.empty.setting("vitrine", "1"))

    private func inject(_ propagators: Propagators, _ baggage: Baggage = .empty.setting("k", "v")) -> [String: String] {
        var headers: [String: String] = [:]
        propagators.inject(Self.context, baggage) { headers[$0] = $1 }
        return headers
    }

    @Test("What is injected into any carrier is extracted from it")
    func roundTrip() throws {
        let headers = self.inject([.traceContext, .baggage])
        #expect(Set(headers.keys) == ["traceparent", "tracestate", "baggage"])
        let (span, baggage) = Propagators([.traceContext, .baggage]).extract { headers[$0].map { [$0] } ?? [] }
        let found = try #require(span)
        #expect(found.traceID == Self.context.traceID && found.spanID == Self.context.spanID && found.isRemote)
        #expect(found.flags == Self.context.flags && found.traceState == Self.context.traceState)
        #expect(baggage["k"] == "v")
    }

    @Test("Only what is chosen is carried, and an invalid context not at all")
    func chosen() {
        #expect(self.inject([.traceContext]).keys.sorted() == ["traceparent", "tracestate"])
        #expect(self.inject([.baggage]) == ["baggage": "k=v"])
        #expect(self.inject([]).isEmpty && self.inject([.baggage], .empty).isEmpty)
        Propagators.traceContext.inject(SpanContext(traceID: .invalid, spanID: .invalid)) { name, _ in
            Issue.record("\(name) was set")
        }
        #expect(Propagators.baggage.fields == ["baggage"])
    }

    @Test("Two parents are none; the values of a list are combined")
    func repeated() {
        let parent = W3CPropagator.traceparent(Self.context)
        let headers = ["traceparent": [parent, parent], "tracestate": ["a=1"], "baggage": ["a=1", "b=2"]]
        let (span, baggage) = Propagators([.traceContext, .baggage]).extract { headers[$0] ?? [] }
        #expect(span == nil && baggage.members.count == 2)
        let states = ["traceparent": [parent], "tracestate": ["a=1", "b=2"]]
        #expect(Propagators.traceContext.extract { states[$0] ?? [] }.0?.traceState.header == "a=1,b=2")
    }

    private static let id = String(repeating: "0123456789abcdef", count: 4)

    @Test(
        "The container's id is found in what the kernel writes",
        arguments: [
            "12:cpu:/docker/\(id)\n", "0::/system.slice/docker-\(id).scope\n",
            "1:name=systemd:/kubepods/burstable/pod1/\(id)",
            "0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-\(id).scope", "0::/x/crio-\(id)",
            "0::/kubepods/besteffort/pod1/cri-containerd:\(id)",
        ])
    func containerID(cgroup: String) { #expect(ContainerID.find(inCgroup: cgroup) == Self.id) }

    @Test("Without a container there is no id")
    func noContainer() {
        for text in ["", "0::/", "0::/user.slice/session-1.scope", "0::/docker/\(Self.id)0", "\u{0}\n/\n-"] {
            #expect(ContainerID.find(inCgroup: text) == nil && ContainerID.find(inMountInfo: text) == nil)
        }
        let mount = "1 2 8:1 /var/lib/docker/containers/\(Self.id)/hostname /etc/hostname rw - ext4 /dev/sda1 rw"
        #expect(ContainerID.find(inMountInfo: "1 2 0:1 / /proc rw\n" + mount) == Self.id)
    }

    @Test("Kubernetes' attributes come from the downward API, the usual names only in a cluster")
    func kubernetes() throws {
        let own = try TelemetryConfiguration(
            environment: ["K8S_POD_NAME": "order-1", "POD_NAMESPACE": "not ours", "K8S_POD_UID": ""],
            serviceName: "s", serviceVersion: "1"
        ).resource
        #expect(own["k8s.pod.name"] == .string("order-1"))
        #expect(own["k8s.namespace.name"] == nil && own["k8s.pod.uid"] == nil)
        let usual = KubernetesResource.attributes([
            "KUBERNETES_SERVICE_HOST": "10.0.0.1", "POD_NAMESPACE": "shop", "POD_NAME": "order-2", "NODE_NAME": "n1",
        ])
        #expect(usual.map(\.key) == ["k8s.namespace.name", "k8s.node.name", "k8s.pod.name"])
    }

    @Test("Host and process are told, and what is set from outside wins")
    func detected() throws {
        let resource = try TelemetryConfiguration(
            environment: ["OTEL_RESOURCE_ATTRIBUTES": "host.name=elsewhere"], serviceName: "s", serviceVersion: "1"
        ).resource
        #expect(resource["host.name"] == .string("elsewhere"))
        for key in ["host.arch", "os.type", "process.pid", "process.executable.path", "service.instance.id"] {
            #expect(resource[key] != nil, "\(key)")
        }
        #expect(Resource.architecture("x86_64") == "amd64" && Resource.architecture("aarch64") == "arm64")
    }
}
