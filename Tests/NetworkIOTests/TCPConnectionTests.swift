import Glibc
import Synchronization
import Testing

@testable import NetworkIO

@Suite("TCP connections", .timeLimit(.minutes(1)))
struct TCPConnectionTests {
    /// A loop that listens on a free port and runs `serve` for each connection.
    private func withListener(
        _ serve: @escaping @Sendable (TCPConnection) async -> Void,
        _ body: (EventLoop, Int) async throws -> Void
    ) async throws {
        try await withLoop { loop in
            let address = try #require(SocketAddress(numericHost: "127.0.0.1", port: 0))
            let listeners = try TCPListener.bind(
                address, on: [loop],
                onAccept: { connection in
                    _ = Task(executorPreference: loop) { await serve(connection) }
                },
                onRefusal: { _ in })
            defer { for listener in listeners { listener.close() } }
            try await body(loop, listeners[0].address.port)
        }
    }

    @Sendable private static func echo(_ connection: TCPConnection) async {
        do throws(IOError) {
            while try await connection.receive() > 0 {
                connection.outbound.append(contentsOf: connection.received)
                connection.consume(connection.receivedCount)
                connection.scheduleFlush()
                try await connection.drain(below: 65_536)
            }
            await connection.closeGracefully()
        } catch {
            connection.close()
        }
    }

    @Test("Bytes come back in order, however many, and the end follows the last")
    func echoes() async throws {
        try await self.withListener(Self.echo) { loop, port in
            let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
            let socket = try await onThread { try RawSocket(port: port) }
            async let sent: Void = onThread {
                try socket.send(bytes)
                socket.endOutput()
            }
            let received = try await onThread { try socket.receiveToEnd() }
            try await sent
            #expect(received == bytes)
        }
    }

