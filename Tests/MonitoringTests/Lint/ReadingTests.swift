import Monitoring
import Testing

@Suite("Queries are found in files")
struct ReadingTests {
    private static let file = """
        # Made.
        groups:
          - name: paint
            interval: 30s
            rules:
              - record: "a:b:c"
                expr: |-
                  sum(
                    up
                  )
                labels:
                  window: "5m"
              - alert: Wet
                expr: "up{job=\\"a\\\\\\\\b\\"} > 0"
                for: 5m
                labels:
                  severity: page
                annotations:
                  summary: "{{ $labels.job }}: wet"
                  description: |-
                    first
                      second
          - name: other
            rules:
              - record: c
                expr: up
        """

    @Test("Rules, with their labels and what is said of them")
    func rules() {
        let rules = RuleFileReader.rules(in: Self.file, path: "r.yml")
        #expect(rules.map(\.name) == ["a:b:c", "Wet", "c"])
        #expect(rules.map(\.isAlert) == [false, true, false])
        #expect(rules.map(\.place) == ["r.yml:6", "r.yml:13", "r.yml:25"])
        #expect(rules[0].text == "sum(\n  up\n)")
        #expect(rules[0].labels == [Label("window", "5m")])
        #expect(rules[1].text == #"up{job="a\\b"} > 0"#)
        #expect(rules[1].labels == [Label("severity", "page")])
        #expect(
            rules[1].annotations
                == [Label("summary", "{{ $labels.job }}: wet"), Label("description", "first\n  second")])
        #expect(rules[2].expression == .named("up"))
    }

    @Test("What our writer writes is read back, whatever it holds")
    func written() {
        let texts = [#"up{a="b: c # d"} > 0"#, "sum(\n  up\n)", #"up{a="\"\\\\"}"#, "up"]
        let rules = texts.map { text in YAML.map([.init("record", "r"), .init("expr", .string(text))]) }
        let file: YAML = .map([.init("groups", [.map([.init("name", "g"), .init("rules", .list(rules))])])])
        #expect(RuleFileReader.rules(in: file.document(comment: "A test."), path: "r.yml").map(\.text) == texts)
    }

    @Test("Panels in rows, annotations and variables of dashboards")
    func dashboards() throws {
        let text = """
            {"panels": [
              {"type": "row", "title": "Row", "panels": [
                {"type": "timeseries", "title": "Inner", "datasource": {"type": "prometheus"},
                 "fieldConfig": {"defaults": {"unit": "s"}, "overrides": []}, "targets": [{"expr": "a"}, {"expr": "b"}]}]},
              {"type": "logs", "title": "Lines", "datasource": {"type": "loki"}, "targets": [{"expr": "{x=\\"y\\"}"}]},
              {"type": "table", "title": "Table", "fieldConfig": {"defaults": {"unit": "s"},
               "overrides": [{"properties": [{"id": "unit", "value": "bytes"}]}]}, "targets": [{"expr": "c"}]}],
             "annotations": {"list": [{"name": "Starts", "target": {"expr": "d"}}, {"name": "none"}]},
             "templating": {"list": [{"name": "service", "query": {"query": "label_values(e{x=\\"1\\"}, service)"}}]}}
            """
        let queries = try DashboardReader.queries(in: text, path: "d.json")
        #expect(queries.map(\.text) == ["a", "b", "c", "d", #"group by (service) (e{x="1"})"#])
        #expect(queries.map(\.context.panelUnit) == ["s", "s", nil, nil, nil])
        #expect(queries[0].context.place == "d.json: Inner")
    }

    @Test("Blocks of documents: a query a line, or several lines parted by empty ones")
    func documents() {
        let text = """
            # Title
            ```promql
            up > 1
            down
            ```
            ```sh
            ls
            ```
              ```promql
              # What is up:
              sum(
                up
              )

              broken(
              ```
            """
        let queries = MarkdownReader.queries(in: text, path: "d.md")
        #expect(queries.map(\.context.place) == ["d.md:3", "d.md:4", "d.md:11", "d.md:15"])
        #expect(queries[1].text == "down")
        #expect((try? PromQL(parsing: queries[2].text)) == PromQL.named("up").sum())
        #expect((try? PromQL(parsing: queries[3].text)) == nil)
    }

    @Test("Files are looked at together: what one records another may ask for")
    func together() {
        let files = [
            GeneratedFile(path: "d.md", text: "```promql\na:b:c\na:b:d\n```\n"),
            GeneratedFile(path: "otel/prometheus/rules/r.yml", text: Self.file),
        ]
        let findings = MonitoringLint(LintFixture.metrics).findings(in: files)
        #expect(findings.map(\.description) == ["d.md:3: nothing has a metric a:b:d [metric-exists]"])
    }
}
