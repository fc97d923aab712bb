import HTTPCore
import HTTPEngine
import NetworkIO
import Testing

@Suite("Slow and silent clients", .timeLimit(.minutes(1)))
struct SlowClientTests {
    @Test("A head that does not come in time is answered 408, however busily its bytes drip")
    func timesOutHeads() async throws {
        try await withServer({ $0.headTimeout = .milliseconds(30) }) { server in
            let peer = try await onThread { try server.connect() }
            let sender = Task {
                try peer.send("GET / HTTP/1.1\r\nHost: shop\r\n")
                // Drips until the server has had enough.
                while server.observer.timeouts.all.isEmpty {
                    try peer.send("x-drip: 1\r\n")
                    await server.loop.sleep(.milliseconds(5))
                }
            }
            try await onThread {
                let answer = try peer.receive()
                #expect(answer.status == 408)
                #expect(answer.closes)
            }
            try await sender.value
            #expect(server.observer.timeouts.all == ["head"])
        }
    }

    @Test("A body that pauses for too long is answered 408")
    func timesOutBodies() async throws {
        try await withServer({ $0.bodyTimeout = .milliseconds(20) }, respond: { await .echo($0) }) { server in
            for head in ["Content-Length: 10", "Transfer-Encoding: chunked"] {
                try await onThread {
                    let peer = try server.connect()
                    try peer.send("POST / HTTP/1.1\r\nHost: shop\r\n\(head)\r\n\r\n5\r\nhe")
                    let answer = try peer.receive()
                    #expect(answer.status == 408)
                    #expect(answer.text == "requestTimeout")
                    #expect(answer.closes)
                    #expect(try peer.isAtEnd())
                }
            }
            #expect(server.observer.timeouts.all == ["body", "body"])
        }
    }

    @Test("A body that drips more slowly than the slowest rate is answered 408, though no pause is too long")
    func timesOutDrippingBodies() async throws {
        try await withServer(
            {
                $0.bodyTimeout = .milliseconds(40)
                $0.bodyBytesPerSecondMin = 10_000
            }, respond: { await .echo($0) }
        ) { server in
            let peer = try await onThread { try server.connect() }
            let sender = Task {
                try peer.send("POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 1000000\r\n\r\n")
                while server.observer.timeouts.all.isEmpty {
                    try peer.send("x")
                    await server.loop.sleep(.milliseconds(5))
                }
            }
            try await onThread {
                let answer = try peer.receive()
                #expect(answer.status == 408)
            }
            try await sender.value
            #expect(server.observer.timeouts.all == ["body"])
        }
    }

    @Test("A connection that rests too long is closed without a word")
    func closesIdle() async throws {
        try await withServer({ $0.idleTimeout = .milliseconds(20) }) { server in
            try await onThread {
                let silent = try server.connect()
                #expect(try silent.rest().isEmpty)
                let peer = try server.connect()
                try peer.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n")
                #expect(try peer.receive().text == "hello")
                #expect(try peer.rest().isEmpty)
            }
            #expect(server.observer.timeouts.all.isEmpty)
            #expect(server.observer.refusals.all.isEmpty)
        }
    }

    @Test("A connection beyond the limit is answered 503 and closed; a free place is given again")
    func boundsConnections() async throws {
        try await withServer({ $0.connectionsMax = 2 }) { server in
            let held = try await onThread { [try server.connect(), try server.connect()] }
            await server.turns { server.server.openConnections == 2 }
            let refused = try await onThread { () -> RawPeer.Message in
                let peer = try server.connect()
                let answer = try peer.receive()
                #expect(try peer.isAtEnd())
                return answer
            }
            #expect(refused.status == 503)
            #expect(refused["retry-after"] == "1")
            #expect(refused.closes)
            #expect(server.observer.refusedConnections.all.count == 1)
            #expect(server.server.openConnections == 2)
            try await onThread {
                held[0].socket.endOutput()
                let isAtEnd = try held[0].isAtEnd()
                #expect(isAtEnd)
            }
            await server.turns { server.server.openConnections == 1 }
            #expect(try await server.exchange("GET / HTTP/1.1\r\nHost: shop\r\n\r\n").status == 200)
        }
    }
}
