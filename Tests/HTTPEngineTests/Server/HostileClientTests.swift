import HTTPCore
import HTTPEngine
import NetworkIO
import Testing

@Suite("Hostile clients", .timeLimit(.minutes(2)))
struct HostileClientTests {
    struct Attack: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: String
        let status: Int
        var testDescription: String { self.name }
        init(_ name: String, _ bytes: String, _ status: Int) {
            self.name = name
            self.bytes = bytes
            self.status = status
        }
    }

    private static func head(_ fields: String) -> String { "POST / HTTP/1.1\r\nHost: shop\r\n\(fields)\r\n\r\n" }

    static let attacks: [Attack] = [
        Attack("two lengths", Self.head("Content-Length: 5\r\nContent-Length: 6"), 400),
        Attack("the same length twice", Self.head("Content-Length: 5\r\nContent-Length: 5"), 400),
        Attack("a list of lengths", Self.head("Content-Length: 5, 5"), 400),
        Attack("a signed length", Self.head("Content-Length: +5"), 400),
        Attack("a negative length", Self.head("Content-Length: -5"), 400),
        Attack("a length beyond any number", Self.head("Content-Length: 99999999999999999999"), 400),
        Attack("a length and chunks", Self.head("Content-Length: 5\r\nTransfer-Encoding: chunked"), 400),
        Attack("another coding", Self.head("Transfer-Encoding: gzip"), 400),
        Attack("chunked twice", Self.head("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"), 400),
        Attack("a coding with a tab before its name", Self.head("Transfer-Encoding:\tchunked, identity"), 400),
        Attack("chunks in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        Attack("white space before a colon", Self.head("Content-Length : 5"), 400),
        Attack("a folded line", Self.head("X-A: 1\r\n b"), 400),
        Attack("a bare line feed", "GET / HTTP/1.1\nHost: shop\n\n", 400),
        Attack("a bare carriage return", "GET / HTTP/1.1\r\nHost: shop\rX: y\r\n\r\n", 400),
        Attack("a NUL in a value", Self.head("X-A: a\0b"), 400),
        Attack("no name", Self.head(": x"), 400),
        Attack("no colon", Self.head("X-A"), 400),
        Attack("no host", "GET / HTTP/1.1\r\n\r\n", 400),
        Attack("two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        Attack("two spaces", "GET  / HTTP/1.1\r\nHost: shop\r\n\r\n", 400),
        Attack("no target", "GET HTTP/1.1\r\nHost: shop\r\n\r\n", 400),
        Attack("a target that is no path", "GET shop HTTP/1.1\r\nHost: shop\r\n\r\n", 400),
        Attack("a fragment", "GET /#x HTTP/1.1\r\nHost: shop\r\n\r\n", 400),
        Attack("a user in the authority", "GET http://u@shop/ HTTP/1.1\r\nHost: shop\r\n\r\n", 400),
        Attack("CONNECT", "CONNECT shop:80 HTTP/1.1\r\nHost: shop\r\n\r\n", 501),
        Attack("HTTP/2 in words", "GET / HTTP/2.0\r\nHost: shop\r\n\r\n", 505),
        Attack("HTTP/0.9", "GET /\r\n\r\n", 400),
        Attack("TLS", "\u{16}\u{3}\u{1}\0\u{5}\r\n\r\n", 400),
        Attack("an expectation nobody meets", Self.head("Expect: miracles"), 417),
        Attack(
            "a long request line", "GET /\(String(repeating: "a", count: 9_000)) HTTP/1.1\r\nHost: shop\r\n\r\n", 414),
        Attack("a long field", Self.head("X-A: \(String(repeating: "a", count: 17_000))"), 431),
        Attack(
            "a long head",
            Self.head((0..<40).map { "X-\($0): \(String(repeating: "a", count: 1_000))" }.joined(separator: "\r\n")),
            431),
        Attack("many fields", Self.head((0..<101).map { "X-\($0): a" }.joined(separator: "\r\n")), 431),
        Attack(
            "a chunk size that is no number", Self.head("Transfer-Encoding: chunked") + "5g\r\nhello\r\n0\r\n\r\n", 400),
        Attack("a signed chunk size", Self.head("Transfer-Encoding: chunked") + "+5\r\nhello\r\n0\r\n\r\n", 400),
        Attack("a chunk size with 0x", Self.head("Transfer-Encoding: chunked") + "0x5\r\nhello\r\n0\r\n\r\n", 400),
        Attack(
            "a chunk size beyond any number", Self.head("Transfer-Encoding: chunked") + "FFFFFFFFFFFFFFFFF\r\n", 400),
        Attack(
            "a chunk line ended by a line feed", Self.head("Transfer-Encoding: chunked") + "5\nhello\r\n0\r\n\r\n", 400),
        Attack(
            "a chunk longer than its size", Self.head("Transfer-Encoding: chunked") + "4\r\nhello\r\n0\r\n\r\n", 400),
        Attack(
            "a long chunk extension",
            Self.head("Transfer-Encoding: chunked") + "5;\(String(repeating: "x", count: 200))\r\n", 400),
    ]

    /// What another request behind the attack would be, were it smuggled in.
    private static let smuggled = "GET /smuggled HTTP/1.1\r\nHost: shop\r\n\r\n"

    @Test("Is refused with the right status, and nothing behind it is read", arguments: attacks)
    func isRefused(attack: Attack) async throws {
        let answered = Record<String>()
        try await withServer(respond: { request in
            answered.append(request.path)
            return await .echo(request)
        }) { server in
            try await onThread {
                let peer = try server.connect()
                try peer.send(attack.bytes + Self.smuggled)
                let answer = try peer.receive()
                #expect(answer.status == attack.status)
                #expect(answer.closes)
                #expect(try peer.isAtEnd())
            }
            #expect(!answered.all.contains("/smuggled"))
        }
    }

    @Test("Thousands of malformed connections, one after the other, leave none open")
    func leavesNothing() async throws {
        try await withServer(respond: { await .echo($0) }) { server in
            try await onThread {
                for number in 0..<4_000 {
                    let attack = Self.attacks[number % Self.attacks.count]
                    let peer = try server.connect()
                    // Some break off anywhere instead, some with a reset.
                    let bytes = Array((attack.bytes + Self.smuggled).utf8)
                    let cut = number % 3 == 0 ? bytes.count : (number &* 7_919) % bytes.count
                    if number % 5 == 1 { peer.socket.resetOnClose() }
                    try peer.socket.send(Array(bytes[..<cut]))
                    if number % 3 == 0 { #expect(try peer.receive().status == attack.status, "\(attack.name)") }
                }
            }
            await server.turns { server.server.openConnections == 0 && server.loop.statistics.connections == 0 }
        }
    }

    @Test("Bytes at random never get anything but an answer or an end")
    func survivesNoise() async throws {
        try await withServer(
            {
                $0.headTimeout = .milliseconds(200)
                $0.idleTimeout = .milliseconds(200)
            }, respond: { await .echo($0) }
        ) { server in
            try await onThread {
                var state: UInt64 = 0x9E37_79B9_7F4A_7C15
                for _ in 0..<300 {
                    var bytes: [UInt8] = []
                    for _ in 0..<200 {
                        state ^= state << 13
                        state ^= state >> 7
                        state ^= state << 17
                        bytes.append(UInt8(truncatingIfNeeded: state))
                    }
                    let peer = try server.connect()
                    try peer.socket.send(bytes)
                    peer.socket.endOutput()
                    let rest = try peer.rest()
                    #expect(
                        rest.isEmpty || rest.starts(with: "HTTP/1.1 4".utf8) || rest.starts(with: "HTTP/1.1 5".utf8))
                }
            }
        }
    }
}
