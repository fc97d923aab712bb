import HTTPCore
import HTTPEngine
import Synchronization
import Testing

@Suite("Streamed answers", .timeLimit(.minutes(1)))
struct StreamedAnswerTests {
    private static let get = "GET / HTTP/1.1\r\nHost: shop\r\n\r\n"

    @Test("An answer of known length is sent as it is; the connection goes on")
    func sendsKnownLengths() async throws {
        try await withServer(respond: { _ in
            HTTPResponse(.ok, fields: .init(), body: .stream(PartsStream("ab", "", "cdef"), length: 6))
        }) { server in
            try await onThread {
                let peer = try server.connect()
                for _ in 0..<3 {
                    try peer.send(Self.get)
                    let answer = try peer.receive()
                    #expect(answer.text == "abcdef")
                    #expect(answer["content-length"] == "6")
                    #expect(answer["transfer-encoding"] == nil)
                }
            }
        }
    }

    @Test("An answer of unknown length is chunked, with its trailers; an empty part ends nothing")
    func sendsChunks() async throws {
        try await withServer(respond: { _ in
            let stream = PartsStream("ab", "", "cdef", trailers: [.eTag: "\"t\""])
            return HTTPResponse(.ok, fields: .init(), body: .stream(stream, length: nil))
        }) { server in
            try await onThread {
                let peer = try server.connect()
                for _ in 0..<3 {
                    try peer.send(Self.get)
                    let answer = try peer.receive()
                    #expect(answer.text == "abcdef")
                    #expect(answer.chunks == [2, 4])
                    #expect(answer.trailers.map(\.value) == ["\"t\""])
                    #expect(answer["content-length"] == nil)
                }
            }
        }
    }

    @Test("The head and every part are sent when they are there, not when the next one is")
    func sendsAtOnce() async throws {
        let latches = [Latch(), Latch(), Latch()]
        try await withServer(respond: { _ in
            let stream = PartsStream([[0x61], [0x62]]) { await latches[$0].wait() }
            return HTTPResponse(.ok, fields: .init(), body: .stream(stream, length: 2))
        }) { server in
            let peer = try await onThread { try server.connect() }
            try peer.send(Self.get)
            try await onThread {
                while try !peer.line().isEmpty {}
            }
            for (number, byte) in [UInt8(0x61), 0x62].enumerated() {
                latches[number].open()
                let bytes = try await onThread { try peer.take(1) }
                #expect(bytes == [byte])
            }
            latches[2].open()
        }
    }

    @Test(
        "An answer that is shorter or longer than announced, or breaks off, cuts the connection",
        arguments: ["short", "long", "broken", "broken chunks"])
    func cutsTheConnection(kind: String) async throws {
        let streams = Record<PartsStream>()
        try await withServer(respond: { _ in
            let stream =
                switch kind {
                case "short": PartsStream("abc")
                case "long": PartsStream("abc", "defgh")
                default: PartsStream("abc", breaks: true)
                }
            streams.append(stream)
            let length = kind == "broken chunks" ? nil : 5
            return HTTPResponse(.ok, fields: .init(), body: .stream(stream, length: length))
        }) { server in
            try await onThread {
                let peer = try server.connect()
                try peer.send(Self.get + Self.get)
                #expect(throws: (any Error).self) { try peer.receive() }
            }
            #expect(streams.all.map(\.isCancelled) == [true])
        }
    }

    @Test("A broken answer to HTTP/1.0, whose end is the connection's, is a reset and no end")
    func resetsUnframed() async throws {
        let latch = Latch()
        try await withServer(respond: { _ in
            let stream = PartsStream([[0x61]], breaks: true) { if $0 == 1 { await latch.wait() } }
            return HTTPResponse(.ok, fields: .init(), body: .stream(stream, length: nil))
        }) { server in
            let peer = try await onThread { try server.connect() }
            try peer.send("GET / HTTP/1.0\r\n\r\n")
            try await onThread {
                while try !peer.line().isEmpty {}
                #expect(try peer.take(1) == [0x61])
            }
            latch.open()
            await #expect(throws: RawSocket.Failure.self) { try await onThread { try peer.rest() } }
        }
    }

    @Test("A slow reader holds the producer back, near the high-water mark")
    func pushesBack() async throws {
        let part = [UInt8](repeating: 0x61, count: 32 << 10)
        let streams = Record<PartsStream>()
        try await withServer(
            { $0.outboundHighWater = 128 << 10 },
            respond: { _ in
                let stream = PartsStream(Array(repeating: part, count: 2_000))
                streams.append(stream)
                return HTTPResponse(.ok, fields: .init(), body: .stream(stream, length: 2_000 * part.count))
            }
        ) { server in
            let peer = try await onThread { try server.connect() }
            try peer.send(Self.get)
            // The producer goes on until the kernel's buffers and ours are full, then stands still.
            await server.turns { !streams.all.isEmpty }
            var taken = -1
            while streams.all[0].taken != taken {
                taken = streams.all[0].taken
                for _ in 0..<50 { await server.loop.turn() }
            }
            #expect(taken < 1_000)
            let count = try await onThread { try peer.receive().body.count }
            #expect(count == 2_000 * part.count)
        }
    }

    @Test("A reader that takes nothing for too long is cut off")
    func timesOutWriting() async throws {
        let part = [UInt8](repeating: 0x61, count: 32 << 10)
        let streams = Record<PartsStream>()
        try await withServer(
            { $0.writeTimeout = .milliseconds(20) },
            respond: { _ in
                let stream = PartsStream(Array(repeating: part, count: 2_000))
                streams.append(stream)
                return HTTPResponse(.ok, fields: .init(), body: .stream(stream, length: nil))
            }
        ) { server in
            let peer = try await onThread { try server.connect() }
            try peer.send(Self.get)
            await server.turns { server.observer.timeouts.all == ["write"] }
            await server.turns { server.server.openConnections == 0 }
            #expect(streams.all.map(\.isCancelled) == [true])
            await #expect(throws: (any Error).self) { try await onThread { try peer.receive() } }
        }
    }

    @Test("The last answer to a slow reader is sent to its end, though the connection is to close")
    func lingers() async throws {
        let body = [UInt8](repeating: 0x61, count: 16 << 20)
        try await withServer(
            { $0.outboundHighWater = 64 << 20 },
            respond: { _ in
                HTTPResponse(.ok, fields: .init(), body: .bytes(body))
            }
        ) { server in
            let count = try await onThread {
                let peer = try server.connect()
                try peer.send("GET / HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n")
                return try peer.receive().body.count
            }
            #expect(count == body.count)
        }
    }

    @Test("A client that goes away in the middle of an answer stops its producer")
    func noticesDisconnects() async throws {
        let part = [UInt8](repeating: 0x61, count: 32 << 10)
        let streams = Record<PartsStream>()
        try await withServer(respond: { _ in
            let stream = PartsStream(Array(repeating: part, count: 100_000))
            streams.append(stream)
            return HTTPResponse(.ok, fields: .init(), body: .stream(stream, length: nil))
        }) { server in
            for resets in [false, true] {
                try await onThread {
                    let peer = try server.connect()
                    if resets { peer.socket.resetOnClose() }
                    try peer.send(Self.get)
                    _ = try peer.line()
                }
            }
            await server.turns { server.server.openConnections == 0 }
            #expect(streams.all.map(\.isCancelled) == [true, true])
        }
    }
}
