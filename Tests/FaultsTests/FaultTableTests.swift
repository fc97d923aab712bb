import JSON
import Telemetry
import Testing

@testable import Faults

@Suite("Which calls a fault hits")
struct FaultTableTests {
    private func fault(_ id: String, _ json: String, endsAt: UInt64 = 100) throws -> ActiveFault {
        let object = try #require(try JSONValue(parsing: #"{"duration_seconds":1,\#(json)}"#).object)
        return ActiveFault(
            id: id, spec: try FaultRequest(object).spec, endsAt: endsAt, endsAtUnixMicroseconds: 0)
    }

    private func table(_ jsons: String...) throws -> FaultTable {
        var table = FaultTable()
        for (index, json) in jsons.enumerated() { try table.set(try self.fault("f\(index)", json)) }
        return table
    }

    private func call(_ name: String = "GET /a", upstream: String? = nil, _ baggage: Baggage = .empty) -> FaultCall {
        FaultCall(name, upstream: upstream, baggage: baggage)
    }

    private static let half = #""kind":"reset","point":"server","percentage":50,"seed":7"#

    /// Which of the next calls are hit.
    private func hits(_ table: inout FaultTable, _ count: Int = 1_000) -> [Bool] {
        (0..<count).map { _ in !table.choose(at: .server, self.call(), now: 0).isEmpty }
    }

