import HTTPCore
import JSON
import Routing
import Telemetry

/// The console's own API: overview, traces, logs, and what comes in as it does.
struct QueryRoutes: Sendable {
    let store: TelemetryStore
    let overview: OverviewWriter

    private static let base = "/console/v1"

    func register(on routes: inout RouteTable) {
        func get(_ path: String, _ handler: @escaping @Sendable (RequestContext) async throws -> HTTPResponse) {
            routes.add(.get, "\(Self.base)\(path)", isObserved: false) { try await handler($1) }
        }
        get("/overview") { context in
            let window = try context.query.integer("window", default: 60, in: 10...900)
            return Self.answer(await self.overview.bytes(window: Double(window)))
        }
        get("/services") { _ in self.services() }
        get("/operations") { try self.operations($0.query) }
        get("/traces") { try self.traces($0.query) }
        get("/traces/{id}") { try self.trace($0) }
        get("/traces/{id}/otlp") { try self.download($0) }
        get("/logs") { try self.logs($0.query) }
        get("/live") { try self.live($0.query) }
    }

    static func answer(_ bytes: [UInt8]) -> HTTPResponse {
        HTTPResponse(
            .ok, fields: [.contentType: "application/json", .cacheControl: "no-store"], body: .bytes(bytes))
    }

    private func services() -> HTTPResponse {
        let names = self.store.read { $0.traces.services }
        return .json(fields: [.cacheControl: "no-store"]) { json in
            json.beginObject()
            json.key("services")
            json.beginArray()
            for name in names { json.value(name) }
            json.endArray()
            json.endObject()
        }
    }

    private func operations(_ query: QueryParameters) throws -> HTTPResponse {
        let service = try query.words("service")
        let operations = self.store.read { $0.traces.operations(of: service).map(\.name) }
        return .json(fields: [.cacheControl: "no-store"]) { json in
            json.beginObject()
            json.key("operations")
            json.beginArray()
            var last: String?
            for name in operations where name != last {
                json.value(name)
                last = name
            }
            json.endArray()
            json.endObject()
        }
    }

    // MARK: Traces

    private func traces(_ query: QueryParameters) throws -> HTTPResponse {
        var wanted = TraceQuery()
        wanted.service = try query.words("service")
        wanted.operation = try query.words("operation")
        switch try query.words("status") {
        case nil: break
        case "error": wanted.isError = true
        case "ok": wanted.isError = false
        case let other?: throw Problem.badRequest("status must be error or ok; it is '\(other.prefix(40))'.")
        }
        wanted.durationMin = try query.milliseconds("min_ms")
        wanted.durationMax = try query.milliseconds("max_ms")
        wanted.tags = try query.tags("tags")
        wanted.text = try query.words("q")
        wanted.startMin = try query.milliseconds("start_ms")
        wanted.startMax = try query.milliseconds("end_ms")
        wanted.limit = try query.integer("limit", default: 50, in: 1...TraceQuery.limitMax)
        let begin = ContinuousClock.now
        let (found, matched) = self.store.read { $0.traces.search(wanted) }
        let took = begin.duration(to: .now)
        return .json(fields: [.cacheControl: "no-store"], capacity: found.count * 400 + 256) { json in
            json.beginObject()
            json.key("traces")
            json.beginArray()
            for summary in found { ConsoleJSON.write(summary, to: &json) }
            json.endArray()
            json.field("matched", matched)
            json.field("took_ms", Double(took / .microseconds(1)) / 1_000)
            json.endObject()
        }
    }

    static func id(_ context: RequestContext) throws -> TraceID {
        let text = try context.parameter("id")
        // Jaeger writes 64-bit ids without the zeros before them.
        let full = text.count < 32 ? String(repeating: "0", count: 32 - text.count) + text : text
        guard let id = TraceID(hex: full.lowercased()) else {
            throw Problem.badRequest("'\(text.prefix(64))' is no trace id: 32 hexadecimal digits, not all zero.")
        }
        return id
    }

