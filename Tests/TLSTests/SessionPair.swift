import TLS
import TLSTesting

/// An authority, a server of the name `shop.example` and of 127.0.0.1, and the files a context wants.
struct PairFixture: Sendable {
    static let shared = PairFixture()

    let authority = TestAuthority()
    let files = TestPEMFiles()
    let authorityFile: String
    let server: TLSIdentity
    let client: TLSIdentity

    init() {
        self.authorityFile = self.files.write(self.authority.certificatePEM, as: "ca.pem")
        self.server = self.files.identity(
            self.authority.issue("server", for: ["DNS:shop.example", "IP:127.0.0.1"]), as: "server")
        self.client = self.files.identity(self.authority.issue("client"), as: "client")
    }

    func clientContext(identity: TLSIdentity? = nil) throws -> TLSContext {
        try TLSContext.client(trusting: .file(self.authorityFile), identity: identity)
    }

    /// A client and a server that have exchanged nothing yet.
    func pair(
        host: String = "shop.example", server: TLSIdentity? = nil, client: TLSIdentity? = nil,
        clientAuthorities: String? = nil, trusting trust: TLSTrust? = nil
    ) throws -> SessionPair {
        let accepting = try TLSContext.server(
            identity: server ?? self.server, clientAuthorities: clientAuthorities)
        let connecting = try TLSContext.client(trusting: trust ?? .file(self.authorityFile), identity: client)
        return SessionPair(
            client: try connecting.makeSession(connectingTo: host), server: try accepting.makeServerSession())
    }
}

extension TestPEMFiles {
    func identity(_ identity: TestIdentity, as name: String) -> TLSIdentity {
        TLSIdentity(
            certificateChainFile: self.write(identity.certificatePEM, as: "\(name).pem"),
            privateKeyFile: self.write(identity.keyPEM, as: "\(name).key"))
    }
}

/// Two sessions with nothing between them.
struct SessionPair {
    let client: TLSSession
    let server: TLSSession

    /// Carries bytes back and forth until both are done.
    /// - Parameter piece: bytes fed at a time.
    func shakeHands(piece: Int = .max) throws {
        var rounds = 0
        while !(self.client.isHandshakeComplete && self.server.isHandshakeComplete), rounds < 100 {
            _ = try self.client.handshake()
            try self.carry(from: self.client, to: self.server, piece: piece) { _ = try self.server.handshake() }
            _ = try self.server.handshake()
            try self.carry(from: self.server, to: self.client, piece: piece) { _ = try self.client.handshake() }
            rounds += 1
        }
    }

    func carry(
        from source: TLSSession, to target: TLSSession, piece: Int = .max, after: () throws -> Void = {}
    ) throws {
        var bytes: [UInt8] = []
        source.takeCiphertext(into: &bytes)
        var start = 0
        while start < bytes.count {
            let end = start + min(piece, bytes.count - start)
            try target.feed(Array(bytes[start..<end]))
            try after()
            start = end
        }
    }
}

extension TLSSession {
    func feed(_ bytes: [UInt8]) throws(TLSError) {
        var failure: TLSError?
        bytes.withUnsafeBytes { raw in
            do throws(TLSError) { try self.feed(raw) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try self.write($0) } }

    func ciphertext() -> [UInt8] {
        var bytes: [UInt8] = []
        self.takeCiphertext(into: &bytes)
        return bytes
    }

    /// Everything there is to read, and whether the peer has ended.
    func readAll() throws -> (bytes: [UInt8], ended: Bool) {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 20_000)
        while true {
            let result = try buffer.withUnsafeMutableBytes { try self.read(into: $0) }
            switch result {
            case .bytes(let count): all += buffer[..<count]
            case .needsInput: return (all, false)
            case .ended: return (all, true)
            }
        }
    }
}
