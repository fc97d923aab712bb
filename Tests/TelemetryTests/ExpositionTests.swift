import Telemetry
import TelemetryTesting
import Testing

@Suite("Exposition")
struct ExpositionTests {
    /// A registry that holds nothing but what a test registers, beside the families every process has.
    private func own(_ text: String, _ prefix: String) -> String {
        text.split(separator: "\n").filter { $0.contains(prefix) }.joined(separator: "\n")
    }

    private func sample() -> TestTelemetry {
        let test = TestTelemetry()
        let logins = test.metrics.counter(
            CounterDescriptor<Outcome>("golden.logins", unit: .count("login"), help: "Logins \\ by \"outcome\".\nAll."))
        logins.add(3, .failure)
        test.metrics.gauge(GaugeDescriptor<NoLabels>("golden.load", unit: .ratio, help: "Load.")).set(0.5)
        let histogram = test.metrics.histogram(
            HistogramDescriptor<Method>("golden.duration", unit: .seconds, help: "Duration.", buckets: [0.25, 1]))
        histogram.record(seconds: 0.125, .card)
        histogram.record(seconds: 2, .card)
        return test
    }

    @Test("Prometheus text 0.0.4, byte for byte")
    func prometheus() {
        #expect(
            self.own(self.sample().exposition(), "golden") == #"""
                # HELP golden_duration_seconds Duration.
                # TYPE golden_duration_seconds histogram
                golden_duration_seconds_bucket{method="card",le="0.25"} 1
                golden_duration_seconds_bucket{method="card",le="1"} 1
                golden_duration_seconds_bucket{method="card",le="+Inf"} 2
                golden_duration_seconds_sum{method="card"} 2.125
                golden_duration_seconds_count{method="card"} 2
                golden_duration_seconds_bucket{method="paypal",le="0.25"} 0
                golden_duration_seconds_bucket{method="paypal",le="1"} 0
                golden_duration_seconds_bucket{method="paypal",le="+Inf"} 0
                golden_duration_seconds_sum{method="paypal"} 0
                golden_duration_seconds_count{method="paypal"} 0
                # HELP golden_load_ratio Load.
                # TYPE golden_load_ratio gauge
                golden_load_ratio 0.5
                # HELP golden_logins_total Logins \\ by "outcome".\nAll.
                # TYPE golden_logins_total counter
                golden_logins_total{shop_outcome="success"} 0
                golden_logins_total{shop_outcome="failure"} 3
                golden_logins_total{shop_outcome="out_of_stock"} 0
                """#)
    }

    @Test("OpenMetrics 1.0: family names, units, escaped help, canonical bounds, an end")
    func openMetrics() throws {
        let text = self.sample().exposition(.openMetrics)
        #expect(text.hasSuffix("\n# EOF\n"))
        #expect(
            text.contains(
                #"""
                # HELP golden_logins Logins \\ by \"outcome\".\nAll.
                # TYPE golden_logins counter
                golden_logins_total{shop_outcome="success"} 0
                """#))
        #expect(text.contains("# TYPE golden_duration_seconds histogram\n# UNIT golden_duration_seconds seconds\n"))
        #expect(text.contains("golden_duration_seconds_bucket{method=\"card\",le=\"1.0\"} 1\n"))
        #expect(text.contains("# TYPE target info\ntarget_info{service_name=\"test\",service_version=\"1.2.3\","))
        let parsed = try PrometheusText(parsing: text)
        #expect(parsed.isOpenMetrics && parsed.families["golden_logins"]?.type == "counter")
    }

    @Test("Hostile label values are escaped and read back as they were, in both formats")
    func hostileLabels() throws {
        let hostile = [
            "a\"b", "back\\slash", "line\nfeed", "\\n", "}", "{x=\"y\"}", "é 日本", "", " ", "a,b=\"c\"", "# HELP",
        ]
        let test = TestTelemetry()
        let family = test.metrics.dynamicCounter(
            DynamicDescriptor(
                "hostile", kind: .counter, unit: .none, help: "H.", labelNames: ["http.route", "9-odd name"]))
        for (index, value) in hostile.enumerated() { family.series([value, "x"]).add(index + 1) }
        for format in ExpositionFormat.allCases {
            let text = try PrometheusText(parsing: test.exposition(format))
            for (index, value) in hostile.enumerated() {
                var labels = ["_9_odd_name": "x"]
                if !value.isEmpty { labels["http_route"] = value }
                #expect(text.value("hostile_total", labels) == Double(index + 1))
            }
        }
    }

    @Test("Exemplars stand on the buckets of sampled spans, in OpenMetrics only")
    func exemplars() throws {
        let test = TestTelemetry()
        let durations = test.metrics.histogram(
            HistogramDescriptor<NoLabels>("exemplified", unit: .seconds, help: "E.", buckets: [1, 2]))
        let sampled = SpanContext(traceID: .random(), spanID: .random(), flags: .sampled)
        durations.record(seconds: 1.5, in: sampled)
        durations.record(seconds: 0.5, in: SpanContext(traceID: .random(), spanID: .random()))
        let buckets = try PrometheusText(parsing: test.exposition(.openMetrics)).series("exemplified_seconds_bucket")
        #expect(buckets[0].exemplar == nil && buckets[2].exemplar == nil)
        let exemplar = try #require(buckets[1].exemplar)
        #expect(exemplar.hasPrefix("{trace_id=\"\(sampled.traceID)\",span_id=\"\(sampled.spanID)\"} 1.5 "))
        #expect(!test.exposition().contains("# {"))
        let orders = test.metrics.counter(CounterDescriptor<NoLabels>("ordered", unit: .none, help: "O."))
        orders.add(2, in: sampled)
        orders.add(1, in: SpanContext(traceID: .random(), spanID: .random()))
        let counted = try PrometheusText(parsing: test.exposition(.openMetrics)).series("ordered_total")
        #expect(counted[0].value == 3 && counted[0].exemplar?.hasPrefix("{trace_id=\"\(sampled.traceID)\"") == true)
        let off = try TestTelemetry(environment: ["OTEL_METRICS_EXEMPLAR_FILTER": "always_off"])
        off.metrics.histogram(HistogramDescriptor<NoLabels>("e", unit: .none, help: "E.")).record(1, in: sampled)
        #expect(!off.exposition(.openMetrics).contains("# {"))
    }

    @Test("Where asked for, OpenMetrics tells when each counter and histogram began")
    func created() throws {
        var configuration = TelemetryConfiguration(serviceName: "test")
        configuration.writesCreatedSamples = true
        let test = TestTelemetry(configuration)
        let family = test.metrics.dynamicCounter(
            DynamicDescriptor("late", kind: .counter, unit: .none, help: "L.", labelNames: ["k"]))
        test.advance(by: .seconds(5))
        family.series(["v"]).add(1)
        _ = test.metrics.histogram(HistogramDescriptor<NoLabels>("took", unit: .seconds, help: "T."))
        let text = test.exposition(.openMetrics)
        #expect(text.contains("late_total{k=\"v\"} 1\nlate_created{k=\"v\"} 1767323050.000\n"))
        #expect(text.contains("took_seconds_count 0\ntook_seconds_created 1767323050.000\n"))
        #expect(!test.exposition().contains("late_created"))
    }

    @Test("An observer that tells too much is cut at the bound, counted")
    func observationsBound() throws {
        let test = TestTelemetry()
        test.metrics.observable(
            DynamicDescriptor("seen", kind: .gauge, unit: .none, help: "S.", labelNames: ["k"])
        ) { (0..<3_000).map { ([String($0)], 1) } }
        let first = try test.samples()
        #expect(first.series("seen").count == 2_000)
        #expect(try #require(try test.value("shop_telemetry_series_overflows_total")) >= 1_000)
    }

    @Test("Resource attributes that Prometheus cannot tell apart share one label")
    func collidingResource() throws {
        let test = try TestTelemetry(environment: ["OTEL_RESOURCE_ATTRIBUTES": "a.b=1,a_b=2,a/b=3"])
        #expect(test.exposition().contains(",a_b=\"1;2;3\""))
        _ = try test.samples()
    }

    @Test("A disabled SDK exposes nothing")
    func disabled() throws {
        let test = try TestTelemetry(environment: ["OTEL_SDK_DISABLED": "true"])
        test.metrics.counter(CounterDescriptor<NoLabels>("c", unit: .none, help: "C.")).add()
        #expect(test.exposition() == "" && test.exposition(.openMetrics) == "# EOF\n")
    }

    @Test(
        "Names get their unit and _total once",
        arguments: [
            ("shop.orders.placed", MetricUnit.count("order"), "shop_orders_placed_total"),
            ("process.cpu", .seconds, "process_cpu_seconds_total"), ("a_seconds", .seconds, "a_seconds_total"),
            ("x.total", .none, "x_total"), ("net..io-bytes", .bytes, "net_io_bytes_total"),
            ("9lives", .ratio, "_9lives_total"),
        ])
    func names(name: String, unit: MetricUnit, expected: String) {
        let descriptor = CounterDescriptor<NoLabels>(name, unit: unit, help: "N.")
        #expect(descriptor.description.prometheusName == expected)
    }

    @Test("The process tells of itself, each name as Prometheus' clients write it")
    func process() throws {
        let text = try TestTelemetry().samples()
        for name in [
            "process_cpu_seconds_total", "process_resident_memory_bytes", "process_virtual_memory_bytes",
            "process_open_fds",
            "process_max_fds", "process_threads", "process_start_time_seconds",
        ] {
            #expect(try #require(text.value(name)) > 0, "\(name)")
        }
    }

    @Test("The wall clock is told as it is at the scrape")
    func clock() throws {
        let test = TestTelemetry()
        let start = Double(TestTelemetry.startUnixNanoseconds) * 1e-9
        #expect(try test.value("shop_process_clock_seconds") == start)
        test.advance(by: .milliseconds(90_250))
        #expect(try test.value("shop_process_clock_seconds") == start + 90.25)
    }

    @Test(
        "The scraper's Accept decides",
        arguments: [
            (nil, ExpositionFormat.prometheusText), ("", .prometheusText), ("*/*", .prometheusText),
            ("application/openmetrics-text", .openMetrics),
            (
                "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
                    + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2", .openMetrics
            ),
            ("application/openmetrics-text; version=1.0.0; q=0.1, text/plain; q=0.9", .prometheusText),
            ("application/openmetrics-text;q=0", .prometheusText), ("APPLICATION/OpenMetrics-Text", .openMetrics),
            ("application/openmetrics-text;version=9.9.9", .prometheusText), (";;,,q=", .prometheusText),
        ] as [(String?, ExpositionFormat)])
    func negotiation(accept: String?, expected: ExpositionFormat) {
        let (format, contentType) = ExpositionFormat.negotiate(accept: accept)
        #expect(format == expected && contentType == expected.contentType)
    }

    @Test(
        "The strict parser refuses what Prometheus could misread",
        arguments: [
            "a 1", "# TYPE a counter\na 1", "# TYPE a gauge\na 1\na 2\n", "# TYPE a gauge\na{x=\"1\" 2\n",
            "# TYPE a gauge\na{x=\"\\q\"} 2\n", "# TYPE a gauge\nb 1\n", "# TYPE a gauge\na one\n", "b 1\n",
            "# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\n# TYPE a gauge\n", "# TYPE a wrong\n",
            "# TYPE h histogram\nh_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n",
            "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_sum 1\nh_count 1\n", "# TYPE a gauge\na 1 # {x=\"y\"} 1\n",
        ])
    func strictParser(text: String) {
        #expect(throws: PrometheusTextError.self) { try PrometheusText(parsing: text) }
    }
}