    private func tree(_ context: RequestContext) throws -> (tree: TraceTree, isComplete: Bool, logs: Int) {
        let id = try Self.id(context)
        let found = self.store.read { state -> (TraceTree, Bool, Int)? in
            guard let trace = state.traces.trace(id) else { return nil }
            let logs = state.logs.newest(LogQuery.limitMax) { $0.traceID == id }.count
            return (TraceTree(trace, state.traces.tables), trace.isComplete, logs)
        }
        guard let found else { throw Problem.notFound("No trace \(id) is held: it has not come in, or has given way.") }
        return found
    }

    private func trace(_ context: RequestContext) throws -> HTTPResponse {
        let (tree, isComplete, logs) = try self.tree(context)
        return Self.answer(ConsoleJSON.trace(tree, isComplete: isComplete, logCount: logs))
    }

    private func download(_ context: RequestContext) throws -> HTTPResponse {
        let tree = try self.tree(context).tree
        var answer = Self.answer(OTLPTraceWriter.bytes(tree))
        answer.fields.append(.contentDisposition, "attachment; filename=\"trace-\(tree.id).otlp.json\"")
        return answer
    }

    // MARK: Logs

    private func logQuery(_ query: QueryParameters) throws -> LogQuery {
        var wanted = LogQuery()
        wanted.service = try query.words("service")
        if let level = try query.choice("level", of: LogSeverity.self) { wanted.severityMin = level.least }
        wanted.text = try query.words("q")
        wanted.attributes = try query.pairs("attribute")
        if let text = try query.words("trace_id") {
            guard let id = TraceID(hex: text) else { throw Problem.badRequest("trace_id is none.") }
            wanted.traceID = id
        }
        if let text = try query.words("span_id") {
            guard let id = SpanID(hex: text) else { throw Problem.badRequest("span_id is none.") }
            wanted.spanID = id.rawValue
        }
        wanted.before = try query.milliseconds("before_ms")
        if try query.words("before_id") != nil {
            wanted.beforeID = UInt64(try query.integer("before_id", default: 0, in: 0...Int.max))
        }
        wanted.limit = try query.integer("limit", default: 200, in: 1...LogQuery.limitMax)
        return wanted
    }

    private func logs(_ query: QueryParameters) throws -> HTTPResponse {
        let wanted = try self.logQuery(query)
        let bytes = self.store.read { state -> [UInt8] in
            let tables = state.traces.tables
            // One more than is told, to know whether there are more.
            let found = state.logs.newest(wanted.limit + 1) { wanted.matches($0, tables) }
            var json = JSONWriter(capacity: found.count * 300 + 64)
            json.beginObject()
            json.key("logs")
            json.beginArray()
            for log in found.prefix(wanted.limit) { ConsoleJSON.write(log, tables, to: &json) }
            json.endArray()
            json.field("has_more", found.count > wanted.limit)
            json.endObject()
            return json.bytes
        }
        return Self.answer(bytes)
    }

    // MARK: Live

    private func live(_ query: QueryParameters) throws -> HTTPResponse {
        var wish = LiveFeed.Wish(filter: try self.logQuery(query))
        for stream in (try query.words("streams") ?? "overview,traces,logs").split(separator: ",") {
            switch stream {
            case "overview": wish.overview = true
            case "traces": wish.traces = true
            case "logs": wish.logs = true
            default: throw Problem.badRequest("streams are overview, traces and logs; not '\(stream.prefix(40))'.")
            }
        }
        guard let reader = self.store.feed.join(wish) else {
            throw Problem.unavailable(
                "\(LiveFeed.readersMax) pages listen already.", code: "too-many-readers")
        }
        // So that the page knows at once that it is connected.
        _ = reader.push(Array("retry: 1000\n\n".utf8))
        return HTTPResponse(
            .ok, fields: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: .stream(reader, length: nil))
    }
}
