import HTTP2
import HTTPCore
import Testing

@Suite("HTTP/2: hostile peers")
struct HostilePeerTests {
    /// The error code of the GOAWAY among what the session sends; nil without one.
    private func goAwayCode(_ session: HTTP2Session) -> UInt32? {
        session.frames().first { $0.kind == .goAway }?.word(at: 4)
    }

    @Test("A connection that begins with anything but the preface fails")
    func badPreface() {
        let session = HTTP2Session(.server)
        session.feed(Array("GET / HTTP/1.1\r\n\r\n123456789".utf8))
        #expect(session.takeAll().map(\.text) == ["failed"])
        #expect(session.isFinished)
    }

    @Test(
        "A frame that breaks the protocol ends the connection with the code that says why",
        arguments: [
            ("oversized", Frame(.data, stream: 1, [UInt8](repeating: 0, count: 16_385)), 6),
            ("content on an idle stream", Frame.data(1, "x"), 1),
            ("a request on an even stream", Frame.get(2), 1),
            ("a request on stream 0", Frame.get(0), 1),
            ("a broken header block", Frame(.headers, flags: 5, stream: 1, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]), 9),
            ("a table index beyond the table", Frame(.headers, flags: 5, stream: 1, [0xFE]), 9),
            ("settings of 5 bytes", Frame(.settings, [0, 1, 2, 3, 4]), 6),
            ("settings on a stream", Frame(.settings, stream: 1, []), 1),
            ("a ping of 7 bytes", Frame(.ping, [UInt8](repeating: 0, count: 7)), 6),
            ("a window update by nothing", Frame(.windowUpdate, Frame.word(0)), 1),
            ("a window beyond 2^31-1", Frame(.windowUpdate, Frame.word(0x7FFF_FFFF)), 3),
            ("a window setting beyond 2^31-1", Frame.settings([(4, 0x8000_0000)]), 3),
            ("a reset of an idle stream", Frame.reset(1), 1),
            ("a continuation of nothing", Frame(.continuation, flags: 4, stream: 1, []), 1),
            ("a push", Frame(.pushPromise, flags: 4, stream: 1, Frame.word(2) + Frame.literal("a", "b")), 1),
            ("padding beyond the frame", Frame(.headers, flags: 0xD, stream: 1, [200, 0]), 1),
        ] as [(String, Frame, UInt32)])
    func connectionErrors(name: String, frame: Frame, code: UInt32) {
        let session = HTTP2Session.server()
        session.feed(frame)
        #expect(self.goAwayCode(session) == code, "\(name)")
        #expect(session.isFinished)
    }

    @Test("A frame between a header block's parts ends the connection")
    func interruptedBlock() {
        let session = HTTP2Session.server()
        session.feed(Frame.headers(1, [(":method", "GET")], endHeaders: false), Frame(.ping, [0, 0, 0, 0, 0, 0, 0, 0]))
        #expect(self.goAwayCode(session) == 1)
    }

    @Test("Content beyond the window is refused")
    func beyondWindow() {
        let session = HTTP2Session.server {
            $0.streamWindowBytes = 1_000
            $0.connectionWindowBytes = 65_535
        }
        session.feed(Frame.post(1), Frame(.data, stream: 1, [UInt8](repeating: 0, count: 1_001)))
        let frame = session.frames().first { $0.kind == .resetStream || $0.kind == .goAway }
        #expect(frame?.word(at: frame?.kind == .goAway ? 4 : 0) == 3)
        #expect(session.isFinished || frame?.kind == .resetStream)
    }

    @Test("Content behind the end of its stream resets it")
    func behindTheEnd() {
        let session = HTTP2Session.server()
        session.feed(Frame.get(1), Frame.data(1, "x"))
        let frame = session.frames().first { $0.kind == .resetStream || $0.kind == .goAway }
        #expect(frame?.word(at: frame?.kind == .goAway ? 4 : 0) == 5)
    }

    private static let good = [(":method", "GET"), (":scheme", "http"), (":authority", "a.example"), (":path", "/")]

    @Test(
        "A malformed request resets its stream and reaches nobody",
        arguments: [
            ("a capital in a name", good + [("Accept", "x")]), ("no path", Array(good.dropLast())),
            ("no method", Array(good.dropFirst())), ("no scheme", [good[0], good[2], good[3]]),
            ("an empty path", good.dropLast() + [(":path", "")]),
            ("a pseudo-header field behind others", [good[0], good[1], good[2], ("accept", "x"), good[3]]),
            ("a pseudo-header field twice", good + [(":path", "/")]),
            ("an unknown pseudo-header field", good + [(":protocol2", "x")]), ("a status", good + [(":status", "200")]),
            ("connection", good + [("connection", "close")]), ("keep-alive", good + [("keep-alive", "x")]),
            ("transfer-encoding", good + [("transfer-encoding", "chunked")]), ("upgrade", good + [("upgrade", "h2c")]),
            ("te other than trailers", good + [("te", "gzip")]), ("a line end in a value", good + [("a", "b\r\nc: d")]),
            ("a zero in a value", good + [("a", "b\0c")]), ("a space in a name", good + [("a b", "c")]),
            ("content where its length is 5", good + [("content-length", "5")]),
            ("a length that is no number", good + [("content-length", "x")]),
        ] as [(String, [(String, String)])])
    func malformed(name: String, fields: [(String, String)]) {
        let session = HTTP2Session.server()
        session.feed(Frame.headers(1, fields))
        let frames = session.frames()
        #expect(frames.contains { $0.kind == .resetStream && $0.stream == 1 && $0.word() == 1 }, "\(name): \(frames)")
        let events = session.takeAll()
        #expect(!events.contains { if case .request = $0 { true } else { false } }, "\(name)")
        // The connection goes on.
        session.feed(Frame.get(3))
        #expect(session.takeAll().map(\.text) == ["request 3 GET / - last"])
    }

    @Test(
        "A request that HTTP/1.1 would refuse is told apart with the same reason, so that it can be answered",
        arguments: [
            ([good[0], good[1], good[2], (":path", "/%zz")], .invalidPercentEncoding),
            ([good[0], good[1], good[2], (":path", "/a#b")], .targetHasFragment),
            ([good[0], good[1], good[2], (":path", "/\u{e9}")], .invalidTarget),
            ([good[0], (":scheme", "ftp"), good[2], good[3]], .unsupportedScheme),
            ([good[0], good[1], (":authority", "user@host"), good[3]], .invalidHost),
            (good + [("host", "b.example")], .invalidHost),
            ([(":method", "CONNECT"), (":authority", "a:1")], .connectNotSupported),
            (good + (0..<100).map { ("a\($0)", "") }, .tooManyFields),
            (good + [("a", String(repeating: "x", count: 16_384))], .headTooLarge),
        ] as [([(String, String)], HTTP1Error.Kind)])
    func refused(fields: [(String, String)], kind: HTTP1Error.Kind) {
        let session = HTTP2Session.server()
        let block = fields.flatMap { Frame.literal($0.0, $0.1) }
        let first = Frame(.headers, flags: block.count > 16_000 ? 1 : 5, stream: 1, Array(block.prefix(16_000)))
        session.feed(first)
        if block.count > 16_000 {
            session.feed(Frame(.continuation, flags: 4, stream: 1, Array(block.dropFirst(16_000))))
        }
        #expect(session.takeAll().map(\.text) == ["malformed 1 \(kind)"])
    }

    @Test("A header bomb of few bytes is counted by what it unpacks to, and is not kept")
    func headerBomb() {
        let session = HTTP2Session.server()
        // One field of 3,000 bytes goes into the table (0x40), and 2,000 references of one byte name it (0xBE).
        let entry = [0x40] + Frame.string("bomb") + Frame.string(String(repeating: "x", count: 3_000))
        let begin = Self.good.flatMap { Frame.literal($0.0, $0.1) }
        session.feed(Frame(.headers, flags: 5, stream: 1, begin + entry + [UInt8](repeating: 0xBE, count: 2_000)))
        #expect(session.takeAll().map(\.text) == ["malformed 1 headTooLarge"])
    }

    @Test(
        "A header block in more parts than allowed ends the connection, and in as many it does not",
        arguments: [(8, "request 1 GET / - last"), (9, "abused continuation_flood")])
    func continuationFlood(count: Int, expected: String) {
        let session = HTTP2Session.server()
        var frames = [Frame.headers(1, Self.good, endHeaders: false)]
        for number in 1...count {
            frames.append(Frame(.continuation, flags: number == count ? 4 : 0, stream: 1, Frame.literal("a", "b")))
        }
        // Byte for byte: the frames are counted, not the pieces in which they come.
        for byte in frames.flatMap(\.bytes) { session.feed([byte]) }
        #expect(session.takeAll().map(\.text) == [expected])
    }

    // MARK: Floods

    private func flood(_ session: HTTP2Session, _ count: Int, now: UInt64 = 1, _ frames: (UInt32) -> [Frame]) -> String?
    {
        for number in 0..<count {
            session.feed(frames(UInt32(number)), now: now)
            _ = session.output()
            for event in session.takeAll() {
                if case .abused(let abuse) = event { return "\(abuse.rawValue) \(number)" }
            }
        }
        return nil
    }

    @Test(
        "A flood within one instant exhausts its budget exactly",
        arguments: [
            ("rapid_reset 200", { @Sendable number in [Frame.get(2 * number + 1), Frame.reset(2 * number + 1)] }),
            // Two of the 32 went with the handshake.
            ("settings_flood 30", { @Sendable _ in [Frame.settings()] }),
            ("ping_flood 64", { @Sendable _ in [Frame(.ping, [1, 2, 3, 4, 5, 6, 7, 8])] }),
            (
                "empty_data_flood 64",
                { @Sendable number in number == 0 ? [Frame.post(1), Frame.data(1, "")] : [Frame.data(1, "")] }
            ),
            ("window_update_flood 1024", { @Sendable _ in [Frame(.windowUpdate, Frame.word(1))] }),
            (
                "priority_flood 256",
                { @Sendable number in [Frame(.priority, stream: 2 * number + 3, [0, 0, 0, 0, 16])] }
            ),
            // A request that makes us reset its stream costs as much as a reset of the peer's.
            ("rapid_reset 200", { @Sendable number in [Frame.headers(2 * number + 1, good + [("te", "gzip")])] }),
        ] as [(String, @Sendable (UInt32) -> [Frame])])
    func floods(expected: String, frames: @Sendable (UInt32) -> [Frame]) {
        let session = HTTP2Session.server()
        #expect(self.flood(session, 2_000, frames) == expected)
        #expect(session.isFinished)
    }

    @Test("The peer is told that it should calm down")
    func calmDown() {
        let session = HTTP2Session.server()
        for _ in 0..<65 { session.feed(Frame(.ping, [1, 2, 3, 4, 5, 6, 7, 8])) }
        #expect(self.goAwayCode(session) == 11)
    }

    @Test("A budget comes back with time, so that a long-lived connection is no suspect")
    func refill() {
        let session = HTTP2Session.server()
        for second in 1...500 as ClosedRange<UInt64> {
            for _ in 0..<4 { session.feed(Frame(.ping, [1, 2, 3, 4, 5, 6, 7, 8]), now: second * 1_000_000_000) }
            _ = session.output()
        }
        #expect(!session.takeAll().contains { if case .abused = $0 { true } else { false } })
    }

    @Test("A peer that asks and does not read the answers is given up")
    func unreadAnswers() {
        let session = HTTP2Session.server {
            $0.budgets.pings = .init(burst: 10_000, perSecond: 0)
            $0.outboundAcknowledgementsMax = 100
        }
        for _ in 0..<102 { session.feed(Frame(.ping, [1, 2, 3, 4, 5, 6, 7, 8])) }
        #expect(session.takeAll().map(\.text) == ["abused outbound_flood"])
        #expect(session.isFinished)
    }

    @Test("More streams than allowed are refused until the peer must know the bound, and an error afterwards")
    func concurrentStreams() {
        let early = HTTP2Session(.server)
        _ = early.output()
        early.feed(Frame.preface + Frame.settings().bytes)
        for number in 0..<129 as Range<UInt32> { early.feed(Frame.get(2 * number + 1)) }
        #expect(early.frames().contains { $0.kind == .resetStream && $0.stream == 257 && $0.word() == 7 })
        let late = HTTP2Session.server()
        for number in 0..<129 as Range<UInt32> { late.feed(Frame.get(2 * number + 1)) }
        #expect(self.goAwayCode(late) == 1)
    }

    // MARK: A client's peers

    @Test("A malformed answer resets its stream and is told of")
    func malformedAnswer() {
        let client = HTTP2Session.client()
        _ = client.open(HTTPRequest(.get, "/"), authority: "a", length: nil, hasBody: false)
        _ = client.output()
        let bomb = (0..<100).map { ("a\($0)", "b") }
        client.feed(Frame.headers(1, [(":status", "200")] + bomb, endStream: false))
        #expect(client.frames().contains { $0.kind == .resetStream })
        #expect(client.takeAll().map(\.text) == ["malformed 1 tooManyFields", "closed 1 PROTOCOL_ERROR"])
    }

    @Test("An answer that nobody asked for ends the connection")
    func unasked() {
        let client = HTTP2Session.client()
        client.feed(Frame.headers(1, [(":status", "200")]))
        #expect(self.goAwayCode(client) == 1)
    }

    // MARK: Anything

    @Test("Random bytes and random damage to a sound exchange end in events, never in a trap", arguments: 0..<40)
    func random(seed: UInt64) {
        var random = SplitMix(state: seed)
        let sound =
            Frame.preface + Frame.settings([(4, 1_000)]).bytes + Frame.post(1, [("cookie", "a")]).bytes
            + Frame.data(1, "hello").bytes + Frame.headers(1, [("etag", "x")]).bytes + Frame.get(3).bytes
            + Frame(.ping, [0, 0, 0, 0, 0, 0, 0, 0]).bytes + Frame.reset(3).bytes
        for _ in 0..<50 {
            var bytes = sound
            for _ in 0..<Int(random.next() % 8) {
                bytes[24 + Int(random.next() % UInt64(bytes.count - 24))] = UInt8(truncatingIfNeeded: random.next())
            }
            if random.next() % 4 == 0 { bytes += (0..<200).map { _ in UInt8(truncatingIfNeeded: random.next()) } }
            let session = HTTP2Session(.server)
            session.feed(bytes)
            for event in session.takeAll() {
                if case .request(let id, _, _, _) = event {
                    session.respond(to: id, .ok, .init(), length: 1, date: [], hasBody: true)
                    session.write([1], to: id)
                    session.end(id)
                }
            }
            #expect(session.output().count < 10_000)
        }
    }

    private struct SplitMix {
        var state: UInt64
        mutating func next() -> UInt64 {
            self.state &+= 0x9E37_79B9_7F4A_7C15
            var z = self.state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }
}
