import HTTPCore
import JSON
import Routing
import Telemetry

/// Jaeger's HTTP query API, so that its page, Grafana's data source and other tools can ask the console.
///
/// Source: Jaeger documentation, "APIs", and `cmd/query/app/http_handler.go`. Answers to what is wrong are Jaeger's too:
/// `errors` beside no data.
struct JaegerRoutes: Sendable {
    let store: TelemetryStore

    private static let limitDefault = 100

    func register(on routes: inout RouteTable) {
        func get(_ path: String, _ handler: @escaping @Sendable (RequestContext) throws -> [UInt8]) {
            routes.add(.get, path, isObserved: false) { _, context in
                do {
                    return QueryRoutes.answer(try handler(context))
                } catch let problem as Problem {
                    return HTTPResponse(
                        problem.status, fields: [.contentType: "application/json", .cacheControl: "no-store"],
                        body: .bytes(JaegerJSON.failure(problem.status.code, problem.detail)))
                }
            }
        }
        get("/api/services") { _ in
            let names = self.store.read { $0.traces.services }
            return JaegerJSON.envelope(total: names.count) { json in
                json.beginArray()
                for name in names { json.value(name) }
                json.endArray()
            }
        }
        get("/api/services/{service}/operations") { context in
            let service = try context.parameter("service")
            var names = self.store.read { $0.traces.operations(of: service).map(\.name) }
            names = names.enumerated().filter { $0.offset == 0 || names[$0.offset - 1] != $0.element }.map(\.element)
            return JaegerJSON.envelope(total: names.count) { json in
                json.beginArray()
                for name in names { json.value(name) }
                json.endArray()
            }
        }
        get("/api/operations") { try self.operations($0.query) }
        get("/api/traces") { try self.search($0.query) }
        get("/api/traces/{id}") { try self.trace($0) }
        get("/api/dependencies") { try self.dependencies($0.query) }
    }

    private func operations(_ query: QueryParameters) throws -> [UInt8] {
        guard let service = try query.words("service") else {
            throw Problem.badRequest("parameter 'service' is required")
        }
        let kind = try query.words("spanKind")
        let found = self.store.read { $0.traces.operations(of: service) }.filter { kind == nil || $0.kind.text == kind }
        return JaegerJSON.envelope(total: found.count) { json in
            json.beginArray()
            for operation in found {
                json.beginObject()
                json.field("name", operation.name)
                json.field("spanKind", operation.kind.text)
                json.endObject()
            }
            json.endArray()
        }
    }

    // MARK: Traces

    private func trace(_ context: RequestContext) throws -> [UInt8] {
        let id = try QueryRoutes.id(context)
        let tree = self.store.read { state in
            state.traces.trace(id).map { TraceTree($0, state.traces.tables) }
        }
        guard let tree else { throw Problem.notFound("trace not found") }
        return Self.answer([tree], limit: 0)
    }

    private static func answer(_ trees: [TraceTree], limit: Int) -> [UInt8] {
        let spans = trees.reduce(0) { $0 + $1.spans.count }
        return JaegerJSON.envelope(total: trees.count, limit: limit, capacity: spans * 1_024 + 512) { json in
            json.beginArray()
            for tree in trees { JaegerJSON.write(tree, to: &json) }
            json.endArray()
        }
    }

    private func search(_ query: QueryParameters) throws -> [UInt8] {
        let wantedIDs = HTTPQuery(query.raw).compactMap { $0.name == "traceID" ? $0.value : nil }
        if !wantedIDs.isEmpty {
            let ids = wantedIDs.prefix(TraceQuery.limitMax).compactMap { id in
                let text = id.lowercased()
                return TraceID(hex: text.count < 32 ? String(repeating: "0", count: 32 - text.count) + text : text)
            }
            let trees = self.store.read { state in
                ids.compactMap { state.traces.trace($0) }.map { TraceTree($0, state.traces.tables) }
            }
            return Self.answer(trees, limit: 0)
        }
        var wanted = TraceQuery()
        guard let service = try query.words("service") else {
            throw Problem.badRequest("parameter 'service' is required")
        }
        wanted.service = service
        wanted.operation = try query.words("operation")
        wanted.tags = try query.tags("tags")
        for (key, value) in try self.plainTags(query) { wanted.tags.append((key, value)) }
        wanted.durationMin = try Self.duration(query, "minDuration")
        wanted.durationMax = try Self.duration(query, "maxDuration")
        wanted.startMin = try Self.microseconds(query, "start")
        wanted.startMax = try Self.microseconds(query, "end")
        if wanted.startMin == nil, let lookback = try query.words("lookback"), lookback != "custom",
            let length = GoDuration.nanoseconds(lookback)
        {
            let now = UInt64(self.store.milliseconds) * 1_000_000
            wanted.startMin = now > length ? now - length : 0
        }
        wanted.limit = min(TraceQuery.limitMax, try query.integer("limit", default: Self.limitDefault, in: 1...1_500))
        let trees = self.store.read { state in
            state.traces.search(wanted).found.compactMap { state.traces.trace($0.id) }.map {
                TraceTree($0, state.traces.tables)
            }
        }
        return Self.answer(trees, limit: wanted.limit)
    }

    /// `tag=key:value`, as often as wanted.
    private func plainTags(_ query: QueryParameters) throws -> [(String, String)] {
        try HTTPQuery(query.raw).compactMap { $0.name == "tag" ? $0.value : nil }.map { text in
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else {
                throw Problem.badRequest("malformed 'tag' parameter, expecting key:value, received: \(text.prefix(80))")
            }
            return (String(parts[0]), String(parts[1]))
        }
    }

    private static func microseconds(_ query: QueryParameters, _ name: String) throws -> UInt64? {
        guard let text = try query.words(name) else { return nil }
        guard let number = UInt64(text), number < UInt64.max / 1_000 else {
            throw Problem.badRequest("unable to parse param '\(name)': \(text.prefix(40)) is no number of microseconds")
        }
        return number * 1_000
    }

    private static func duration(_ query: QueryParameters, _ name: String) throws -> UInt64? {
        guard let text = try query.words(name) else { return nil }
        guard let length = GoDuration.nanoseconds(text) else {
            throw Problem.badRequest("unable to parse param '\(name)': \(text.prefix(40)) is no duration such as 1.5s")
        }
        return length
    }

    // MARK: Dependencies

    private func dependencies(_ query: QueryParameters) throws -> [UInt8] {
        let now = UInt64(self.store.milliseconds)
        let end = try query.milliseconds("endTs").map { $0 / 1_000_000 } ?? now
        let lookback = try query.milliseconds("lookback").map { $0 / 1_000_000 } ?? 86_400_000
        let overview = self.store.read { state in
            Overview(state.traces, now: end * 1_000_000, window: Double(lookback) / 1_000)
        }
        let edges = overview.edges.sorted { ($0.key.from, $0.key.to) < ($1.key.from, $1.key.to) }
        return JaegerJSON.envelope(total: edges.count) { json in
            json.beginArray()
            for (edge, figures) in edges {
                json.beginObject()
                json.field("parent", edge.from)
                json.field("child", edge.to)
                json.field("callCount", figures.count)
                json.endObject()
            }
            json.endArray()
        }
    }
}
