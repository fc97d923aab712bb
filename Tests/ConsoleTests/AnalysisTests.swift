import JSON
import Telemetry
import Testing

@testable import Console

@Suite("What is made of traces")
struct AnalysisTests {
    private func tree(_ spans: [ReceivedSpan]) throws -> TraceTree {
        var store = TraceStore(StoreLimits(memoryBytesMax: 64 << 20))
        for span in spans { store.add(span, at: Made.second) }
        return TraceTree(try #require(store.trace(Made.trace(1))), store.tables)
    }

    @Test("The critical path goes through what ended last, and adds up to the root")
    func criticalPath() throws {
        let tree = try self.tree([
            Made.span(1, 1, "gateway", "root", 0...100), Made.span(1, 2, in: 1, "order", "first", 10...40),
            Made.span(1, 3, in: 1, "order", "beside", 10...30), Made.span(1, 4, in: 1, "order", "second", 50...90),
            Made.span(1, 5, in: 4, "product", "inner", 60...80),
        ])
        let critical = Dictionary(
            uniqueKeysWithValues: zip(tree.spans.map(\.name), tree.critical.map { $0 / 1_000_000 }))
        // 0–10, 40–50 and 90–100 are the root's own.
        #expect(critical == ["root": 30, "first": 30, "beside": 0, "second": 20, "inner": 20])
    }

    @Test("What is said of tries is for numbers that can be, and of thousands the first dozen")
    func tries() throws {
        let count = ReceivedAttribute("http.request.resend_count", .int(.max))
        #expect(Explanation(try self.tree([Made.span(1, 1, attributes: [count])])).sentences.isEmpty)
        let second = ReceivedAttribute("http.request.resend_count", .int(1))
        let many = try self.tree((1...5_000).map { Made.span(1, $0, attributes: [second]) })
        let sentences = Explanation(many).sentences
        #expect(sentences.count == 12)
        #expect(sentences.first?.text.hasSuffix("is try number 2.") == true)
    }

    @Test("A chain of ten thousand, a circle, and one that is its own parent are no trouble")
    func oddTrees() throws {
        let chain = try self.tree((1...10_000).map { Made.span(1, $0, in: $0 - 1, "s", "op", 0...(20_000 - $0)) })
        #expect(chain.spans.count == 10_000)
        #expect(chain.depth(9_999) == 9_999)
        let circle = try self.tree([
            Made.span(1, 1, in: 3), Made.span(1, 2, in: 1), Made.span(1, 3, in: 2), Made.span(1, 4, in: 4),
        ])
        #expect(circle.spans.count == 4)
        #expect(circle.roots.count == 2)
        let orphan = try self.tree([Made.span(1, 1), Made.span(1, 2, in: 77)])
        #expect(orphan.roots.count == 2)
    }

    @Test("A failing trace says where it failed first, and what was done")
    func explanation() throws {
        var refused = Made.span(1, 3, in: 2, "order", "reserve", 5...6, kind: .client, isError: true)
        refused.attributes = [ReceivedAttribute("error.type", .string("timeout"))]
        refused.events = [
            .init(
                name: "circuit changed", time: Made.second,
                attributes: [
                    ReceivedAttribute("shop.breaker.name", .string("product")),
                    ReceivedAttribute("shop.breaker.state", .string("open")),
                    ReceivedAttribute("shop.breaker.reason", .string("failure_rate")),
                ]),
            .init(
                name: "chaos.fault.injected", time: Made.second,
                attributes: [ReceivedAttribute("shop.fault.kind", .string("hang"))]),
        ]
        let tree = try self.tree([
            Made.span(1, 1, "gateway", "POST /orders", 0...50, isError: true),
            Made.span(1, 2, in: 1, "order", "place", 2...40, isError: true), refused,
        ])
        let sentences = Explanation(tree).sentences
        #expect(sentences.first?.text == "It failed first at reserve in order: timeout. 2 more spans failed.")
        #expect(sentences.first?.spanID == SpanID(rawValue: 3))
        let all = sentences.map(\.text).joined(separator: "\n")
        #expect(all.contains("This call turned the breaker of order towards product open (failure_rate)."))
        #expect(all.contains("reserve in order was broken on purpose: hang."))
        #expect(all.contains("reserve in order was given up: its time was over."))
    }

    @Test("Tries of the same call are counted")
    func retries() throws {
        let call = "product.v1/Reserve"
        func tree(_ lastFails: Bool) throws -> TraceTree {
            try self.tree([
                Made.span(1, 1, "order", "place", 0...90, isError: lastFails),
                Made.span(1, 2, in: 1, "order", call, 5...9, kind: .client, isError: true),
                Made.span(1, 3, in: 1, "order", call, 20...29, kind: .client, isError: true),
                Made.span(1, 4, in: 1, "order", call, 50...59, kind: .client, isError: lastFails),
            ])
        }
        let failing = Explanation(try tree(true)).sentences.map(\.text)
        #expect(failing.contains("order tried \(call) 3 times: each failed."))
        let mended = Explanation(try tree(false)).sentences.map(\.text)
        #expect(mended.contains("order tried \(call) 3 times: the last went well."))
    }

    @Test("A healthy trace is not explained; a slow one says what took the time")
    func slow() throws {
        #expect(Explanation(try self.tree([Made.span(1, 1)])).sentences.isEmpty)
        let tree = try self.tree([
            Made.span(1, 1, "gateway", "GET /", 0...1_000),
            Made.span(1, 2, in: 1, "product", "SELECT products", 50...950, kind: .client),
        ])
        #expect(
            Explanation(tree).sentences.map(\.text) == [
                "SELECT products in product took 900 ms of the 1000 ms itself: 90 %."
            ])
    }

