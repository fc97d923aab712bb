import TLS
import TLSTesting
import Testing

@Suite("TLS sessions without a socket")
struct TLSSessionTests {
    private let fixture = PairFixture.shared

    @Test("Two sessions agree on TLS 1.3 and http/1.1, and carry bytes both ways")
    func exchange() throws {
        let pair = try self.fixture.pair()
        try pair.shakeHands()
        #expect(pair.client.version == "TLSv1.3" && pair.server.version == "TLSv1.3")
        #expect(pair.client.applicationProtocol == "http/1.1" && pair.server.applicationProtocol == "http/1.1")
        try pair.client.write(Array("ping".utf8))
        try pair.carry(from: pair.client, to: pair.server)
        #expect(try pair.server.readAll().bytes == Array("ping".utf8))
        try pair.server.write(Array("pong".utf8))
        try pair.carry(from: pair.server, to: pair.client)
        #expect(try pair.client.readAll() == (Array("pong".utf8), false))
    }

    @Test("Nothing of the plaintext is in the ciphertext")
    func hides() throws {
        let pair = try self.fixture.pair()
        try pair.shakeHands()
        _ = pair.client.ciphertext()
        try pair.client.write(Array("a secret between two".utf8))
        let text = String(decoding: pair.client.ciphertext(), as: UTF8.self)
        #expect(!text.contains("secret"))
    }

    @Test("However small the pieces, the handshake and what follows come out the same", arguments: [1, 2, 3, 7, 100])
    func pieces(size: Int) throws {
        let pair = try self.fixture.pair()
        try pair.shakeHands(piece: size)
        try pair.server.write(Array("answer".utf8))
        var received: [UInt8] = []
        try pair.carry(from: pair.server, to: pair.client, piece: size) {
            received += try pair.client.readAll().bytes
        }
        #expect(received == Array("answer".utf8))
    }

    @Test("An exchange may be split at every offset")
    func splits() throws {
        let pair = try self.fixture.pair()
        try pair.shakeHands()
        let length = 64
        var split = 0
        while true {
            let message = (0..<length).map { UInt8(truncatingIfNeeded: $0 &+ split) }
            try pair.client.write(message)
            let bytes = pair.client.ciphertext()
            if split > bytes.count { break }
            try pair.server.feed(Array(bytes[..<split]))
            var received = try pair.server.readAll().bytes
            try pair.server.feed(Array(bytes[split...]))
            received += try pair.server.readAll().bytes
            #expect(received == message, "split at \(split)")
            split += 1
        }
        #expect(split > length)
    }

    @Test("A transfer of many records arrives whole, both ways")
    func large() throws {
        let pair = try self.fixture.pair()
        try pair.shakeHands()
        let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
        try pair.client.write(bytes)
        try pair.carry(from: pair.client, to: pair.server, piece: 16_384)
        #expect(try pair.server.readAll().bytes == bytes)
        try pair.server.write(bytes)
        try pair.carry(from: pair.server, to: pair.client, piece: 5_000)
        #expect(try pair.client.readAll().bytes == bytes)
    }

    @Test("Session tickets are dealt with and are no plaintext")
    func tickets() throws {
        let pair = try self.fixture.pair()
        _ = try pair.client.handshake()
        try pair.carry(from: pair.client, to: pair.server)
        _ = try pair.server.handshake()
        try pair.carry(from: pair.server, to: pair.client)
        #expect(try pair.client.handshake())
        try pair.carry(from: pair.client, to: pair.server)
        #expect(try pair.server.handshake())
        #expect(pair.server.ciphertextCount > 0, "the tickets")
        try pair.carry(from: pair.server, to: pair.client)
        #expect(try pair.client.peek() == .needsInput)
    }

    @Test("A peek leaves the plaintext where it is")
    func peeks() throws {
        let pair = try self.fixture.pair()
        try pair.shakeHands()
        try pair.server.write([7, 8])
        try pair.carry(from: pair.server, to: pair.client)
        #expect(try pair.client.peek() == .bytes(1))
        #expect(try pair.client.readAll().bytes == [7, 8])
    }

    @Test("close_notify comes behind the last byte, and only one side has ended then")
    func closes() throws {
        let pair = try self.fixture.pair()
        try pair.shakeHands()
        try pair.server.write([1, 2, 3])
        pair.server.close()
        pair.server.close()
        try pair.carry(from: pair.server, to: pair.client)
        #expect(try pair.client.readAll() == ([1, 2, 3], true))
        #expect(try pair.client.peek() == .ended)
        try pair.client.write([4])
        try pair.carry(from: pair.client, to: pair.server)
        #expect(try pair.server.readAll().bytes == [4])
    }

    // MARK: Hostile bytes

    @Test("A handshake cut short anywhere waits, and is no failure")
    func truncated() throws {
        let first = try self.fixture.pair()
        _ = try first.client.handshake()
        let hello = first.client.ciphertext()
        for count in stride(from: 0, to: hello.count, by: 7) {
            let server = try self.fixture.pair().server
            try server.feed(Array(hello[..<count]))
            #expect(try server.handshake() == false)
        }
    }

    @Test("Random bytes are refused, before and after the handshake")
    func random() throws {
        var generator = SystemRandomNumberGenerator()
        for count in [1, 5, 6, 100, 1_000, 20_000] {
            let noise = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            for session in [try self.fixture.pair().client, try self.fixture.pair().server] {
                _ = try session.handshake()
                do throws(TLSError) {
                    try session.feed(noise)
                    #expect(try session.handshake() == false)
                } catch {
                    #expect(error.code != .library, "\(error)")
                    #expect(throws: error) { try session.handshake() }
                }
            }
            let pair = try self.fixture.pair()
            try pair.shakeHands()
            try pair.client.feed([23, 3, 3, 0, 100] + noise)
            if count >= 100 { #expect(throws: TLSError.self) { try pair.client.readAll() } }
        }
    }

    @Test("A byte changed on its way is found out, wherever it is")
    func tampered() throws {
        for position in [5, 10, 30, 60] {
            let pair = try self.fixture.pair()
            try pair.shakeHands()
            _ = pair.client.ciphertext()
            try pair.client.write([UInt8](repeating: 1, count: 64))
            var bytes = pair.client.ciphertext()
            bytes[position] ^= 1
            try pair.server.feed(bytes)
            #expect(throws: TLSError.self) { try pair.server.readAll() }
            #expect(pair.server.ciphertextCount > 0, "the alert")
        }
    }

    @Test("Who speaks HTTP to a TLS port is told apart")
    func plainText() throws {
        let pair = try self.fixture.pair()
        _ = try pair.client.handshake()
        try pair.client.feed(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))
        let error = #expect(throws: TLSError.self) { try pair.client.handshake() }
        #expect(error?.code == .invalidData)
        #expect(error?.message.contains("is not TLS") == true)
    }
}
