import Telemetry
import Testing

@Suite("W3C Trace Context")
struct TraceContextTests {
    static let header = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    private func extract(_ traceparent: String, tracestate: String? = nil) -> SpanContext? {
        W3CPropagator.extract(traceparent: traceparent, tracestate: tracestate).0
    }

    @Test("The example of the Recommendation is read and written back byte for byte")
    func roundTrip() throws {
        let context = try #require(self.extract(Self.header))
        #expect(context.traceID.description == "0af7651916cd43dd8448eb211c80319c")
        #expect(context.spanID.description == "b7ad6b7169203331")
        #expect(context.flags == [.sampled])
        #expect(context.isSampled && context.isRemote && context.isValid)
        #expect(W3CPropagator.traceparent(context) == Self.header)
        var bytes: [UInt8] = [0x7c]
        W3CPropagator.appendTraceparent(context, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "|" + Self.header)
        #expect(W3CPropagator.withTraceparent(context) { String(decoding: $0, as: UTF8.self) } == Self.header)
    }

    @Test("A header cut anywhere restarts the trace")
    func everyLength() {
        for length in 0..<Self.header.count { #expect(self.extract(String(Self.header.prefix(length))) == nil) }
        for tail in ["0", "-", "-00", " ", "\0"] { #expect(self.extract(Self.header + tail) == nil) }
    }

    @Test("Any byte replaced by one outside the grammar restarts the trace")
    func everyByte() {
        let hostile: [UInt8] = [
            0x00, 0x20, 0x2f, 0x3a, 0x40, 0x41, 0x46, 0x47, 0x60, 0x67, 0x7f, 0x80, 0xb0, 0xe1, 0xff,
        ]
        for place in 0..<Self.header.utf8.count {
            for byte in hostile {
                var bytes = Array(Self.header.utf8)
                bytes[place] = byte
                let context = bytes.withUnsafeBufferPointer { W3CPropagator.extract(traceparent: $0).0 }
                #expect(context == nil, "byte \(byte) at \(place)")
            }
        }
    }

    @Test("Each hexadecimal digit is accepted at each place of an id and keeps its value")
    func everyDigit() throws {
        for place in 3..<35 {
            for digit in "0123456789abcdef" {
                var text = Array(Self.header)
                text[place] = digit
                let context = try #require(self.extract(String(text)))
                #expect(W3CPropagator.traceparent(context) == String(text))
            }
        }
    }

    @Test(
        "All-zero ids and version ff are invalid",
        arguments: [
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        ])
    func invalid(header: String) { #expect(self.extract(header) == nil) }

    @Test("A later version is read as far as version 00 goes, if a dash or nothing follows")
    func laterVersion() throws {
        let body = Self.header.dropFirst(2)
        #expect(self.extract("cc" + body) != nil)
        let context = try #require(self.extract("01" + body + "-what-the-future-brings"))
        #expect(W3CPropagator.traceparent(context) == Self.header)
        #expect(self.extract("01" + body + ".what") == nil)
    }

    @Test("Unknown flags are not forwarded, the random flag is")
    func flags() throws {
        let context = try #require(self.extract(String(Self.header.dropLast(2)) + "ff"))
        #expect(context.flags == [.sampled, .random])
        #expect(W3CPropagator.traceparent(context).hasSuffix("-03"))
    }

    @Test("tracestate is kept in order, and means nothing without a valid traceparent")
    func traceState() throws {
        let context = try #require(
            self.extract(Self.header, tracestate: "rojo=00f067aa0ba902b7 , congo=t61rcWkgMzE,,a@b=c"))
        #expect(context.traceState.header == "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE,a@b=c")
        #expect(context.traceState["congo"] == "t61rcWkgMzE")
        #expect(self.extract("00-junk", tracestate: "a=b") == nil)
    }

    @Test(
        "tracestate that breaks its grammar is dropped, the trace goes on",
        arguments: [
            "A=b", "a", "=b", "a=", "a=b=c", "a b=c", "9a=b", "a@=b", "@a=b", "a@9=b", "a=\u{7f}", "a=é",
            "é=a",
            String(repeating: "k", count: 257) + "=v", "k=" + String(repeating: "v", count: 257),
            (0..<33).map { "k\($0)=v" }.joined(separator: ","),
            String(repeating: "t", count: 242) + "@s=v", "t@" + String(repeating: "s", count: 15) + "=v",
        ])
    func brokenTraceState(header: String) throws {
        let context = try #require(self.extract(Self.header, tracestate: header))
        #expect(context.traceState.isEmpty)
    }

    @Test("Of a key that repeats the first member is kept, and the other vendors keep theirs")
    func repeatedKey() throws {
        let context = try #require(self.extract(Self.header, tracestate: "a=1,b=2,a=3,c=4"))
        #expect(context.traceState.header == "a=1,b=2,c=4")
    }

    @Test("The limits of tracestate are inclusive")
    func traceStateLimits() throws {
        let full = (0..<32).map { "k\($0)=v" }.joined(separator: ",")
        #expect(self.extract(Self.header, tracestate: full)?.traceState.members.count == 32)
        let long = String(repeating: "k", count: 256) + "=" + String(repeating: "v", count: 256)
        #expect(self.extract(Self.header, tracestate: long)?.traceState.header == long)
    }

    @Test("Setting a member moves it to the front and pushes the 33rd out")
    func setMember() throws {
        let full = (0..<32).map { "k\($0)=v" }.joined(separator: ",")
        let state = try #require(self.extract(Self.header, tracestate: full)).traceState.setting("vitrine", "1")
        #expect(state.members.count == 32)
        #expect(state.members.first?.key == "vitrine")
        #expect(state["k31"] == nil)
        #expect(state.setting("k5", "w").header.hasPrefix("k5=w,vitrine=1,k0=v"))
        #expect(state.setting("Bad", "1") == state)
    }

    @Test("Random ids are valid and differ")
    func randomIDs() {
        let ids = Set((0..<10_000).map { _ in TraceID.random() })
        #expect(ids.count == 10_000 && ids.allSatisfy(\.isValid))
        #expect(Set((0..<10_000).map { _ in SpanID.random() }).count == 10_000)
        #expect(TraceID(hex: "0af7651916cd43dd8448eb211c80319c")?.description == "0af7651916cd43dd8448eb211c80319c")
        #expect(
            TraceID(hex: "0af7") == nil && SpanID(hex: "0000000000000000") == nil
                && SpanID(hex: "é23456789abcdef") == nil)
    }
}