    @Test("The overview has rates, failures and quantiles by service, and edges between services")
    func overview() {
        let store = Made.store(now: Made.second + 10 * Made.second)
        var spans: [ReceivedSpan] = []
        for number in 1...100 as ClosedRange<UInt64> {
            spans.append(Made.span(number, 1, "gateway", "GET /products", 0...20))
            spans.append(Made.span(number, 2, in: 1, "gateway", "GET", 1...19, kind: .client))
            spans.append(
                Made.span(number, 3, in: 2, "product", "list", 2...(number <= 90 ? 4 : 14), isError: number <= 10))
        }
        #expect(store.take(spans) == .all)
        let overview = store.overview(window: 60)
        // The first of them came ten seconds ago.
        #expect(abs(overview.seconds - 10) < 0.001)
        #expect(overview.services["gateway"]?.count == 100)
        #expect(overview.services["product"]?.errorRatio == 0.1)
        let product = overview.services["product"]
        #expect(abs((product?.quantile(0.5) ?? 0) - 2) < 0.2)
        #expect(abs((product?.quantile(0.95) ?? 0) - 12) < 1.2)
        #expect(overview.edges.keys.map { "\($0.from)→\($0.to)" } == ["gateway→product"])
        #expect(overview.operations["product"]?["list"]?.count == 100)
        // What ended before the window is no part of it.
        #expect(Overview(store.read { $0.traces }, now: 100 * Made.second, window: 10).services.isEmpty)
    }

    @Test("A trace is written as Jaeger writes it, and as OTLP that comes in again as it was")
    func formats() throws {
        var child = Made.span(1, 2, in: 1, "order", "place", 5...9, kind: .client, isError: true)
        child.attributes = [
            ReceivedAttribute("count", .int(3)), ReceivedAttribute("ratio", .double(0.5)),
            ReceivedAttribute("ok", .bool(true)), ReceivedAttribute("raw", .bytes([1, 2, 3])),
        ]
        child.links = [.init(traceID: Made.trace(7), spanID: SpanID(rawValue: 7))]
        child.events = [.init(name: "exception", time: Made.second + 6_000_000)]
        child.statusMessage = "no"
        let tree = try self.tree([Made.span(1, 1, "gateway", "POST /orders", 0...10), child])

        var json = JSONWriter()
        JaegerJSON.write(tree, to: &json)
        let jaeger = try JSONValue(parsing: json.bytes)
        let spans = try #require(jaeger["spans"]?.array)
        #expect(spans.count == 2)
        #expect(spans[1]["references"]?.array?.first?["refType"]?.string == "CHILD_OF")
        #expect(spans[1]["references"]?.array?.last?["refType"]?.string == "FOLLOWS_FROM")
        #expect(spans[1]["startTime"]?.int == 1_005_000)
        #expect(spans[1]["duration"]?.int == 4_000)
        let tags = Dictionary(
            (spans[1]["tags"]?.array ?? []).map { ($0["key"]?.string ?? "", $0["type"]?.string ?? "") },
            uniquingKeysWith: { first, _ in first })
        #expect(
            tags == [
                "count": "int64", "ratio": "float64", "ok": "bool", "raw": "binary", "span.kind": "string",
                "otel.status_code": "string", "error": "bool", "otel.status_description": "string",
            ])
        let process = try #require(spans[1]["processID"]?.string)
        #expect(jaeger["processes"]?[process]?["serviceName"]?.string == "order")

        var intake = OTLPIntake(OTLPLimits(), now: 0)
        let back: [ReceivedSpan] = try OTLPJSON.read(OTLPTraceWriter.bytes(tree), &intake)
        #expect(intake.refused.isEmpty)
        #expect(back.sorted { $0.start < $1.start } == tree.spans)
    }
}
