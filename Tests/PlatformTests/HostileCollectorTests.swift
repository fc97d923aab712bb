import HTTPCore
import HTTPEngine
import JSON
import NetworkIO
import ServiceKit
import Synchronization
import TelemetryTesting
import Testing

/// A receiver of traces that misbehaves as it is told, and remembers what it has taken.
private final class HostileCollector: HTTPResponder, Sendable {
    enum Mode: Sendable {
        case accept
        /// Answers nothing until `release()`, then accepts.
        case hold
        /// Refuses everything with this status and wish.
        case status(Int, retryAfter: String?)
        /// Ends the connection in the middle of a refusal, having taken nothing.
        case breakOff
        /// Takes everything and answers what is no JSON.
        case garbage
        /// Rejects the first span of every request.
        case partial
    }

    private struct State: Sendable {
        var mode = Mode.accept
        var spanIDs: [String] = []
        var names: [String: Set<String>] = [:]
        var requests = 0
        var rejected = 0
        var held: [CheckedContinuation<Void, Never>] = []
        var waiters: [(isMet: @Sendable (Snapshot) -> Bool, continuation: CheckedContinuation<Snapshot, Never>)] = []

        var snapshot: Snapshot { Snapshot(spanIDs: self.spanIDs, names: self.names, requests: self.requests) }
    }

    struct Snapshot: Sendable {
        let spanIDs: [String]
        /// Span names of each trace.
        let names: [String: Set<String>]
        let requests: Int
    }

    private final class BrokenBody: HTTPBodyStream {
        struct Broken: Error {}
        func next() async throws -> [UInt8]? { throw Broken() }
        var trailers: HTTPFields? { nil }
        func cancel() {}
    }

    private let state = Mutex(State())

    func turn(_ mode: Mode) {
        let held = self.state.withLock { state in
            state.mode = mode
            defer { state.held = [] }
            return state.held
        }
        for continuation in held { continuation.resume() }
    }

    var rejected: Int { self.state.withLock { $0.rejected } }

    func wait(until isMet: @escaping @Sendable (Snapshot) -> Bool) async -> Snapshot {
        await withCheckedContinuation { continuation in
            let now = self.state.withLock { state -> Snapshot? in
                if isMet(state.snapshot) { return state.snapshot }
                state.waiters.append((isMet, continuation))
                return nil
            }
            if let now { continuation.resume(returning: now) }
        }
    }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        guard let bytes = try? await request.body.collect(upTo: 64 << 20),
            let document = try? JSONValue(parsing: bytes, limits: JSONLimits(documentBytesMax: 64 << 20))
        else { return HTTPResponse(400, fields: .init(), body: .empty) }
        let mode = self.state.withLock { state in
            state.requests += 1
            return state.mode
        }
        self.tellWaiters()
        if case .hold = mode { await self.hold() }
        defer { self.tellWaiters() }
        switch mode {
        case .accept, .hold:
            self.take(document, rejecting: 0)
            return self.answer("{}")
        case .garbage:
            self.take(document, rejecting: 0)
            return self.answer("\u{0}<html>")
        case .partial:
            self.take(document, rejecting: 1)
            return self.answer(#"{"partialSuccess":{"rejectedSpans":"1","errorMessage":"one too many"}}"#)
        case .status(let code, let retryAfter):
            var fields = HTTPFields()
            if let retryAfter { fields.append(.retryAfter, retryAfter) }
            return HTTPResponse(HTTPStatus(code), fields: fields, body: .empty)
        case .breakOff:
            return HTTPResponse(503, fields: .init(), body: .stream(BrokenBody(), length: 100))
        }
    }

    private func answer(_ body: String) -> HTTPResponse {
        HTTPResponse(.ok, fields: [.contentType: "application/json"], body: .bytes(Array(body.utf8)))
    }

    private func hold() async {
        await withCheckedContinuation { continuation in
            let isHeld = self.state.withLock { state in
                guard case .hold = state.mode else { return false }
                state.held.append(continuation)
                return true
            }
            if !isHeld { continuation.resume() }
        }
    }

    private func take(_ document: JSONValue, rejecting count: Int) {
        let spans = (document["resourceSpans"]?.array ?? []).flatMap { resource in
            (resource["scopeSpans"]?.array ?? []).flatMap { $0["spans"]?.array ?? [] }
        }
        self.state.withLock { state in
            state.rejected += min(count, spans.count)
            for span in spans.dropFirst(count) {
                state.spanIDs.append(span["spanId"]?.string ?? "")
                state.names[span["traceId"]?.string ?? "", default: []].insert(span["name"]?.string ?? "")
            }
        }
    }

