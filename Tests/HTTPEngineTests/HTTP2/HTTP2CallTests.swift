import HTTP2
import HTTPCore
import HTTPEngine
import NetworkIO
import Synchronization
import Testing

@Suite("HTTP/2: calls", .timeLimit(.minutes(1)))
struct HTTP2CallTests {
    @Test("A call over HTTP/2 and one over HTTP/1.1 are answered on the same port")
    func bothProtocols() async throws {
        try await withServer(respond: { .text("\($0.version) \($0.authority ?? "-") \($0.remoteAddress ?? "-")") }) {
            server in
            try await withHTTP2Client(of: server.port) { client in
                let text = try await client.text()
                #expect(text == "HTTP/2 127.0.0.1:\(server.port) 127.0.0.1")
            }
            try await withClient(of: server.port) { client in
                let text = try await client.text()
                #expect(text == "HTTP/1.1 127.0.0.1:\(server.port) 127.0.0.1")
            }
        }
    }

    @Test("Bodies of every size come back as they went", arguments: [0, 1, 16_384, 16_385, 300_000, 3_000_000])
    func bodies(count: Int) async throws {
        try await withServer(respond: HTTPResponse.echo) { server in
            try await withHTTP2Client(of: server.port) { client in
                let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
                let whole = try await client.send(HTTPRequest(.post, "/", body: .bytes(bytes)))
                #expect(try await whole.body.collect(upTo: 1 << 26) == bytes)
                let parts = stride(from: 0, to: count, by: 9_999).map { Array(bytes[$0..<min($0 + 9_999, count)]) }
                let stream = PartsStream(parts, trailers: [.eTag: "end"])
                let streamed = try await client.send(HTTPRequest(.post, "/", body: .stream(stream, length: nil)))
                #expect(try await streamed.body.collect(upTo: 1 << 26) == bytes)
                #expect(streamed.fields[.eTag] == "end")
            }
        }
    }

    @Test("Trailers follow a streamed answer, an answer of one part included")
    func trailers() async throws {
        try await withServer(respond: { request in
            let parts = request.path == "/one" ? ["one"] : ["one", "two", "three"]
            let stream = PartsStream(parts.map { Array($0.utf8) }, trailers: [.eTag: "end", .contentType: "dropped"])
            return HTTPResponse(.ok, body: .stream(stream, length: nil))
        }) { server in
            try await withHTTP2Client(of: server.port) { client in
                for (path, text) in [("/one", "one"), ("/three", "onetwothree")] {
                    let response = try await client.get(path)
                    guard case .stream(let stream, _) = response.body else {
                        Issue.record("trailers need a stream")
                        continue
                    }
                    #expect(stream.trailers == nil)
                    var received: [UInt8] = []
                    while let part = try await stream.next() { received += part }
                    #expect(String(decoding: received, as: UTF8.self) == text)
                    #expect(stream.trailers == [.eTag: "end"])
                }
            }
        }
    }

    @Test("An answer of trailers alone is one head")
    func trailersOnly() async throws {
        try await withServer(respond: { _ in HTTPResponse(.ok, fields: [.eTag: "x"]) }) { server in
            try await withHTTP2Client(of: server.port) { client in
                let response = try await client.get()
                guard case .empty = response.body else {
                    Issue.record("a body: \(response.body)")
                    return
                }
                #expect(response.fields[.eTag] == "x")
            }
        }
    }

    @Test("Parts go both ways as they come: each side sees one before the other sends the next")
    func bidirectional() async throws {
        try await withServer(respond: { request in
            guard case .stream(let body, _) = request.body else { return .text("no stream", status: 400) }
            return HTTPResponse(.ok, body: .stream(MappedStream(body), length: nil))
        }) { server in
            try await withHTTP2Client(of: server.port) { client in
                let turns = (0..<4).map { _ in Latch() }
                let request = PartsStream(["a", "b", "c"].map { Array($0.utf8) }) { await turns[$0].wait() }
                turns[0].open()
                let response = try await client.send(HTTPRequest(.post, "/", body: .stream(request, length: nil)))
                guard case .stream(let body, _) = response.body else { return }
                var heard = ""
                while let part = try await body.next() {
                    heard += String(decoding: part, as: UTF8.self)
                    turns[heard.utf8.count].open()
                }
                #expect(heard == "ABC")
            }
        }
    }