    @Test(
        "What is sent from where it lies comes whole, in order, behind what was outstanding, however slowly it is read")
    func sendsInPlace() async throws {
        let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 17 ^ $0 >> 9) }
        let head = Array("head".utf8)
        try await self.withListener({ connection in
            do throws(IOError) {
                connection.outbound.append(contentsOf: head)
                try await connection.sendInPlace(body)
                try await connection.sendInPlace([])
                connection.outbound.append(contentsOf: head)
                try await connection.drain(below: 0)
                await connection.closeGracefully()
            } catch {
                connection.close()
            }
        }) { _, port in
            let socket = try await onThread { try RawSocket(port: port) }
            let received = try await onThread {
                var bytes: [UInt8] = []
                while case let part = try socket.receive(997), !part.isEmpty { bytes += part }
                return bytes
            }
            #expect(received == head + body + head)
        }
    }

    @Test("A peer that resets while a body is sent to it ends the sending")
    func resetInPlace() async throws {
        let ended = Record<Bool>()
        let latch = Latch()
        try await self.withListener({ connection in
            do throws(IOError) {
                try await connection.sendInPlace([UInt8](repeating: 1, count: 50_000_000))
                ended.append(false)
            } catch {
                ended.append(true)
            }
            connection.close()
            latch.open()
        }) { _, port in
            try await onThread {
                let socket = try RawSocket(port: port)
                _ = try socket.receive()
                socket.resetOnClose()
            }
            await latch.wait()
            #expect(ended.all == [true])
        }
    }

    @Test("Unconsumed bytes pile up and stay as they came while more arrives")
    func accumulates() async throws {
        let gathered = Record<[UInt8]>()
        let latch = Latch()
        try await self.withListener({ connection in
            do throws(IOError) {
                while try await connection.receive() > 0 {}
            } catch {}
            // Taken off in uneven pieces.
            var all: [UInt8] = []
            var piece = 1
            while connection.receivedCount > 0 {
                let count = min(piece, connection.receivedCount)
                all += connection.received[..<count]
                connection.consume(count)
                piece = piece * 2 + 1
            }
            gathered.append(all)
            connection.close()
            latch.open()
        }) { loop, port in
            let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 8) }
            try await onThread {
                let socket = try RawSocket(port: port)
                try socket.send(bytes)
                socket.endOutput()
                _ = try? socket.receiveToEnd()
            }
            await latch.wait()
            #expect(gathered.all == [bytes])
        }
    }

    @Test("A deadline ends a wait once, and the connection can be used on")
    func timesOut() async throws {
        let seen = Record<String>()
        try await self.withListener({ connection in
            connection.setDeadline(after: .milliseconds(5))
            do throws(IOError) { _ = try await connection.receive() } catch { seen.append("\(error.reason)") }
            connection.outbound.append(1)
            connection.scheduleFlush()
            do throws(IOError) { seen.append("\(try await connection.receive())") } catch { seen.append("\(error)") }
            connection.close()
        }) { loop, port in
            try await onThread {
                let socket = try RawSocket(port: port)
                #expect(try socket.receive(1) == [1])
                try socket.send([2, 3])
                #expect(try socket.receive(1) == [])
            }
            #expect(seen.all == ["timedOut", "2"])
        }
    }

    @Test("A deadline that passed while nobody waited is forgotten when it is cleared or set anew")
    func forgetsExpiry() async throws {
        let seen = Record<String>()
        try await self.withListener({ connection in
            for clears in [true, false] {
                connection.setDeadline(after: .zero)
                await connection.loop.sleep(.milliseconds(2))
                if clears { connection.clearDeadline() } else { connection.setDeadline(after: .seconds(60)) }
                do throws(IOError) {
                    seen.append("\(try await connection.receive())")
                    connection.consume(connection.receivedCount)
                } catch {
                    seen.append("\(error)")
                }
                connection.outbound.append(0)
                connection.scheduleFlush()
            }
            await connection.closeGracefully()
        }) { loop, port in
            try await onThread {
                let socket = try RawSocket(port: port)
                for _ in 0..<2 {
                    try socket.send([1])
                    #expect(try socket.receive(1) == [0])
                }
            }
            #expect(seen.all == ["1", "1"])
        }
    }

    @Test("Closing a connection lets its waiting reader know, and closing again does nothing")
    func closesUnderAReader() async throws {
        let seen = Record<IOError.Reason>()
        let latch = Latch()
        try await self.withListener({ connection in
            connection.loop.execute {
                connection.close()
                connection.close()
            }
            do throws(IOError) { _ = try await connection.receive() } catch { seen.append(error.reason) }
            latch.open()
        }) { loop, port in
            let end = try await onThread { try RawSocket(port: port).receive() }
            #expect(end == [])
            await latch.wait()
            #expect(seen.all == [.closed])
        }
    }

    @Test("A writer waits while its peer does not read, and memory stays near the mark")
    func pushesBack() async throws {
        let most = Atomic<Int>(0)
        let mark = 128 << 10
        let part = [UInt8](repeating: 7, count: 32 << 10)
        try await self.withListener({ connection in
            do throws(IOError) {
                for _ in 0..<512 {
                    connection.outbound.append(contentsOf: part)
                    connection.scheduleFlush()
                    try await connection.drain(below: mark)
                    most.store(max(most.load(ordering: .relaxed), connection.outboundCount), ordering: .relaxed)
                }
                await connection.closeGracefully(sending: .seconds(20))
            } catch {
                connection.close()
            }
        }) { loop, port in
            let count = try await onThread { try RawSocket(port: port).receiveToEnd().count }
            #expect(count == 512 * 32 << 10)
            #expect(most.load(ordering: .relaxed) <= mark)
        }
    }

    @Test("A connection to a port where nobody listens is refused")
    func isRefused() async throws {
        // A port that was free a moment ago and that nobody else is given: it stays bound, without listening.
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        let address = try #require(SocketAddress(numericHost: "127.0.0.1", port: 0))
        #expect(address.withSockaddr { bind(descriptor, $0, $1) } == 0)
        let target = try #require(SocketAddress.local(of: descriptor))
        try await withLoop { loop in
            let reason = try await loop.task { () -> IOError.Reason? in
                do throws(IOError) {
                    try await TCPConnection.connect(to: target, on: loop, deadline: loop.now + 5_000_000_000).close()
                    return nil
                } catch {
                    return error.reason
                }
            }
            #expect(reason == .system(ECONNREFUSED))
            #expect(loop.statistics.connections == 0)
        }
    }

    @Test("A peer's reset is an error, not an end")
    func tellsOfResets() async throws {
        let seen = Record<IOError.Reason>()
        let latch = Latch()
        try await self.withListener({ connection in
            do throws(IOError) {
                while try await connection.receive() > 0 { connection.consume(connection.receivedCount) }
            } catch {
                seen.append(error.reason)
            }
            connection.close()
            latch.open()
        }) { loop, port in
            try await onThread {
                let socket = try RawSocket(port: port)
                try socket.send([1])
                socket.resetOnClose()
            }
            await latch.wait()
            #expect(seen.all == [.system(ECONNRESET)])
        }
    }

    @Test("A reset connection ends with an error for the peer")
    func resets() async throws {
        try await self.withListener({ $0.reset() }) { loop, port in
            let error = await #expect(throws: RawSocket.Failure.self) {
                try await onThread {
                    let socket = try RawSocket(port: port)
                    while try !socket.receive().isEmpty {}
                }
            }
            #expect(error?.code == ECONNRESET)
        }
    }

    @Test(
        "Connections that rest close by themselves: at their time, with the peer, or when it speaks unasked",
        arguments: ["time", "end", "bytes", "reset"])
    func rests(ending: String) async throws {
        let closed = Latch()
        try await self.withListener({ connection in
            connection.onClose = { closed.open() }
            connection.rest(for: ending == "time" ? .milliseconds(2) : .seconds(3_600))
        }) { loop, port in
            let socket = try await onThread { try RawSocket(port: port) }
            try await onThread {
                switch ending {
                case "end": socket.endOutput()
                case "bytes": try socket.send([1])
                case "reset": socket.resetOnClose()
                default: break
                }
            }
            if ending == "reset" { _ = consume socket }
            await closed.wait()
            await loop.perform {}
            #expect(loop.statistics.connections == 0)
        }
    }

    @Test("A thousand connections opened and closed leave neither a channel nor a descriptor behind")
    func leavesNothing() async throws {
        final class Weak: Sendable {
            private let box: @Sendable () -> TCPConnection?
            init(_ connection: TCPConnection) { self.box = { [weak connection] in connection } }
            var isGone: Bool { self.box() == nil }
        }
        let seen = Record<Weak>()
        try await self.withListener({ connection in
            seen.append(Weak(connection))
            connection.setDeadline(after: .seconds(3_600))
            await Self.echo(connection)
        }) { loop, port in
            try await onThread {
                for number in 0..<1_000 {
                    let socket = try RawSocket(port: port)
                    if number % 3 == 0 { socket.resetOnClose() }
                    if number % 2 == 0 {
                        try socket.send([1])
                        #expect(try socket.receive(1) == [1])
                    }
                }
            }
            while loop.statistics.connections > 0 || seen.all.count < 1_000 { await loop.perform {} }
            await loop.perform {}
            await loop.perform {}
            #expect(seen.all.count == 1_000)
            #expect(seen.all.allSatisfy { $0.isGone })
        }
    }

    @Test("A second listener on the same port is refused, this program's own included")
    func listensOnce() async throws {
        try await self.withListener(Self.echo) { loop, port in
            let address = try #require(SocketAddress(numericHost: "127.0.0.1", port: port))
            #expect(throws: IOError(.system(EADDRINUSE), in: "bind")) {
                try TCPListener.bind(address, on: [loop], onAccept: { $0.close() }, onRefusal: { _ in })
            }
        }
    }

    @Test("Every loop of a server has a listener on the same port")
    func listensOnAll() async throws {
        let group = try EventLoopGroup(count: 3)
        defer { group.stop() }
        let address = try #require(SocketAddress(numericHost: "127.0.0.1", port: 0))
        let listeners = try TCPListener.bind(
            address, on: group.traffic,
            onAccept: { connection in
                _ = Task(executorPreference: connection.loop) { await Self.echo(connection) }
            },
            onRefusal: { _ in })
        #expect(Set(listeners.map(\.address)).count == 1)
        let port = listeners[0].address.port
        try await onThread {
            for _ in 0..<60 {
                let socket = try RawSocket(port: port)
                try socket.send([9])
                #expect(try socket.receive(1) == [9])
            }
        }
        for listener in listeners { listener.close() }
    }
}
