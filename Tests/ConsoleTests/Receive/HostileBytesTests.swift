import Testing

@testable import Console

@Suite("Hostile bytes")
struct HostileBytesTests {
    /// What became of many bodies.
    private struct Tally {
        var (read, refused, malformed) = (0, 0, 0)
    }

    @Test("Protobuf that was tampered with is read in part or malformed", arguments: [1, 2, 3] as [UInt64])
    func protobuf(_ seed: UInt64) {
        let tally = Self.tally(
            seed, ReceivedSpan.self, Golden.traces, ReceivedLog.self, Golden.logs, ReceivedMetric.self, Golden.metrics
        ) { OTLPEncoding.protobuf }
        #expect(tally.read > 500)
        // Few: a length that is changed is seldom that of an id alone.
        #expect(tally.refused > 0)
        #expect(tally.malformed > 500)
    }

    @Test("JSON that was tampered with is read in part or malformed", arguments: [1, 2, 3] as [UInt64])
    func json(_ seed: UInt64) {
        let id = "\"traceId\":\"5b8efff798038103d269b633813fc60c\",\"spanId\":\"eee19b7ec3c1b174\""
        let pair = "\"attributes\":[{\"key\":\"k\",\"value\":{\"kvlistValue\":{\"values\":[{\"key\":\"i\"}]}}}]"
        let span = "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\(id),\(pair),\"status\":{\"code\":2}}]}]}]}"
        let log = "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\(id),\(pair),\"timeUnixNano\":\"5\"}]}]}]}"
        let metric = """
            {"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"m","gauge":{"dataPoints":[{"asInt":"5"}]}}]}]}]}
            """
        let tally = Self.tally(
            seed, ReceivedSpan.self, Array(span.utf8), ReceivedLog.self, Array(log.utf8), ReceivedMetric.self,
            Array(metric.utf8)
        ) { OTLPEncoding.json }
        #expect(tally.read > 500)
        #expect(tally.refused > 20)
        #expect(tally.malformed > 500)
    }

    /// Decodes 2,000 variations of each body.
    private static func tally<A: OTLPItem, B: OTLPItem, C: OTLPItem>(
        _ seed: UInt64, _: A.Type, _ first: [UInt8], _: B.Type, _ second: [UInt8], _: C.Type, _ third: [UInt8],
        _ encoding: () -> OTLPEncoding
    ) -> Tally {
        var random = SplitMix64(seed: seed)
        var tally = Tally()
        for _ in 0..<2_000 {
            self.decode(A.self, self.tampered(first, &random), encoding(), &tally)
            self.decode(B.self, self.tampered(second, &random), encoding(), &tally)
            self.decode(C.self, self.tampered(third, &random), encoding(), &tally)
        }
        return tally
    }

    private static func decode<Item: OTLPItem>(
        _: Item.Type, _ body: [UInt8], _ encoding: OTLPEncoding, _ tally: inout Tally
    ) {
        var intake = Decoding.intake()
        do {
            let items: [Item] = try encoding.read(body, &intake)
            #expect(items.count <= body.count)
            tally.read += 1
            tally.refused += intake.refusedCount
        } catch {
            #expect("\(error)".utf8.count < 2_000)
            tally.malformed += 1
        }
    }

    /// A few bytes changed, left out, put in or doubled.
    private static func tampered(_ bytes: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 2: bytes.remove(at: place)
            case 3: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
            default:
                let end = Int.random(in: place..<bytes.count, using: &random)
                bytes.insert(contentsOf: bytes[place...end], at: place)
            }
            if bytes.isEmpty { return bytes }
        }
        return bytes
    }
}
