import Glibc
import Synchronization
import TLS
import TLSTesting
import Testing

@testable import NetworkIO

@Suite("TCP connections over TLS", .timeLimit(.minutes(1)))
struct TCPConnectionTLSTests {
    private struct Contexts: Sendable {
        let server: TLSContext
        let client: TLSContext

        init() throws {
            let files = TestPEMFiles()
            let authority = TestAuthority()
            let identity = authority.issue("server", for: ["IP:127.0.0.1"])
            self.server = try .server(
                identity: TLSIdentity(
                    certificateChainFile: files.write(identity.certificatePEM, as: "server.pem"),
                    privateKeyFile: files.write(identity.keyPEM, as: "server.key")))
            self.client = try .client(trusting: .file(files.write(authority.certificatePEM, as: "ca.pem")))
        }
    }

    /// Runs `serve` with the accepted end and `call` with the connected one, both secure, and closes both.
    private func withPair<T: Sendable>(
        serve: @escaping @Sendable (TCPConnection, TLSSession) async throws -> Void,
        call: @escaping @Sendable (TCPConnection) async throws -> T
    ) async throws -> T {
        let contexts = try Contexts()
        let address = try #require(SocketAddress(numericHost: "127.0.0.1", port: 0))
        let failures = Record<String>()
        let loop = try EventLoop(index: 0, name: "test")
        defer { loop.stop() }
        let listeners = try TCPListener.bind(
            address, on: [loop],
            onAccept: { connection in
                _ = Task(executorPreference: loop) {
                    do {
                        let session = try contexts.server.makeServerSession()
                        try await connection.startTLS(session)
                        try await serve(connection, session)
                    } catch {
                        failures.append("\(error)")
                    }
                    connection.close()
                }
            },
            onRefusal: { _ in })
        let result = try await loop.task {
            let connection = try await TCPConnection.connect(
                to: listeners[0].address, on: loop, deadline: loop.now + 10_000_000_000)
            defer { connection.close() }
            try await connection.startTLS(contexts.client.makeSession(connectingTo: "127.0.0.1"))
            return try await call(connection)
        }
        for listener in listeners { listener.close() }
        while loop.statistics.connections > 0 { await loop.perform {} }
        #expect(failures.all == [])
        return result
    }

    /// Receives until there are `count` bytes and takes them.
    @Sendable private static func take(_ count: Int, _ connection: TCPConnection) async throws -> [UInt8] {
        while connection.receivedCount < count {
            guard try await connection.receive() > 0 else { break }
        }
        let bytes = Array(connection.received.prefix(count))
        connection.consume(bytes.count)
        return bytes
    }

    @Test("Records that arrive in one piece are all read, though the socket is drained by the first")
    func manyRecords() async throws {
        let received = try await self.withPair { connection, session in
            for byte in UInt8(0)..<50 { try withUnsafeBytes(of: byte) { try session.write($0) } }
            connection.scheduleFlush()
            _ = try await connection.receive()
        } call: { connection in
            try await Self.take(50, connection)
        }
        #expect(received == Array(0..<50))
    }

    @Test("close_notify is the end of the stream, and an end without it an error")
    func ends() async throws {
        for says in [true, false] {
            let end = try await self.withPair { connection, _ in
                connection.outbound.append(contentsOf: [1, 2, 3])
                connection.scheduleFlush()
                try await connection.drain(below: 0)
                if says { connection.shutdownOutput() } else { shutdown(connection.descriptor, Int32(SHUT_WR)) }
                _ = try? await connection.receive()
            } call: { connection in
                let bytes = try await Self.take(3, connection)
                #expect(bytes == [1, 2, 3])
                do throws(IOError) { return "\(try await connection.receive())" } catch {
                    #expect(!connection.isReusable)
                    return "\(error.reason == .tls(.truncated))"
                }
            }
            #expect(end == (says ? "0" : "true"))
        }
    }

    @Test("A close says that all has been sent; a reset, or a close with bytes left, does not")
    func closes() async throws {
        let end = try await self.withPair { connection, _ in
            connection.close()
        } call: { connection in
            try await connection.receive()
        }
        #expect(end == 0)
        let broken = try await self.withPair { connection, _ in
            connection.outbound.append(contentsOf: [UInt8](repeating: 0, count: 20_000_000))
            connection.scheduleFlush()
            await connection.loop.nextTick()
            connection.close()
        } call: { connection in
            do throws(IOError) {
                while try await connection.receive() > 0 { connection.consume(connection.receivedCount) }
                return false
            } catch {
                return true
            }
        }
        #expect(broken)
    }

    @Test("A writer waits for a slow reader, and then all arrives")
    func backPressure() async throws {
        let count = 6_000_000
        let received = try await self.withPair { connection, _ in
            var sent = 0
            while sent < count {
                connection.outbound.append(contentsOf: repeatElement(7, count: 100_000))
                sent += 100_000
                try await connection.drain(below: 50_000)
                #expect(connection.outboundCount <= 50_000)
            }
            try await connection.drain(below: 0)
            connection.shutdownOutput()
            _ = try? await connection.receive()
        } call: { connection in
            var total = 0
            while try await connection.receive() > 0 {
                total += connection.receivedCount
                connection.consume(connection.receivedCount)
                await connection.loop.nextTick()
            }
            return total
        }
        #expect(received == count)
    }

    @Test("A handshake that comes to nothing ends at the deadline")
    func deadline() async throws {
        let contexts = try Contexts()
        try await withLoop { loop in
            let silent = Record<TCPConnection>()
            let listeners = try TCPListener.bind(
                try #require(SocketAddress(numericHost: "127.0.0.1", port: 0)), on: [loop],
                onAccept: { silent.append($0) }, onRefusal: { _ in })
            let reason = try await loop.task {
                let connection = try await TCPConnection.connect(
                    to: listeners[0].address, on: loop, deadline: loop.now + 10_000_000_000)
                defer { connection.close() }
                let session = try contexts.client.makeSession(connectingTo: "127.0.0.1")
                connection.setDeadline(after: .milliseconds(5))
                do throws(IOError) {
                    try await connection.startTLS(session)
                    return ""
                } catch {
                    return "\(error)"
                }
            }
            for listener in listeners { listener.close() }
            await loop.perform { for connection in silent.all { connection.close() } }
            #expect(reason == "handshake: timed out")
        }
    }
}
