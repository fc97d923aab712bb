import HTTPCore
import HTTPEngine
import JSON
import NetworkIO
import Synchronization

/// Receives OTLP/HTTP JSON traces, as a collector would, and lets a test wait for spans.
final class SpanCollector: HTTPResponder, Sendable {
    struct Span: Sendable, Hashable {
        let service: String
        let traceID: String
        let spanID: String
        let parentSpanID: String
        let name: String
        let kind: Int
        let status: Int
        let attributes: [String: String]
        /// By key, the field of OTLP that holds the value, such as `intValue`.
        let types: [String: String]
        /// Of the span's process.
        let resource: [String: String]
        let events: [Event]
    }

    struct Event: Sendable, Hashable {
        let name: String
        let types: [String: String]
    }

    private struct State: Sendable {
        var spans: [Span] = []
        var malformed = 0
        var waiters: [(isMet: @Sendable ([Span]) -> Bool, continuation: CheckedContinuation<[Span], Never>)] = []
    }
    private let state = Mutex(State())
    private let loops: EventLoopGroup
    private let server: Mutex<HTTPServer?> = Mutex(nil)
    let address: SocketAddress

    init() throws {
        self.loops = try EventLoopGroup(count: 1)
        let relay = Relay()
        let server = try HTTPServer(
            address: SocketAddress(numericHost: "127.0.0.1", port: 0)!, loops: self.loops.traffic, responder: relay)
        self.address = server.address
        self.server.withLock { $0 = server }
        relay.target.withLock { $0 = self }
    }

    /// The server wants its responder before the collector is complete.
    private final class Relay: HTTPResponder, Sendable {
        let target = Mutex<SpanCollector?>(nil)
        func respond(to request: HTTPRequest) async -> HTTPResponse {
            guard let target = self.target.withLock({ $0 }) else {
                return HTTPResponse(503, fields: .init(), body: .empty)
            }
            return await target.respond(to: request)
        }
    }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        let spans: [Span]
        do {
            let bytes = try await request.body.collect(upTo: 64 << 20)
            spans = Self.spans(in: try JSONValue(parsing: bytes, limits: JSONLimits(documentBytesMax: 64 << 20)))
        } catch {
            self.state.withLock { $0.malformed += 1 }
            return HTTPResponse(400, fields: .init(), body: .empty)
        }
        let met = self.state.withLock { state -> [(CheckedContinuation<[Span], Never>, [Span])] in
            state.spans += spans
            let all = state.spans
            let met = state.waiters.filter { $0.isMet(all) }
            state.waiters.removeAll { $0.isMet(all) }
            return met.map { ($0.continuation, all) }
        }
        for (continuation, all) in met { continuation.resume(returning: all) }
        return HTTPResponse(.ok, fields: [.contentType: "application/json"], body: .bytes(Array("{}".utf8)))
    }

    /// All spans, as soon as they meet a condition. A test that waits in vain runs into its time limit.
    func spans(until isMet: @escaping @Sendable ([Span]) -> Bool) async -> [Span] {
        await withCheckedContinuation { continuation in
            let now = self.state.withLock { state -> [Span]? in
                if isMet(state.spans) { return state.spans }
                state.waiters.append((isMet, continuation))
                return nil
            }
            if let now { continuation.resume(returning: now) }
        }
    }

    /// Everything so far.
    var received: [Span] { self.state.withLock { $0.spans } }

    var malformed: Int { self.state.withLock { $0.malformed } }

    func stop() async {
        await self.server.withLock { $0 }?.drain(within: .seconds(1))
        self.loops.stop()
    }

    // MARK: Reading OTLP

    private static func spans(in document: JSONValue) -> [Span] {
        (document["resourceSpans"]?.array ?? []).flatMap { resource -> [Span] in
            let process = resource["resource"]
            let service = self.attributes(process)["service.name"] ?? ""
            return (resource["scopeSpans"]?.array ?? []).flatMap { scope in
                (scope["spans"]?.array ?? []).map { self.span($0, service: service, resource: self.types(process)) }
            }
        }
    }

    private static func span(_ value: JSONValue, service: String, resource: [String: String]) -> Span {
        Span(
            service: service, traceID: value["traceId"]?.string ?? "", spanID: value["spanId"]?.string ?? "",
            parentSpanID: value["parentSpanId"]?.string ?? "", name: value["name"]?.string ?? "",
            kind: value["kind"]?.int ?? 0, status: value["status"]?["code"]?.int ?? 0,
            attributes: self.attributes(value), types: self.types(value), resource: resource,
            events: (value["events"]?.array ?? []).map { Event(name: $0["name"]?.string ?? "", types: self.types($0)) })
    }

    private static func types(_ holder: JSONValue?) -> [String: String] {
        var types: [String: String] = [:]
        for attribute in holder?["attributes"]?.array ?? [] {
            types[attribute["key"]?.string ?? ""] = attribute["value"]?.object?.keys.first ?? ""
        }
        return types
    }

    private static func attributes(_ holder: JSONValue?) -> [String: String] {
        var result: [String: String] = [:]
        for attribute in holder?["attributes"]?.array ?? [] {
            let value = attribute["value"]
            result[attribute["key"]?.string ?? ""] =
                value?["stringValue"]?.string ?? value?["intValue"]?.string ?? value?["intValue"]?.int.map(String.init)
                ?? ""
        }
        return result
    }
}
