import HTTPCore
import HTTPEngine
import NetworkIO
import Synchronization
import TLS
import TLSTesting
import Testing

/// Certificates for a server on 127.0.0.1 and for a client, and the files they stand in.
struct SecureFixture: Sendable {
    static let shared = SecureFixture()

    let authority = TestAuthority()
    let files = TestPEMFiles()
    let authorityFile: String
    let server: TLSIdentity
    let client: TLSIdentity

    init() {
        let authority = self.authority
        let files = self.files
        func write(_ identity: TestIdentity, _ name: String) -> TLSIdentity {
            TLSIdentity(
                certificateChainFile: files.write(identity.certificatePEM, as: "\(name).pem"),
                privateKeyFile: files.write(identity.keyPEM, as: "\(name).key"))
        }
        self.authorityFile = files.write(authority.certificatePEM, as: "ca.pem")
        self.server = write(authority.issue("server", for: ["IP:127.0.0.1", "DNS:localhost"]), "server")
        self.client = write(authority.issue("client"), "client")
    }
}

/// A small HTTP server over TLS: it answers each request with its body, or with its path when it has none.
final class SecureServer: Sendable {
    let loop: EventLoop
    let accepted = Atomic<Int>(0)
    let handshakes = Atomic<Int>(0)
    /// The `host` fields seen.
    let hosts = Record<String>()
    /// What handshakes failed with.
    let failures = Record<String>()
    /// How connections ended after their handshake.
    let ends = Record<String>()
    private let context: TLSContext
    /// Called on the loop after each answer.
    private let afterAnswer: @Sendable (TCPConnection, TLSSession) async -> Void

    init(
        loop: EventLoop, context: TLSContext, afterAnswer: @escaping @Sendable (TCPConnection, TLSSession) async -> Void
    ) {
        self.loop = loop
        self.context = context
        self.afterAnswer = afterAnswer
    }

    func serve(_ connection: TCPConnection) async {
        self.accepted.wrappingAdd(1, ordering: .relaxed)
        let session: TLSSession
        do {
            session = try self.context.makeServerSession()
            try await connection.startTLS(session)
            self.handshakes.wrappingAdd(1, ordering: .relaxed)
        } catch {
            self.failures.append("\(error)")
            return connection.close()
        }
        do throws(IOError) {
            while try await self.answerOne(connection) { await self.afterAnswer(connection, session) }
            self.ends.append("end")
            await connection.closeGracefully()
        } catch {
            self.ends.append("\(error.reason)")
            connection.close()
        }
    }

    private func answerOne(_ connection: TCPConnection) async throws(IOError) -> Bool {
        var text = ""
        while !text.contains("\r\n\r\n") {
            if try await connection.receive() == 0 { return false }
            text = String(decoding: connection.received.prefix(4_096), as: UTF8.self)
        }
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false).prefix { !$0.isEmpty }
        // Each line has its end, and the head an empty line.
        connection.consume(lines.reduce(2) { $0 + $1.utf8.count + 2 })
        let path = lines[0].split(separator: " ")[1]
        var length = 0
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            let value = String(parts[1].drop { $0 == " " })
            if parts[0].lowercased() == "content-length" { length = Int(value) ?? 0 }
            if parts[0].lowercased() == "host" { self.hosts.append(value) }
        }
        while connection.receivedCount < length {
            if try await connection.receive() == 0 { return false }
        }
        let body = length == 0 ? Array(path.utf8) : Array(connection.received[..<length])
        connection.consume(length)
        connection.outbound.append(contentsOf: "HTTP/1.1 200 OK\r\ncontent-length: \(body.count)\r\n\r\n".utf8)
        connection.outbound.append(contentsOf: body)
        connection.scheduleFlush()
        try await connection.drain(below: 0)
        return true
    }
}

/// Runs a server over TLS for the time of `body`, which also gets its port.
func withSecureServer(
    identity: TLSIdentity? = nil, clientAuthorities: String? = nil,
    afterAnswer: @escaping @Sendable (TCPConnection, TLSSession) async -> Void = { _, _ in },
    _ body: (SecureServer, Int) async throws -> Void
) async throws {
    let context = try TLSContext.server(
        identity: identity ?? SecureFixture.shared.server, clientAuthorities: clientAuthorities)
    let loop = try EventLoop(index: 0, name: "secure")
    defer { loop.stop() }
    let server = SecureServer(loop: loop, context: context, afterAnswer: afterAnswer)
    let listeners = try TCPListener.bind(
        try #require(SocketAddress(numericHost: "127.0.0.1", port: 0)), on: [loop],
        onAccept: { connection in _ = Task(executorPreference: loop) { await server.serve(connection) } },
        onRefusal: { _ in })
    try await body(server, listeners[0].address.port)
    for listener in listeners { listener.close() }
    while loop.statistics.connections > 0 { await loop.turn() }
}

/// Runs a client that trusts the test authority, for the time of `body`.
func withSecureClient(
    of port: Int, host: String = "127.0.0.1", identity: TLSIdentity? = nil, trusting trust: TLSTrust? = nil,
    configure: (inout HTTPClientConfiguration) -> Void = { _ in }, _ body: (TestClient) async throws -> Void
) async throws {
    let context = try TLSContext.client(
        trusting: trust ?? .file(SecureFixture.shared.authorityFile), identity: identity)
    try await withClient(of: port, scheme: .https, host: host) {
        $0.tls = context
        configure(&$0)
    } _: {
        try await body($0)
    }
}
