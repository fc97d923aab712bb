import Telemetry
import Testing

@testable import Console

@Suite("The store of traces")
struct TraceStoreTests {
    private func store(_ spans: [ReceivedSpan], _ limits: StoreLimits = StoreLimits(memoryBytesMax: 64 << 20))
        -> TraceStore
    {
        var store = TraceStore(limits)
        for span in spans { store.add(span, at: Made.second) }
        return store
    }

    @Test("Whatever the order in which spans come, the trace is the same", arguments: 0..<20)
    func order(_ seed: UInt64) {
        var spans = (1...40).map { Made.span(1, $0, in: $0 / 2, "s\($0 % 3)", "op \($0)", $0...($0 + 50)) }
        var state = seed &+ 1
        for index in spans.indices.reversed() {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            spans.swapAt(index, Int(state >> 33) % (index + 1))
        }
        let store = self.store(spans)
        let trace = store.trace(Made.trace(1))
        #expect(trace?.spans.count == 40)
        #expect(trace?.isComplete == true)
        let tree = trace.map { TraceTree($0, store.tables) }
        #expect(tree?.roots.count == 1)
        #expect(tree?.spans.first?.name == "op 1")
        // Parents before children.
        for (place, parent) in (tree?.parents ?? []).enumerated() where parent != nil { #expect(parent! < place) }
    }

    @Test("A span that comes twice is one, and counted as come twice")
    func duplicate() {
        let store = self.store([
            Made.span(1, 1, "a", "first", isError: true), Made.span(1, 1, "a", "second"),
        ])
        #expect(store.spanCount == 1)
        #expect(store.duplicates == 1)
        #expect(store.trace(Made.trace(1))?.errors == 0)
        #expect(store.search(TraceQuery()).found.first?.rootOperation == "second")
    }

    @Test("Bytes and spans stay within their bounds; failures stay longer than what went well")
    func bounds() {
        var limits = StoreLimits(memoryBytesMax: 1 << 20)
        limits.spansMax = 400
        var store = TraceStore(limits)
        for number in 1...5_000 as ClosedRange<UInt64> {
            // One in fifty fails.
            store.add(
                Made.span(number, 1, "a", "op", isError: number.isMultiple(of: 50)), at: Made.second + number)
            #expect(store.spanCount <= 401)
            #expect(store.bytes <= limits.spanBytesMax + 4_096)
        }
        #expect(store.evictedSpans + store.spanCount == 5_000)
        #expect(store.trace(Made.trace(5_000)) != nil)
        #expect(store.trace(Made.trace(1)) == nil)
        var failures = TraceQuery()
        failures.isError = true
        failures.limit = 1_000
        // Many more than the eight of the newest four hundred.
        #expect(store.search(failures).matched > 50)
    }

    @Test("One trace takes a quarter of the room at most, however large its spans and whatever comes twice")
    func largeTrace() {
        let limits = StoreLimits(memoryBytesMax: 4 << 20)
        let large = ReceivedAttribute("text", .string(String(repeating: "x", count: 60_000)))
        var store = TraceStore(limits)
        store.add(Made.span(2, 1), at: Made.second)
        for number in 1...200 as ClosedRange<UInt64> {
            store.add(Made.span(1, number, attributes: [large]), at: Made.second)
        }
        #expect(store.bytes <= limits.traceBytesMax + 65_536)
        #expect(store.beyond > 100)
        // What replaces a small span may not be larger than there is room for.
        for number in 1...200 as ClosedRange<UInt64> { store.add(Made.span(3, number), at: Made.second) }
        for number in 1...200 as ClosedRange<UInt64> {
            store.add(Made.span(3, number, attributes: [large]), at: Made.second)
        }
        #expect(store.bytes <= 2 * limits.traceBytesMax + 131_072)
        #expect(store.trace(Made.trace(2)) != nil)
    }

    @Test("Of failures, the newest stay; figures begin after what has given way")
    func rotation() {
        var store = TraceStore(StoreLimits(memoryBytesMax: 1 << 20))
        for number in 1...20_000 as ClosedRange<UInt64> {
            store.add(
                Made.span(number, 1, "a", "op", isError: number.isMultiple(of: 2)), at: Made.second + number * 1_000_000
            )
        }
        #expect(store.trace(Made.trace(20_000)) != nil)
        #expect((1...10_000).allSatisfy { store.trace(Made.trace($0)) == nil })
        // Among ordinary ones of the newest, failures of before: they were kept.
        #expect((10_001...18_000).contains { store.trace(Made.trace($0)) != nil })
        let now = Made.second + 20_001 * 1_000_000
        let overview = Overview(store, now: now, window: 60)
        #expect(overview.seconds < 20)
        #expect(store.forgottenUntil > Made.second + 15_000 * 1_000_000)
    }

    @Test("Resources and scopes beyond their room still name the service")
    func beyondRoom() {
        var store = TraceStore(StoreLimits(memoryBytesMax: 64 << 20))
        for number in 1...100 as ClosedRange<UInt64> {
            var span = Made.span(number, 1, "service \(number)", String(repeating: "n", count: 60_000) + "\(number)")
            span.resource.attributes.append(
                ReceivedAttribute("text", .string(String(repeating: "x", count: 60_000) + "\(number)")))
            store.add(span, at: Made.second)
        }
        let last = store.trace(Made.trace(100)).map { store.tables.unpack($0.spans[0], of: $0.id) }
        #expect(last?.resource.service == "service 100")
        #expect(last?.name == String(repeating: "n", count: SharedTables.nameBytesMax))
    }

    @Test("A trace that is too long keeps its first spans, and counts the others")
    func long() {
        var limits = StoreLimits(memoryBytesMax: 64 << 20)
        limits.spansPerTraceMax = 100
        let store = self.store((1...150).map { Made.span(1, $0) }, limits)
        #expect(store.spanCount == 100)
        #expect(store.beyond == 50)
    }

    @Test("Traces are found by service, operation, failure, duration, tag and text")
    func search() {
        let route = ReceivedAttribute("http.route", .string("/cart"))
        let store = self.store([
            Made.span(1, 1, "gateway", "GET /cart", 0...100), Made.span(1, 2, in: 1, "cart", "load", 10...90, [route]),
            Made.span(2, 1, "gateway", "GET /products", 200...205),
            Made.span(3, 1, "gateway", "GET /cart", 300...301, isError: true),
        ])
        func ids(_ change: (inout TraceQuery) -> Void) -> [UInt64] {
            var query = TraceQuery()
            change(&query)
            return store.search(query).found.map(\.id.low)
        }
        #expect(ids { _ in } == [3, 2, 1])
        #expect(ids { $0.limit = 2 } == [3, 2])
        #expect(ids { $0.service = "cart" } == [1])
        #expect(ids { $0.service = "nobody" } == [])
        #expect(ids { $0.operation = "GET /cart" } == [3, 1])
        #expect(ids { ($0.service, $0.operation) = ("cart", "GET /cart") } == [])
        #expect(ids { $0.isError = true } == [3])
        #expect(ids { $0.isError = false } == [2, 1])
        #expect(ids { $0.durationMin = 50_000_000 } == [1])
        #expect(ids { $0.durationMax = 5_000_000 } == [3, 2])
        #expect(ids { $0.tags = [("http.route", "/cart")] } == [1])
        #expect(ids { $0.tags = [("http.route", "/")] } == [])
        #expect(ids { $0.tags = [("service.name", "cart")] } == [1])
        #expect(ids { $0.tags = [("error", "true")] } == [3])
        #expect(ids { $0.text = "/car" } == [3, 1])
        #expect(ids { $0.text = "products" } == [2])
        #expect(ids { $0.text = "nowhere to be found" } == [])
        #expect(ids { $0.startMin = Made.second + 200_000_000 } == [3, 2])
        #expect(ids { $0.startMax = Made.second + 200_000_000 } == [2, 1])
    }

    @Test("A summary counts by service, and names the root")
    func summary() {
        let store = self.store([
            Made.span(1, 1, "gateway", "POST /orders", 0...50), Made.span(1, 2, in: 1, "order", "place", 5...45),
            Made.span(1, 3, in: 2, "order", "insert", 6...7, kind: .client, isError: true),
        ])
        let summary = store.search(TraceQuery()).found.first
        #expect(summary?.rootService == "gateway")
        #expect(summary?.rootOperation == "POST /orders")
        #expect(summary?.duration == 50_000_000)
        #expect(summary?.errorCount == 1)
        #expect(summary?.services.map(\.name) == ["gateway", "order"])
        #expect(summary?.services.last?.errorCount == 1)
        #expect(summary?.isComplete == true)
    }

    @Test("A trace is told once it rests, and again when it has changed")
    func changed() {
        var store = TraceStore(StoreLimits(memoryBytesMax: 1 << 20))
        store.add(Made.span(1, 1), at: 100)
        #expect(store.takeChanged(restingSince: 99, atMost: 10).isEmpty)
        #expect(store.takeChanged(restingSince: 100, atMost: 10).count == 1)
        #expect(store.takeChanged(restingSince: 200, atMost: 10).isEmpty)
        store.add(Made.span(1, 2, in: 1), at: 300)
        #expect(store.takeChanged(restingSince: 300, atMost: 10).first?.spans.count == 2)
    }
}

extension Made {
    fileprivate static func span(
        _ trace: UInt64, _ id: UInt64, in parent: UInt64, _ service: String, _ name: String,
        _ milliseconds: ClosedRange<UInt64>, _ attributes: [ReceivedAttribute]
    ) -> ReceivedSpan {
        self.span(
            trace, id, in: parent, service, name, milliseconds, kind: .server, isError: false, attributes: attributes)
    }
}
