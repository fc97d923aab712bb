import CSystem
import HTTPCore
import HTTPEngine
import NetworkIO
import Synchronization
import TLS
import TLSTesting
import Telemetry
import Testing

@testable import ServiceKit

/// A receiver behind a real socket, and the transport that sends to it.
@Suite("Sending telemetry over HTTP", .timeLimit(.minutes(1)))
struct OTLPHTTPTransportTests {
    private final class Receiver: HTTPResponder {
        struct Seen: Sendable {
            let request: HTTPRequest
            let body: [UInt8]
        }
        let seen = Mutex<[Seen]>([])
        private let answer: HTTPResponse
        init(_ answer: HTTPResponse) { self.answer = answer }

        func respond(to request: HTTPRequest) async -> HTTPResponse {
            let body = (try? await request.body.collect(upTo: 8 << 20)) ?? []
            self.seen.withLock { $0.append(Seen(request: request, body: body)) }
            return self.answer
        }
    }

    private func send(
        to answer: HTTPResponse, body: [UInt8] = Array("{}".utf8), headers: [(name: String, value: String)] = []
    ) async throws -> (response: OTLPResponse, seen: [Receiver.Seen]) {
        let loops = try EventLoopGroup(count: 1)
        let names = BlockingExecutor(name: "names", threads: 1, queueLimit: 4)
        defer {
            loops.stop()
            names.close()
        }
        let receiver = Receiver(answer)
        let server = try HTTPServer(
            address: try #require(SocketAddress(numericHost: "127.0.0.1", port: 0)), loops: loops.traffic,
            responder: receiver)
        let transport = OTLPHTTPTransport()
        transport.attach(loops: loops, resolver: NameResolver(executor: names))
        var endpoint = OTLPEndpoint(host: "127.0.0.1", port: server.address.port, path: "/v1/traces")
        endpoint.headers = headers
        let response = try await transport.send(OTLPRequest(signal: .traces, endpoint: endpoint, body: body))
        await server.drain(within: .seconds(5))
        return (response, receiver.seen.withLock { $0 })
    }

    @Test("One POST of JSON to the endpoint's path, with the headers that were set")
    func request() async throws {
        let body = [UInt8](repeating: 0x20, count: 300_000)
        let (response, seen) = try await self.send(
            to: HTTPResponse(.ok, body: .bytes([1, 2, 3])), body: body,
            headers: [("api-key", "k"), ("x-tenant", "blue"), ("not a name", "dropped")])
        #expect(response.status == 200)
        #expect(response.body == [1, 2, 3])
        #expect(response.retryAfter == nil)
        #expect(seen.count == 1)
        let sent = try #require(seen.first)
        #expect(sent.request.method == .post)
        #expect(sent.request.path == "/v1/traces")
        #expect(sent.request.fields.values(of: .contentType) == ["application/json"])
        #expect(sent.request.fields[.userAgent] == "vitrine-otlp-json")
        #expect(sent.request.fields["api-key"] == "k")
        #expect(sent.request.fields["x-tenant"] == "blue")
        #expect(sent.request.fields[.traceparent] == nil)
        #expect(sent.body == body)
    }

    @Test("Whatever the status, it is an answer", arguments: [200, 202, 400, 404, 429, 503])
    func statuses(status: Int) async throws {
        #expect(try await self.send(to: HTTPResponse(HTTPStatus(status))).response.status == status)
    }

    @Test(
        "Retry-After is whole seconds, an hour at most; what is neither number nor date does not count",
        arguments: [("0", Duration.zero), ("7", .seconds(7)), ("86400", .seconds(3_600)), ("soon", nil), ("-1", nil)])
    func retrySeconds(value: String, expected: Duration?) async throws {
        let answer = HTTPResponse(.serviceUnavailable, fields: [.retryAfter: value])
        #expect(try await self.send(to: answer).response.retryAfter == expected)
    }

