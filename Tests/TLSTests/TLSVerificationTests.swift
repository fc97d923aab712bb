import TLS
import TLSTesting
import Testing

@Suite("Whom TLS trusts")
struct TLSVerificationTests {
    private let fixture = PairFixture.shared

    /// What the client's side of a handshake fails with; nil when it succeeds.
    private func failure(
        host: String = "shop.example", server: TestIdentity? = nil, trusting trust: TLSTrust? = nil
    ) throws -> TLSError? {
        let files = TestPEMFiles()
        let pair = try self.fixture.pair(
            host: host, server: server.map { files.identity($0, as: "other") }, trusting: trust)
        do {
            try pair.shakeHands()
            return nil
        } catch let error as TLSError {
            // The server learns of it by an alert.
            try pair.carry(from: pair.client, to: pair.server)
            let told = #expect(throws: TLSError.self) { try pair.server.handshake() }
            #expect(told?.code == .refusedByPeer)
            return error
        }
    }

    @Test(
        "A certificate is good for the names and addresses in it, upper and lower case and a last dot apart",
        arguments: ["shop.example", "SHOP.example", "shop.example.", "127.0.0.1"])
    func names(host: String) throws {
        #expect(try self.failure(host: host) == nil)
    }

    @Test(
        "It is good for no other",
        arguments: ["example", "a.shop.example", "shop.example.org", "127.0.0.2", "::1", "server"])
    func otherNames(host: String) throws {
        let error = try #require(try self.failure(host: host))
        #expect(error.code == .hostMismatch)
        #expect(error.message.contains("host name mismatch") && error.message.contains(host))
    }

    @Test("An asterisk stands for one whole label")
    func wildcards() throws {
        let wide = self.fixture.authority.issue("wide", for: ["DNS:*.shop.example", "DNS:a*.other.example"])
        #expect(try self.failure(host: "cart.shop.example", server: wide) == nil)
        for host in ["shop.example", "a.cart.shop.example", "ab.other.example"] {
            #expect(try self.failure(host: host, server: wide)?.code == .hostMismatch)
        }
    }

    @Test("A name in the subject alone counts for nothing")
    func subjectName() throws {
        let old = self.fixture.authority.issue("shop.example", for: [])
        #expect(try self.failure(server: old)?.code == .hostMismatch)
    }

    @Test("A certificate that has expired, or is not valid yet, is refused and called that")
    func dates() throws {
        let names = ["DNS:shop.example"]
        let expired = try #require(
            try self.failure(server: self.fixture.authority.issue("old", for: names, days: -10 ... -1)))
        #expect(expired.code == .certificateExpired)
        #expect(expired.message.contains("has expired"))
        let early = self.fixture.authority.issue("new", for: names, days: 1...10)
        #expect(try self.failure(server: early)?.code == .certificateNotYetValid)
    }

    @Test("A certificate of an unknown authority, or of none, is refused")
    func unknownAuthority() throws {
        let stranger = TestAuthority(name: "Stranger")
        let names = ["DNS:shop.example"]
        #expect(try self.failure(server: stranger.issue("x", for: names))?.code == .untrustedIssuer)
        #expect(try self.failure(server: .selfSigned("x", for: names))?.code == .untrustedIssuer)
        // The same name does not make it the same authority.
        let namesake = TestAuthority()
        #expect(try self.failure(server: namesake.issue("x", for: names)) != nil)
        #expect(try self.failure(trusting: .system)?.code == .untrustedIssuer)
    }

    @Test("A self-signed certificate that is itself trusted is good")
    func pinned() throws {
        let own = TestIdentity.selfSigned("own", for: ["DNS:shop.example"])
        let file = self.fixture.files.write(own.certificatePEM, as: "own.pem")
        #expect(try self.failure(server: own, trusting: .file(file)) == nil)
    }

    @Test("A host that is neither name nor address makes no session", arguments: ["", ".", "a\0b"])
    func invalidHosts(host: String) throws {
        let context = try self.fixture.clientContext()
        let error = #expect(throws: TLSError.self) { try context.makeSession(connectingTo: host) }
        #expect(error?.code == .invalidHost)
    }

    // MARK: Clients

    @Test("A server that asks for a certificate takes the one of its authority")
    func mutual() throws {
        let pair = try self.fixture.pair(
            client: self.fixture.client, clientAuthorities: self.fixture.authorityFile)
        try pair.shakeHands()
        try pair.client.write([1])
        try pair.carry(from: pair.client, to: pair.server)
        #expect(try pair.server.readAll().bytes == [1])
    }

    @Test("It refuses a client that has none, and the client is told")
    func mutualWithout() throws {
        let pair = try self.fixture.pair(clientAuthorities: self.fixture.authorityFile)
        let error = #expect(throws: TLSError.self) { try pair.shakeHands() }
        #expect(error?.code == .certificateRefused)
        try pair.carry(from: pair.server, to: pair.client)
        let told = #expect(throws: TLSError.self) { try pair.client.readAll() }
        #expect(told?.code == .refusedByPeer)
        #expect(told?.message.contains("certificate required") == true)
    }

    @Test("It refuses a client of another authority")
    func mutualStranger() throws {
        let files = TestPEMFiles()
        let stranger = files.identity(TestAuthority(name: "Stranger").issue("client"), as: "stranger")
        let pair = try self.fixture.pair(client: stranger, clientAuthorities: self.fixture.authorityFile)
        let error = #expect(throws: TLSError.self) { try pair.shakeHands() }
        #expect(error?.code == .untrustedIssuer)
    }
}

