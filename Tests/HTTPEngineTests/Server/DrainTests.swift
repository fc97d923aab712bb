import HTTPCore
import HTTPEngine
import NetworkIO
import Testing

@Suite("Draining a server", .timeLimit(.minutes(1)))
struct DrainTests {
    private static let get = "GET / HTTP/1.1\r\nHost: shop\r\n\r\n"

    @Test("Idle connections are closed at once, busy ones answered with connection: close")
    func endsGently() async throws {
        let (started, latch) = (Latch(), Latch())
        try await withServer(respond: { _ in
            started.open()
            await latch.wait()
            return .text("done")
        }) { server in
            let (idle, busy) = try await onThread { (try server.connect(), try server.connect()) }
            try busy.send(Self.get + Self.get)
            await started.wait()
            await server.turns { server.server.openConnections == 2 }
            async let cut = server.server.drain(within: .seconds(60))
            try await onThread {
                let isAtEnd = try idle.isAtEnd()
                #expect(isAtEnd)
            }
            latch.open()
            try await onThread {
                let answer = try busy.receive()
                #expect(answer.text == "done")
                #expect(answer.closes)
                #expect(try busy.isAtEnd())
            }
            #expect(await cut == 0)
            #expect(server.server.openConnections == 0)
            await #expect(throws: RawSocket.Failure.self) { try await onThread { _ = try server.connect() } }
        }
    }

    @Test("What is still open at the deadline is cut off and cancelled, and nobody waits for it")
    func cutsAtTheDeadline() async throws {
        let (started, latch) = (Latch(), Latch())
        let cancelled = Record<Bool>()
        try await withServer(respond: { _ in
            started.open()
            // Does not heed its cancellation, but notices it.
            await latch.wait()
            cancelled.append(Task.isCancelled)
            return .text("too late")
        }) { server in
            let busy = try await onThread { try server.connect() }
            try busy.send(Self.get)
            await started.wait()
            #expect(await server.server.drain(within: .milliseconds(20)) == 1)
            try await onThread {
                let isAtEnd = try busy.isAtEnd()
                #expect(isAtEnd)
            }
            latch.open()
            await server.turns { server.server.openConnections == 0 }
            #expect(cancelled.all == [true])
        }
    }

    @Test("Draining twice at once waits twice")
    func drainsTwice() async throws {
        let (started, latch) = (Latch(), Latch())
        try await withServer(respond: { _ in
            started.open()
            await latch.wait()
            return .text("done")
        }) { server in
            let busy = try await onThread { try server.connect() }
            try busy.send(Self.get)
            await started.wait()
            async let first = server.server.drain(within: .seconds(60))
            async let second = server.server.drain(within: .seconds(60))
            latch.open()
            try await onThread {
                let answer = try busy.receive()
                #expect(answer.text == "done")
            }
            #expect(await first + second == 0)
        }
    }

    @Test("A connection whose last answer is still on its way gets all of it, and no wait for another request")
    func letsAnswersArrive() async throws {
        let body = [UInt8](repeating: 0x61, count: 8 << 20)
        let answered = Latch()
        try await withServer(
            { $0.outboundHighWater = 64 << 20 },
            respond: { _ in
                answered.open()
                return HTTPResponse(.ok, fields: .init(), body: .bytes(body))
            }
        ) { server in
            let peer = try await onThread { try server.connect() }
            try peer.send(Self.get)
            await answered.wait()
            await server.loop.turn()
            async let cut = server.server.drain(within: .seconds(60))
            let count = try await onThread {
                let count = try peer.receive().body.count
                #expect(try peer.isAtEnd())
                return count
            }
            #expect(count == body.count)
            #expect(await cut == 0)
        }
    }
}
