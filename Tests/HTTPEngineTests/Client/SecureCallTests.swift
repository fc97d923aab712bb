import HTTPCore
import NetworkIO
import Synchronization
import TLS
import TLSTesting
import Testing

@testable import HTTPEngine

@Suite("Calls over https", .timeLimit(.minutes(1)))
struct SecureCallTests {
    private let fixture = SecureFixture.shared

    private func expectEcho(of path: String, _ client: TestClient) async throws {
        let text = try await client.text(path)
        #expect(text == path)
    }

    @Test("Calls one after the other share one connection, tickets and all")
    func reuses() async throws {
        try await withSecureServer { server, port in
            try await withSecureClient(of: port) { client in
                for number in 0..<20 { try await self.expectEcho(of: "/\(number)", client) }
                #expect(client.upstream.connections == (1, 0))
            }
            #expect(server.accepted.load(ordering: .relaxed) == 1)
            #expect(Set(server.hosts.all) == ["127.0.0.1:\(port)"])
            while server.ends.all.isEmpty { await server.loop.turn() }
            #expect(server.ends.all == ["end"], "close_notify")
        }
    }

    @Test("A connection that rests stays when tickets come late")
    func lateTickets() async throws {
        let clientRests = Latch()
        let sent = Latch()
        try await withSecureServer(afterAnswer: { connection, session in
            await clientRests.wait()
            session.issueTicket()
            connection.scheduleFlush()
            await connection.loop.turn()
            sent.open()
        }) { server, port in
            try await withSecureClient(of: port) { client in
                try await self.expectEcho(of: "/a", client)
                await client.turns { client.upstream.connections == (1, 0) }
                clientRests.open()
                await sent.wait()
                // Over the loopback the ticket is there as soon as it is sent.
                for _ in 0..<10 { await client.loop.turn() }
                #expect(client.upstream.connections == (1, 0))
                for _ in 0..<5 { try await self.expectEcho(of: "/b", client) }
            }
            #expect(server.accepted.load(ordering: .relaxed) == 1)
        }
    }

    @Test("Data nobody asked for ends a connection that rests")
    func unasked() async throws {
        try await withSecureServer(afterAnswer: { connection, _ in
            connection.outbound.append(contentsOf: "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nfalse".utf8)
            connection.scheduleFlush()
        }) { server, port in
            try await withSecureClient(of: port) { client in
                try await self.expectEcho(of: "/a", client)
                await client.turns { client.upstream.connections == (0, 0) }
                try await self.expectEcho(of: "/b", client)
            }
            #expect(server.accepted.load(ordering: .relaxed) == 2)
        }
    }

    @Test("A close_notify ends a connection that rests, though the socket stays open")
    func closeNotify() async throws {
        try await withSecureServer(afterAnswer: { connection, session in
            session.close()
            connection.scheduleFlush()
        }) { server, port in
            try await withSecureClient(of: port) { client in
                try await self.expectEcho(of: "/a", client)
                await client.turns { client.upstream.connections == (0, 0) }
            }
            #expect(server.accepted.load(ordering: .relaxed) == 1)
        }
    }

    @Test("Large bodies go whole, both ways, many at a time")
    func large() async throws {
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
        try await withSecureServer { _, port in
            try await withSecureClient(of: port) { client in
                try await withThrowingTaskGroup(of: Bool.self) { group in
                    for _ in 0..<4 {
                        group.addTask {
                            let request = HTTPRequest(.post, "/", body: .bytes(bytes))
                            let response = try await client.upstream.send(request, deadline: .after(.seconds(40)))
                            return try await response.body.collect(upTo: 8 << 20) == bytes
                        }
                    }
                    for try await isEqual in group { #expect(isEqual) }
                }
            }
        }
    }

    @Test("A name is looked up, verified, and sent as host")
    func named() async throws {
        try await withSecureServer { server, port in
            try await withSecureClient(of: port, host: "localhost") { client in
                try await self.expectEcho(of: "/x", client)
            }
            #expect(server.hosts.all == ["localhost:\(port)"])
        }
    }

    // MARK: Refusals

    /// What a call fails with.
    private func failure(_ client: TestClient) async -> HTTPClientError? {
        do {
            _ = try await client.get()
            return nil
        } catch {
            return error as? HTTPClientError
        }
    }

    @Test("A server that cannot be verified gets no request, and the error says why")
    func unverified() async throws {
        let other = fixture.authority.issue("other", for: ["DNS:other.example"])
        let identity = TLSIdentity(
            certificateChainFile: fixture.files.write(other.certificatePEM, as: "other.pem"),
            privateKeyFile: fixture.files.write(other.keyPEM, as: "other.key"))
        try await withSecureServer(identity: identity) { server, port in
            try await withSecureClient(of: port) { client in
                let error = try #require(await self.failure(client))
                #expect(error.errorType == "tls_handshake_failed")
                #expect(error.requestWasNotSent)
                #expect(error.description.contains("host name mismatch"), "\(error)")
            }
            while server.failures.all.isEmpty { await server.loop.turn() }
            #expect(server.failures.all[0].contains("refuses the connection"), "\(server.failures.all)")
            #expect(server.hosts.all.isEmpty)
        }
        try await withSecureServer { _, port in
            try await withSecureClient(of: port, trusting: .system) { client in
                let error = try #require(await self.failure(client))
                #expect(error.description.contains("no authority trusted here"), "\(error)")
            }
        }
    }

    @Test("A client shows its certificate to a server that asks, and is told when it has none")
    func mutual() async throws {
        try await withSecureServer(clientAuthorities: fixture.authorityFile) { server, port in
            try await withSecureClient(of: port, identity: fixture.client) { client in
                try await self.expectEcho(of: "/x", client)
            }
            try await withSecureClient(of: port) { client in
                let error = try #require(await self.failure(client))
                #expect(error.description.contains("certificate required"), "\(error)")
            }
            #expect(server.handshakes.load(ordering: .relaxed) == 1)
        }
    }

    @Test("A plain server is told apart")
    func plainServer() async throws {
        try await withServer { plain in
            try await withSecureClient(of: plain.port) { client in
                let error = try #require(await self.failure(client))
                #expect(error.errorType == "tls_handshake_failed")
                #expect(error.description.contains("is not TLS"), "\(error)")
            }
        }
    }

    @Test("A server that accepts and says nothing holds a call up for the handshake's time at most")
    func silentServer() async throws {
        let listener = try RawListener()
        try await withSecureClient(of: listener.port, configure: { $0.handshakeTimeout = .milliseconds(50) }) {
            client in
            let error = try #require(await self.failure(client))
            #expect(error.requestWasNotSent)
            #expect(error.description.contains("handshake: timed out"), "\(error)")
        }
    }
}