    @Test("Retry-After may be a date, counted from the receiver's own clock")
    func retryDate() async throws {
        // The server sets `date` to now, and the clock may tick between the two.
        let soon = Int(vitrine_coarse_realtime_seconds()) + 120
        let later = HTTPResponse(.tooManyRequests, fields: [.retryAfter: HTTPDate.string(unixSeconds: soon)])
        let wait = try #require(try await self.send(to: later).response.retryAfter)
        #expect(wait > .seconds(60) && wait <= .seconds(120))
        let past = HTTPResponse(
            .tooManyRequests, fields: [.retryAfter: "Sun, 06 Nov 1994 08:49:37 GMT"])
        #expect(try await self.send(to: past).response.retryAfter == .zero)
    }

    @Test("Over https a receiver is verified, and shown who sends")
    func secure() async throws {
        let authority = TestAuthority()
        let files = TestPEMFiles()
        let server = authority.issue("collector", for: ["DNS:localhost"])
        let client = authority.issue("sender")
        let authorityFile = files.write(authority.certificatePEM, as: "ca.pem")
        let context = try TLSContext.server(
            identity: TLSIdentity(
                certificateChainFile: files.write(server.certificatePEM, as: "server.pem"),
                privateKeyFile: files.write(server.keyPEM, as: "server.key")),
            clientAuthorities: authorityFile)
        let loops = try EventLoopGroup(count: 1)
        let names = BlockingExecutor(name: "names", threads: 1, queueLimit: 4)
        defer {
            loops.stop()
            names.close()
        }
        let listeners = try TCPListener.bind(
            try #require(SocketAddress(numericHost: "127.0.0.1", port: 0)), on: [loops.traffic[0]],
            onAccept: { connection in
                _ = Task(executorPreference: connection.loop) { await Self.accept(connection, context) }
            },
            onRefusal: { _ in })
        defer { for listener in listeners { listener.close() } }
        let transport = OTLPHTTPTransport()
        transport.attach(loops: loops, resolver: NameResolver(executor: names))
        var endpoint = OTLPEndpoint(
            scheme: "https", host: "localhost", port: listeners[0].address.port, path: "/v1/traces")
        endpoint.certificate = authorityFile
        endpoint.clientCertificate = files.write(client.certificatePEM, as: "client.pem")
        endpoint.clientKey = files.write(client.keyPEM, as: "client.key")
        try transport.prepare(endpoint)
        for _ in 0..<2 {
            let response = try await transport.send(
                OTLPRequest(signal: .traces, endpoint: endpoint, body: Array("{}".utf8)))
            #expect(response.status == 202)
        }

        // The same receiver without the files is another destination, and not one to trust.
        var bare = endpoint
        bare.certificate = nil
        let error = await #expect(throws: OTLPNotSent.self) {
            try await transport.send(OTLPRequest(signal: .traces, endpoint: bare, body: []))
        }
        #expect(error?.reason.contains("comes from no authority trusted here") == true)
    }

    /// Answers every request, known by its two bytes of body, with 202.
    private static func accept(_ connection: TCPConnection, _ context: TLSContext) async {
        do {
            try await connection.startTLS(context.makeServerSession())
            while true {
                while !connection.received.suffix(2).elementsEqual("{}".utf8) {
                    if try await connection.receive() == 0 { return connection.close() }
                }
                connection.consume(connection.receivedCount)
                connection.outbound.append(contentsOf: "HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n".utf8)
                connection.scheduleFlush()
            }
        } catch {
            connection.close()
        }
    }

    @Test("Before the loops exist, and where nobody listens, it fails and can be tried again")
    func failures() async throws {
        let request = OTLPRequest(
            signal: .traces, endpoint: OTLPEndpoint(host: "127.0.0.1", port: 1, path: "/v1/traces"), body: [])
        let transport = OTLPHTTPTransport()
        await #expect(throws: (any Error).self) { try await transport.send(request) }
        let loops = try EventLoopGroup(count: 1)
        let names = BlockingExecutor(name: "names", threads: 1, queueLimit: 4)
        defer {
            loops.stop()
            names.close()
        }
        transport.attach(loops: loops, resolver: NameResolver(executor: names))
        for _ in 0..<2 {
            await #expect(throws: OTLPNotSent.self) { try await transport.send(request) }
        }
    }
}
