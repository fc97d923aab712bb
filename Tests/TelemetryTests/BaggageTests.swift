import Telemetry
import Testing

@Suite("W3C Baggage")
struct BaggageTests {
    private func parse(_ header: String) -> Baggage { W3CPropagator.extract(traceparent: nil, baggage: header).1 }

    @Test("Members, blanks, percent-encoding and properties are read")
    func members() {
        let baggage = self.parse("userId=alice , serverNode=DF%2028,isProduction=false;ttl=5;flag")
        #expect(baggage["userId"] == "alice")
        #expect(baggage["serverNode"] == "DF 28")
        #expect(baggage.members.last?.metadata == "ttl=5;flag")
        #expect(baggage.header == "userId=alice,serverNode=DF%2028,isProduction=false;ttl=5;flag")
    }

    @Test(
        "A broken member is left out and the others stay",
        arguments: [
            "a", "=a", "a b=c", "a=\"q\"", "a=b\\c", "a=b c", "(a)=b", "a=\u{1}", "a=é", "é=a", "", ";", "a=b;\u{7f}",
        ])
    func broken(member: String) {
        let baggage = self.parse("good=1,\(member),fine=2")
        #expect(baggage.members.map(\.key) == ["good", "fine"])
    }

    @Test("Bad percent sequences stay as they are, bad UTF-8 becomes U+FFFD")
    func percent() {
        #expect(self.parse("a=%zz%4")["a"] == "%zz%4")
        #expect(self.parse("a=%ff")["a"] == "\u{fffd}")
        #expect(self.parse("a=%C3%A9")["a"] == "é")
    }

    @Test("At most 64 members and 8,192 bytes come in; the first of a repeated key counts")
    func bounds() {
        #expect(self.parse((0..<100).map { "k\($0)=v" }.joined(separator: ",")).members.count == 64)
        #expect(self.parse("k=" + String(repeating: "v", count: 8_190)).members.count == 1)
        #expect(self.parse("k=" + String(repeating: "v", count: 8_191)).isEmpty)
        #expect(self.parse("k=1,k=2")["k"] == "1")
        let long = String(repeating: "v", count: 4_000)
        #expect(self.parse("a=\(long),b=\(long),c=\(long)").members.map(\.key) == ["a", "b"])
        #expect(self.parse("a=\(String(repeating: "v", count: 8_190)),b=1").members.map(\.key) == ["a"])
    }

    @Test("What is set comes back through the header, whatever it holds")
    func roundTrip() {
        let hostile = "a,b;c=d \"quoted\" \\ \r\n é 100%"
        let baggage = Baggage.empty.setting("key", hostile)
        #expect(baggage.header.utf8.allSatisfy { (0x21...0x7e).contains($0) })
        #expect(self.parse(baggage.header)["key"] == hostile)
        #expect(Baggage.empty.setting("bad key", "v").isEmpty)
        #expect(Baggage.empty.setting("k", "v", metadata: "a\r\nb").isEmpty)
        #expect(baggage.removing("key").isEmpty)
    }

    @Test("Setting never passes the bounds")
    func setBounds() {
        var baggage = Baggage.empty
        for index in 0..<100 { baggage = baggage.setting("k\(index)", "v") }
        #expect(baggage.members.count == 64)
        #expect(Baggage.empty.setting("k", String(repeating: "v", count: 9_000)).isEmpty)
    }
}

@Suite("Headers from strangers")
struct HostileHeaderTests {
    /// A generator whose numbers are the same in every run.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            self.state = self.state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return self.state ^ self.state >> 29
        }
    }

    /// A valid header with a few bytes changed, left out or repeated.
    private func damaged(_ header: String, _ numbers: inout Numbers) -> String {
        var bytes = Array(header.utf8)
        for _ in 0..<Int.random(in: 0...4, using: &numbers) where !bytes.isEmpty {
            let place = Int.random(in: bytes.indices, using: &numbers)
            switch Int.random(in: 0..<3, using: &numbers) {
            case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &numbers)
            case 1: bytes.remove(at: place)
            default: bytes.insert(contentsOf: bytes[place...], at: place)
            }
        }
        return String(decoding: bytes.prefix(20_000), as: UTF8.self)
    }

    @Test("Whatever comes, nothing breaks, and what was taken in goes out within the grammar and reads back the same")
    func damagedHeaders() {
        var numbers = Numbers(state: 42)
        for _ in 0..<20_000 {
            let parent = self.damaged("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", &numbers)
            let state = self.damaged("rojo=00f067aa0ba902b7,tenant@vendor=t61 rcWkg,a*b=~", &numbers)
            let bags = self.damaged("userId=alice,serverNode=DF%2028;ttl=5,isProduction=false", &numbers)
            let (span, baggage) = W3CPropagator.extract(traceparent: parent, tracestate: state, baggage: bags)
            if let span {
                #expect(span.isValid && span.traceState.members.count <= 32)
                let again = W3CPropagator.extract(
                    traceparent: W3CPropagator.traceparent(span), tracestate: span.traceState.header)
                #expect(again.0 == span)
            }
            #expect(baggage.members.count <= 64)
            let header = baggage.header
            #expect(header.utf8.allSatisfy { (0x20...0x7e).contains($0) || $0 == 0x09 })
            #expect(header.utf8.count <= Baggage.bytesMax)
            // Values encoded anew may have grown beyond the bound; the members before come back as they were.
            let again = W3CPropagator.extract(traceparent: nil, baggage: header).1
            #expect(baggage.members.starts(with: again.members))
            if header.utf8.count < 4_000 { #expect(again == baggage) }
        }
    }
}