@Suite("The files of TLS contexts")
struct TLSFileTests {
    private let fixture = PairFixture.shared

    private func failure(_ make: () throws -> TLSContext) -> TLSError? {
        do {
            _ = try make()
            return nil
        } catch {
            return error as? TLSError
        }
    }

    @Test("A file that is missing is named, with the reason")
    func missing() {
        let trust = self.failure { try TLSContext.client(trusting: .file("/nowhere/ca.pem")) }
        #expect(trust?.code == .unusableFile(.trustedCertificates))
        #expect(trust?.message == "cannot read the file /nowhere/ca.pem: No such file or directory")
        let chain = TLSIdentity(
            certificateChainFile: "/nowhere/a.pem", privateKeyFile: self.fixture.client.privateKeyFile)
        #expect(self.failure { try .client(identity: chain) }?.code == .unusableFile(.certificateChain))
        let key = TLSIdentity(
            certificateChainFile: self.fixture.client.certificateChainFile, privateKeyFile: "/nowhere/a.key")
        #expect(self.failure { try .client(identity: key) }?.code == .unusableFile(.privateKey))
    }

    @Test("A file that holds something else is named", arguments: ["", "nonsense", "-----BEGIN CERTIFICATE-----\nAA"])
    func nonsense(text: String) {
        let files = TestPEMFiles()
        let path = files.write(text, as: "x.pem")
        let trust = self.failure { try TLSContext.client(trusting: .file(path)) }
        #expect(trust?.code == .unusableFile(.trustedCertificates))
        #expect(trust?.message.contains(path) == true)
        let chain = TLSIdentity(certificateChainFile: path, privateKeyFile: self.fixture.client.privateKeyFile)
        #expect(self.failure { try .client(identity: chain) }?.code == .unusableFile(.certificateChain))
        let key = TLSIdentity(certificateChainFile: self.fixture.client.certificateChainFile, privateKeyFile: path)
        #expect(self.failure { try .client(identity: key) }?.code == .unusableFile(.privateKey))
        #expect(self.failure { try .client(trusting: .file(files.folder)) } != nil)
    }

    @Test("A key that is another certificate's is refused")
    func mismatch() {
        let mixed = TLSIdentity(
            certificateChainFile: self.fixture.server.certificateChainFile,
            privateKeyFile: self.fixture.client.privateKeyFile)
        #expect(self.failure { try .server(identity: mixed) }?.code == .unusableFile(.privateKey))
    }
}