    private func tellWaiters() {
        let met = self.state.withLock { state -> [(CheckedContinuation<Snapshot, Never>, Snapshot)] in
            let snapshot = state.snapshot
            let met = state.waiters.filter { $0.isMet(snapshot) }
            state.waiters.removeAll { $0.isMet(snapshot) }
            return met.map { ($0.continuation, snapshot) }
        }
        for (continuation, snapshot) in met { continuation.resume(returning: snapshot) }
    }
}

/// The platform beside a collector that fails in every way: no request notices, and what can arrive does, once.
@Suite("A collector that misbehaves", .timeLimit(.minutes(3)), .serialized)
struct HostileCollectorTests {
    private let collector = HostileCollector()
    private let loops: EventLoopGroup
    private static let requestsEach = 15
    /// What one request for a list of products leaves behind in gateway and product service.
    private static let names: Set<String> = [
        "GET /api/v1/products", "SELECT products",
    ]

    init() throws { self.loops = try EventLoopGroup(count: 1) }

    private func listen(port: Int = 0) throws -> HTTPServer {
        try HTTPServer(
            address: try #require(SocketAddress(numericHost: "127.0.0.1", port: port)), loops: self.loops.traffic,
            responder: self.collector)
    }

    /// Sends requests of traces of their own; the ids of those traces.
    private func browse(_ platform: RunningPlatform, _ phase: Int) async throws -> [String] {
        var traceIDs: [String] = []
        for number in 0..<Self.requestsEach {
            let digits = String(phase * 1_000 + number + 1, radix: 16)
            let traceID = String(repeating: "0", count: 31 - digits.utf8.count) + digits + "f"
            let answer = try await platform.call(
                .get, "/api/v1/products?limit=\(number + 1)&sort=price_asc",
                fields: [.traceparent: "00-\(traceID)-00f067aa0ba902b7-01"])
            #expect(answer.status == 200)
            traceIDs.append(traceID)
        }
        return traceIDs
    }

    @Test("Slow, refusing, breaking off, 429, 503, 502 or garbage: requests go on, and every span arrives once")
    func everyWay() async throws {
        var server = try self.listen()
        let port = server.address.port
        let platform = try await RunningPlatform(extra: [
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:\(port)", "OTEL_BSP_SCHEDULE_DELAY": "10",
        ])
        var traceIDs = try await self.browse(platform, 0)
        let modes: [HostileCollector.Mode] = [
            .hold, .status(503, retryAfter: "1"), .status(429, retryAfter: "1"), .status(502, retryAfter: nil),
            .breakOff, .garbage,
        ]
        for (phase, mode) in modes.enumerated() {
            self.collector.turn(mode)
            let before = await self.collector.wait { _ in true }.requests
            traceIDs += try await self.browse(platform, phase + 1)
            // The fault is met before it ends.
            _ = await self.collector.wait { $0.requests > before }
        }
        // Gone altogether, and back on the same port.
        await server.drain(within: .zero)
        traceIDs += try await self.browse(platform, 50)
        self.collector.turn(.accept)
        server = try self.listen(port: port)

        let all = traceIDs
        let snapshot = await self.collector.wait { snapshot in
            all.allSatisfy { id in snapshot.names[id].map { Self.names.isSubset(of: $0) } ?? false }
        }
        // What was sent again after an unclear end had not been taken the first time, so nothing comes twice.
        #expect(Set(snapshot.spanIDs).count == snapshot.spanIDs.count)
        var resent = 0.0
        for name in [ServiceName.gateway, .product] {
            let text = try PrometheusText(parsing: try await platform.scrape(name))
            let lost = text.series("otel_sdk_exporter_span_exported_total").filter { $0.labels["error_type"] != nil }
            #expect(lost.allSatisfy { $0.value == 0 }, "\(name): \(lost)")
            let full = text.series("otel_sdk_processor_span_processed_total").filter { $0.labels["error_type"] != nil }
            #expect(full.allSatisfy { $0.value == 0 }, "\(name): \(full)")
            resent += text.series("shop_telemetry_resent_records_total").reduce(0) { $0 + $1.value }
        }
        // 502 leaves it open whether the spans were taken.
        #expect(resent > 0)
        await platform.stop()
        await server.drain(within: .seconds(1))
        self.loops.stop()
    }

    @Test("What a receiver rejects of a batch is counted and not sent again")
    func partial() async throws {
        let server = try self.listen()
        self.collector.turn(.partial)
        let platform = try await RunningPlatform(extra: [
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://\(server.address)", "OTEL_BSP_SCHEDULE_DELAY": "10",
        ])
        _ = try await self.browse(platform, 0)
        _ = await self.collector.wait { $0.requests >= 2 }
        await platform.stop()
        await server.drain(within: .seconds(1))
        self.loops.stop()
        let snapshot = await self.collector.wait { _ in true }
        #expect(Set(snapshot.spanIDs).count == snapshot.spanIDs.count && self.collector.rejected > 0)
    }
}
