import TelemetryTesting
import Testing

@Suite("Reading a scrape strictly")
struct PrometheusTextTests {
    @Test("Families, labels with every escape, and special values are read")
    func reads() throws {
        let text = try PrometheusText(
            parsing: """
                # HELP a_total What a counts.
                # TYPE a_total counter
                a_total{x="1",y="a\\"b\\\\c\\nd"} 3
                # TYPE b gauge
                b +Inf
                # TYPE h histogram
                h_bucket{le="0.1"} 1
                h_bucket{le="+Inf"} 2
                h_sum 0.3
                h_count 2

                """)
        #expect(text.families["a_total"]?.type == "counter")
        #expect(text.families["a_total"]?.help == "What a counts.")
        #expect(text.value("a_total", ["x": "1", "y": "a\"b\\c\nd"]) == 3)
        #expect(text.value("a_total", ["x": "1"]) == nil)
        #expect(text.value("b") == .infinity)
        #expect(text.series("h_bucket").count == 2)
        #expect(!text.isOpenMetrics)
    }

    @Test(
        "What Prometheus may misread is refused, with its line",
        arguments: [
            ("a 1\n", 1), ("# TYPE a counter\na 1", 0), ("# TYPE a counter\na 1\na 2\n", 3),
            ("# TYPE a counter\n# TYPE b gauge\n# TYPE a counter\n", 3), ("# TYPE a sometimes\n", 1),
            ("# TYPE a gauge\na one\n", 2), ("# TYPE a gauge\na{x=1} 1\n", 2), ("# TYPE a gauge\na{x=\"1} 1\n", 2),
            ("# TYPE a gauge\na{x=\"1\",x=\"2\"} 1\n", 2), ("# TYPE a gauge\na{x=\"\\q\"} 1\n", 2),
            ("# TYPE 1a gauge\n", 1), ("# TYPE a gauge\nb 1\n", 2), ("# TYPE a gauge\na 1 # {} 1\n", 2),
            ("# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_sum 1\nh_count 1\n", 0),
            ("# TYPE h histogram\nh_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n", 0),
            ("# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 2\n", 0),
            ("# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_count 1\n", 0),
        ])
    func refuses(text: String, line: Int) {
        let error = #expect(throws: PrometheusTextError.self) { try PrometheusText(parsing: text) }
        #expect(error?.line == line)
    }

    @Test("OpenMetrics ends with its mark, and may carry exemplars")
    func openMetrics() throws {
        let text = try PrometheusText(
            parsing: "# TYPE a counter\na_total 1 # {trace_id=\"7\"} 0.5\n# EOF\n")
        #expect(text.isOpenMetrics)
        #expect(text.samples.first?.exemplar == "{trace_id=\"7\"} 0.5")
        #expect(throws: PrometheusTextError.self) { try PrometheusText(parsing: "# EOF\na 1\n# EOF\n") }
    }
}