    @Test("A fault hits calls of its point, route, upstream and baggage only")
    func scope() throws {
        var table = try self.table(
            #""kind":"reset","point":"client","upstream":"product","route":"/a*","#
                + #""baggage":{"key":"shop.chaos","value":"alice"}"#)
        let alice = Baggage.empty.setting("shop.chaos", "alice")
        #expect(table.choose(at: .client, self.call(upstream: "product", alice), now: 0).count == 1)
        #expect(table.choose(at: .server, self.call(upstream: "product", alice), now: 0).isEmpty)
        #expect(table.choose(at: .client, self.call(upstream: "cart", alice), now: 0).isEmpty)
        #expect(table.choose(at: .client, self.call("GET /b", upstream: "product", alice), now: 0).isEmpty)
        #expect(table.choose(at: .client, self.call(upstream: "product"), now: 0).isEmpty)
        let bob = alice.setting("shop.chaos", "bob")
        #expect(table.choose(at: .client, self.call(upstream: "product", bob), now: 0).isEmpty)
        #expect(table.choose(at: .client, self.call(upstream: "product", alice), kinds: [.hang], now: 0).isEmpty)
        #expect(table.faults[0].calls == 1)
        #expect(table.faults[0].injections == 1)
    }

    @Test("The same seed hits the same calls, another seed others, and about as many as the percentage says")
    func seeds() throws {
        var first = try self.table(Self.half)
        var again = try self.table(Self.half)
        var other = try self.table(#""kind":"reset","point":"server","percentage":50,"seed":8"#)
        let hits = self.hits(&first)
        #expect(hits == self.hits(&again))
        #expect(hits != self.hits(&other))
        // 3.8 standard deviations of 1000 throws of a coin.
        #expect((440...560).contains(hits.count { $0 }))
        #expect(first.faults[0].injections == hits.count { $0 })
        var all = try self.table(#""kind":"reset","point":"server""#)
        #expect(self.hits(&all).allSatisfy { $0 })
    }

    @Test("Calls that a fault is not for do not move its draw")
    func foreignCalls() throws {
        let json = Self.half + #","route":"GET /a""#
        var alone = try self.table(json)
        var among = try self.table(json)
        let expected = self.hits(&alone, 200)
        let seen = (0..<200).map { _ in
            _ = among.choose(at: .server, self.call("GET /other"), now: 0)
            return !among.choose(at: .server, self.call(), now: 0).isEmpty
        }
        #expect(seen == expected)
    }

    @Test("Raising the percentage adds calls and takes none away, and the counts go on")
    func graded() throws {
        var low = try self.table(#""kind":"reset","point":"server","percentage":10,"seed":3"#)
        var high = try self.table(#""kind":"reset","point":"server","percentage":60,"seed":3"#)
        for (few, many) in zip(self.hits(&low), self.hits(&high)) { #expect(!few || many) }
        let before = low.faults[0].injections
        try low.set(try self.fault("f0", #""kind":"reset","point":"server","percentage":100,"seed":3"#))
        #expect(low.faults.count == 1)
        #expect(low.faults[0].injections == before)
        #expect(self.hits(&low, 10) == Array(repeating: true, count: 10))
        #expect(low.faults[0].injections == before + 10)
    }

    @Test("Delays add up, of outcomes the first counts, and no body is harmed where there is none")
    func stages() throws {
        var table = try self.table(
            #""kind":"truncate","point":"server""#, #""kind":"error","point":"server","status":500"#,
            #""kind":"latency","point":"server","latency_ms":5"#, #""kind":"hang","point":"server""#,
            #""kind":"latency","point":"server","latency_ms":7"#)
        let chosen = table.choose(at: .server, self.call(), now: 0)
        #expect(chosen.map(\.effect.kind) == [.latency, .latency, .error])
        #expect(chosen.map(\.delay) == [.milliseconds(5), .milliseconds(7), .zero])
        #expect(table.faults.map(\.injections) == [0, 1, 1, 0, 1])
        var bodies = try self.table(
            #""kind":"truncate","point":"server","after_bytes":1"#, #""kind":"truncate","point":"server""#,
            #""kind":"slow_body","point":"server","bytes_per_second":9"#)
        #expect(bodies.choose(at: .server, self.call(), now: 0).map(\.id) == ["f0", "f2"])
    }

    @Test("A fault hits nothing from its end on, whether taken out or not")
    func expiry() throws {
        var table = FaultTable()
        try table.set(try self.fault("short", #""kind":"reset","point":"server""#, endsAt: 10))
        try table.set(try self.fault("long", #""kind":"hang","point":"client","upstream":"cart""#, endsAt: 20))
        #expect(table.choose(at: .server, self.call(), now: 9).count == 1)
        #expect(table.choose(at: .server, self.call(), now: 10).isEmpty)
        #expect(table.expire(now: 9).isEmpty)
        #expect(table.points == FaultPoint.server.bit | FaultPoint.client.bit)
        #expect(table.expire(now: 10).map(\.id) == ["short"])
        #expect(table.points == FaultPoint.client.bit)
        #expect(table.expire(now: 30).map(\.id) == ["long"])
        #expect(table.points == 0)
    }

    @Test("There are 64 at most, and one that replaces another needs no room")
    func bounds() throws {
        var table = FaultTable()
        let json = #""kind":"reset","point":"server""#
        for index in 0..<FaultTable.faultsMax { try table.set(try self.fault("f\(index)", json)) }
        let one = try self.fault("more", json)
        #expect(throws: FaultRefusal.full(limit: 64)) { try table.set(one) }
        try table.set(try self.fault("f63", #""kind":"hang","point":"server""#))
        #expect(table.faults.count == 64)
        #expect(table.faults[63].spec.kind == .hang)
    }

    @Test("All faults together hold a gibibyte at most")
    func memory() throws {
        func growth(_ id: String, _ mebibytes: Int) throws -> ActiveFault {
            try self.fault(id, #""kind":"memory_growth","point":"process","mebibytes":\#(mebibytes)"#)
        }
        var table = FaultTable()
        try table.set(try growth("a", 1_000))
        let more = try growth("b", 25)
        #expect(throws: FaultRefusal.tooMuchMemory(limitMebibytes: 1_024)) { try table.set(more) }
        try table.set(try growth("a", 999))
        try table.set(more)
    }

    @Test("Delays follow their distribution", arguments: Latency.Distribution.allCases)
    func distributions(distribution: Latency.Distribution) {
        let latency = Latency(
            milliseconds: 100, jitterMilliseconds: distribution == .fixed || distribution == .exponential ? 0 : 20,
            distribution: distribution)
        let delays = (0..<4_000).map { latency.sample(SeededDraw(seed: 1, call: $0)) / .milliseconds(1) }
        let mean = delays.reduce(0, +) / Double(delays.count)
        let least = delays.min() ?? 0
        let most = delays.max() ?? 0
        #expect(least >= 0)
        switch distribution {
        case .fixed: #expect(least == 100 && most == 100)
        case .uniform: #expect(least >= 80 && most <= 120 && least < 82 && most > 118 && abs(mean - 100) < 1)
        case .normal:
            let variance = delays.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(delays.count)
            #expect(abs(mean - 100) < 2 && abs(variance.squareRoot() - 20) < 1)
        case .exponential: #expect(abs(mean - 100) < 6 && least < 1 && most > 400)
        case .pareto: #expect(least >= 100 && abs(mean - 120) < 4 && most > 180)
        }
    }

    @Test("No delay is longer than a minute, however heavy the tail")
    func longest() {
        let latency = Latency(milliseconds: 50_000, jitterMilliseconds: 60_000, distribution: .pareto)
        let delays = (0..<500).map { latency.sample(SeededDraw(seed: 1, call: $0)) }
        #expect(delays.max() == Latency.most)
    }
}
