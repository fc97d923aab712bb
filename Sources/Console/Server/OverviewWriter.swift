import JSON
import Telemetry

/// What the overview shows: figures from traces, breakers from the shop's admin ports, and what is wrong now.
struct OverviewWriter: Sendable {
    let store: TelemetryStore
    let chaos: ChaosRoutes
    let alerts: AlertRoutes

    private static let operationsShown = 10
    private static let problemsMax = 20

    func bytes(window: Double) async -> [UInt8] {
        let overview = self.store.overview(window: window)
        let breakers = await self.chaos.breakerStates()
        let firing = await self.alerts.firing()
        let failing = self.store.read { state -> TraceSummary? in
            var query = TraceQuery()
            query.isError = true
            query.limit = 1
            query.startMin = UInt64(max(0, self.store.milliseconds - Int(window * 1_000))) * 1_000_000
            return state.traces.search(query).found.first
        }
        var json = JSONWriter(capacity: 16 << 10)
        json.beginObject()
        json.field("now_ms", self.store.milliseconds)
        json.field("window_seconds", overview.seconds)
        self.writeStore(to: &json)
        Self.writeServices(overview, to: &json)
        Self.writeEdges(overview, breakers, to: &json)
        Self.writeProblems(firing, breakers, failing, to: &json)
        json.endObject()
        return json.bytes
    }

    private func writeStore(to json: inout JSONWriter) {
        let figures = self.store.read { state in
            [
                ("spans", state.traces.spanCount), ("traces", state.traces.traceCount), ("logs", state.logs.count),
                ("bytes", state.traces.bytes + state.logs.bytes), ("dropped_spans", state.traces.evictedSpans),
                ("dropped_logs", state.logs.evicted),
            ]
        }
        json.key("store")
        json.beginObject()
        for (name, value) in figures {
            json.key(escaping: name)
            json.value(value)
        }
        json.field("bytes_max", self.store.limits.spanBytesMax + self.store.limits.logBytesMax)
        json.endObject()
    }

    private static func write(_ figures: Overview.Figures, _ seconds: Double, to json: inout JSONWriter) {
        json.field("requests_per_second", (Double(figures.count) / seconds * 1_000).rounded() / 1_000)
        json.field("error_ratio", (figures.errorRatio * 100_000).rounded() / 100_000)
        json.field("p95_ms", (figures.quantile(0.95) * 1_000).rounded() / 1_000)
    }

    private static func writeServices(_ overview: Overview, to json: inout JSONWriter) {
        json.key("services")
        json.beginArray()
        for (name, figures) in overview.services.sorted(by: { $0.key < $1.key }) {
            json.beginObject()
            json.field("name", name)
            self.write(figures, overview.seconds, to: &json)
            json.field("p50_ms", (figures.quantile(0.5) * 1_000).rounded() / 1_000)
            json.key("operations")
            json.beginArray()
            let operations = (overview.operations[name] ?? [:]).sorted {
                ($1.value.count, $0.key) < ($0.value.count, $1.key)
            }
            for (name, figures) in operations.prefix(self.operationsShown) {
                json.beginObject()
                json.field("name", name)
                self.write(figures, overview.seconds, to: &json)
                json.endObject()
            }
            json.endArray()
            json.endObject()
        }
        json.endArray()
    }

    private static func writeEdges(
        _ overview: Overview, _ breakers: [(service: String, breaker: String, state: String)],
        to json: inout JSONWriter
    ) {
        // A breaker of a call that nobody makes any more is an edge all the same: an open one stops the calls.
        var edges = overview.edges
        for breaker in breakers where breaker.state != "closed" {
            let edge = Overview.Edge(from: breaker.service, to: breaker.breaker)
            if edges[edge] == nil { edges[edge] = Overview.Figures() }
        }
        json.key("edges")
        json.beginArray()
        for (edge, figures) in edges.sorted(by: { ($0.key.from, $0.key.to) < ($1.key.from, $1.key.to) }) {
            json.beginObject()
            json.field("from", edge.from)
            json.field("to", edge.to)
            self.write(figures, overview.seconds, to: &json)
            json.key("breaker")
            let state = breakers.first { $0.service == edge.from && $0.breaker == edge.to }?.state
            if let state { json.value(state) } else { json.null() }
            json.endObject()
        }
        json.endArray()
    }

    private static func writeProblems(
        _ firing: [ShownAlert], _ breakers: [(service: String, breaker: String, state: String)],
        _ failing: TraceSummary?, to json: inout JSONWriter
    ) {
        func problem(_ severity: String, _ title: String, _ detail: String, trace: String?, link: String?) {
            json.beginObject()
            json.field("severity", severity)
            json.field("title", title)
            json.field("detail", detail)
            json.key("trace_id")
            if let trace { json.value(trace) } else { json.null() }
            json.key("link")
            if let link { json.value(link) } else { json.null() }
            json.endObject()
        }
        json.key("problems")
        json.beginArray()
        for alert in firing.prefix(Self.problemsMax) {
            problem(alert.severity, alert.summary, alert.text, trace: nil, link: "#/alerts")
        }
        for breaker in breakers.filter({ $0.state != "closed" }).prefix(Self.problemsMax) {
            problem(
                "ticket", "The breaker of \(breaker.service) towards \(breaker.breaker) is \(breaker.state)",
                "Calls are refused at once, or let through to see whether it is over.", trace: nil, link: "#/chaos")
        }
        if let failing {
            problem(
                "info", "\(failing.rootOperation) failed in \(failing.rootService)",
                "The newest trace with a failure in it.", trace: failing.id.description,
                link: "#/trace/\(failing.id)")
        }
        json.endArray()
    }
}