    @Test("Many calls at once share one connection")
    func sharing() async throws {
        try await withServer(respond: { .text($0.path) }) { server in
            try await withHTTP2Client(of: server.port) { client in
                try await withThrowingTaskGroup(of: Bool.self) { group in
                    for number in 0..<100 { group.addTask { try await client.text("/\(number)") == "/\(number)" } }
                    for try await isRight in group { #expect(isRight) }
                }
                #expect(client.upstream.connections == 1)
            }
        }
    }

    @Test("A second connection opens only when the first is full, and then calls wait their turn")
    func concurrentStreams() async throws {
        let gate = Latch()
        let arrived = Atomic<Int>(0)
        try await withServer(
            { $0.http2.concurrentStreamsMax = 2 },
            respond: { _ in
                arrived.wrappingAdd(1, ordering: .relaxed)
                await gate.wait()
                return .text("ok")
            }
        ) { server in
            try await withHTTP2Client(of: server.port) { client in
                // The first call learns the bound from the server's settings.
                try await withThrowingTaskGroup(of: String.self) { group in
                    group.addTask { try await client.text() }
                    while arrived.load(ordering: .relaxed) < 1 { await client.loop.turn() }
                    for _ in 0..<5 { group.addTask { try await client.text() } }
                    await client.turns { client.upstream.waiting == 2 && arrived.load(ordering: .relaxed) == 4 }
                    #expect(client.upstream.connections == 2)
                    gate.open()
                    for try await text in group { #expect(text == "ok") }
                }
            }
        }
    }

    @Test("Every address of several gets calls, and its endpoint is told")
    func balance() async throws {
        try await withServer(respond: { _ in .text("a") }) { a in
            try await withServer(respond: { _ in .text("b") }) { b in
                try await withHTTP2Client(of: a.port, b.port) { client in
                    let endpoints = Record<Int>()
                    var counts: [String: Int] = [:]
                    for _ in 0..<100 {
                        let response = try await client.upstream.send(
                            HTTPRequest(.get, "/"), deadline: .after(.seconds(20)),
                            onEndpoint: { endpoints.append($0.port) })
                        counts[String(decoding: try await response.body.collect(upTo: 9), as: UTF8.self), default: 0] +=
                            1
                    }
                    #expect((counts["a"] ?? 0) > 15 && (counts["b"] ?? 0) > 15)
                    #expect(endpoints.all.count { $0 == a.port } == counts["a"])
                    #expect(client.upstream.connections == 2)
                    client.upstream.setEjected(HTTPEndpoint(host: "127.0.0.1", port: a.port), until: .max)
                    await client.loop.turn()
                    for _ in 0..<20 {
                        let text = try await client.text()
                        #expect(text == "b")
                    }
                    client.upstream.setEjected(HTTPEndpoint(host: "127.0.0.1", port: a.port), until: 0)
                    await client.loop.turn()
                    var heard: Set<String> = []
                    for _ in 0..<50 { heard.insert(try await client.text()) }
                    #expect(heard == ["a", "b"])
                }
            }
        }
    }

    @Test("An address at which nobody listens is passed over; when it is the only one, the call says so at once")
    func refusedAddress() async throws {
        let nobody = try RawListener(listens: false)
        try await withServer { server in
            try await withHTTP2Client(of: nobody.port, server.port) { client in
                for _ in 0..<20 {
                    let text = try await client.text()
                    #expect(text == "hello")
                }
            }
        }
        try await withHTTP2Client(of: nobody.port) { client in
            do {
                _ = try await client.get()
                Issue.record("an answer from nobody")
            } catch let error as HTTPClientError {
                #expect(error.errorType == "connect_failed" && error.requestWasNotSent)
            }
        }
    }

    @Test("A call that takes too long ends at its deadline, and the server's task is cancelled")
    func deadline() async throws {
        let cancelled = Latch()
        try await withServer(respond: { _ in
            await untilCancelled()
            cancelled.open()
            return .text("late")
        }) { server in
            try await withHTTP2Client(of: server.port) { client in
                #expect(await failure { _ = try await client.get(within: .milliseconds(50)) } == "timeout")
                await cancelled.wait()
                #expect(client.upstream.connections == 1)
            }
        }
    }

    @Test("A cancelled call ends with a cancellation error, and the server's task is cancelled")
    func cancellation() async throws {
        let begun = Latch()
        let cancelled = Latch()
        try await withServer(respond: { _ in
            begun.open()
            await untilCancelled()
            cancelled.open()
            return .text("late")
        }) { server in
            try await withHTTP2Client(of: server.port) { client in
                let call = Task { try await client.get() }
                await begun.wait()
                call.cancel()
                await #expect(throws: CancellationError.self) { try await call.value }
                await cancelled.wait()
            }
        }
    }

    @Test("A streamed answer that is not wanted any more, or that nobody holds, is reset", arguments: [true, false])
    func cancelledBody(explicitly: Bool) async throws {
        let cancelled = Latch()
        try await withServer(respond: { _ in
            HTTPResponse(.ok, body: .stream(EndlessStream(onCancel: { cancelled.open() }), length: nil))
        }) { server in
            try await withHTTP2Client(of: server.port) { client in
                do {
                    let response = try await client.get()
                    guard case .stream(let stream, _) = response.body else { return }
                    #expect(try await stream.next() != nil)
                    if explicitly { stream.cancel() }
                }
                await cancelled.wait()
            }
        }
    }

    @Test("A slow consumer holds the producer up: what is under way stays within the windows")
    func slowConsumer() async throws {
        let produced = Atomic<Int>(0)
        let cancelled = Latch()
        try await withServer(
            { $0.outboundHighWater = 64 << 10 },
            respond: { _ in
                HTTPResponse(
                    .ok,
                    body: .stream(
                        EndlessStream(
                            onPart: { produced.wrappingAdd($0, ordering: .relaxed) }, onCancel: { cancelled.open() }),
                        length: nil))
            }
        ) { server in
            try await withHTTP2Client(of: server.port, configure: { $0.http2.streamWindowBytes = 100_000 }) { client in
                let response = try await client.get()
                guard case .stream(let stream, _) = response.body else { return }
                // The producer has stopped once turns pass without a byte more.
                var before = -1
                while before != produced.load(ordering: .relaxed) {
                    before = produced.load(ordering: .relaxed)
                    for _ in 0..<20 { await server.loop.turn() }
                }
                #expect(before < 100_000 + (64 << 10) + 2 * 16_384)
                var taken = 0
                while taken < 1_000_000 { taken += try await stream.next()?.count ?? 1_000_000 }
                #expect(produced.load(ordering: .relaxed) > before)
                stream.cancel()
                await cancelled.wait()
            }
        }
    }

    @Test("A server that reads nothing holds the client's producer up")
    func slowServer() async throws {
        let produced = Atomic<Int>(0)
        let gate = Latch()
        try await withServer(
            { $0.http2.streamWindowBytes = 100_000 },
            respond: { request in
                await gate.wait()
                return await .echo(request)
            }
        ) { server in
            try await withHTTP2Client(of: server.port, configure: { $0.outboundHighWater = 64 << 10 }) { client in
                let parts = [[UInt8]](repeating: [UInt8](repeating: 7, count: 10_000), count: 100)
                let body = PartsStream(parts) { _ in produced.wrappingAdd(10_000, ordering: .relaxed) }
                let call = Task {
                    try await client.send(HTTPRequest(.post, "/", body: .stream(body, length: 1_000_000))).body.collect(
                        upTo: 1 << 26
                    ).count
                }
                var before = -1
                while before < 100_000 || before != produced.load(ordering: .relaxed) {
                    before = produced.load(ordering: .relaxed)
                    for _ in 0..<20 { await client.loop.turn() }
                }
                #expect(before < 100_000 + (64 << 10) + 40_000)
                gate.open()
                let count = try await call.value
                #expect(count == 1_000_000)
            }
        }
    }

    @Test("An answer that breaks off is an error, not a short body")
    func brokenBody() async throws {
        try await withServer(respond: { _ in
            HTTPResponse(.ok, body: .stream(PartsStream("a", "b", breaks: true), length: nil))
        }) { server in
            try await withHTTP2Client(of: server.port) { client in
                #expect(await failure { _ = try await client.text() } == "stream_reset")
            }
        }
    }

    @Test("A request body that breaks off fails the call, and the server does not take it for a whole one")
    func brokenRequestBody() async throws {
        let seen = Record<String>()
        let begun = Latch()
        try await withServer(respond: { request in
            begun.open()
            let response = await HTTPResponse.echo(request)
            seen.append("\(response.status)")
            return response
        }) { server in
            try await withHTTP2Client(of: server.port) { client in
                let body = PartsStream([[1]], breaks: true) { if $0 == 1 { await begun.wait() } }
                let error = await failure {
                    _ = try await client.send(HTTPRequest(.post, "/", body: .stream(body, length: nil)))
                }
                #expect(error == "request_body")
                await server.turns { !seen.all.isEmpty }
                #expect(seen.all == ["400"])
            }
        }
    }
}

/// Suspends until the calling task is cancelled.
func untilCancelled() async {
    let latch = Latch()
    await withTaskCancellationHandler {
        await latch.wait()
    } onCancel: {
        latch.open()
    }
}

/// Gives the parts of another stream in capitals.
private final class MappedStream: HTTPBodyStream {
    private let source: any HTTPBodyStream
    init(_ source: any HTTPBodyStream) { self.source = source }
    func next() async throws -> [UInt8]? { try await self.source.next().map { $0.map { $0 & 0xDF } } }
    var trailers: HTTPFields? { nil }
    func cancel() { self.source.cancel() }
}

/// A body without an end.
final class EndlessStream: HTTPBodyStream {
    private let onPart: @Sendable (Int) -> Void
    private let onCancel: @Sendable () -> Void
    init(onPart: @escaping @Sendable (Int) -> Void = { _ in }, onCancel: @escaping @Sendable () -> Void) {
        self.onPart = onPart
        self.onCancel = onCancel
    }
    func next() async throws -> [UInt8]? {
        self.onPart(10_000)
        return [UInt8](repeating: 1, count: 10_000)
    }
    var trailers: HTTPFields? { nil }
    func cancel() { self.onCancel() }
}
