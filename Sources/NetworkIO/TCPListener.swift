import CSystem
import Glibc

/// A listening TCP socket on one event loop.
///
/// Every loop of a server has its own, bound to the same port with `SO_REUSEPORT`, so the kernel spreads connections
/// and no loop hands a socket to another.
public final class TCPListener: EventChannel, @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: that of `EventChannel`; confined to the loop's thread after `start`.

    public let address: SocketAddress
    private let onAccept: @Sendable (TCPConnection) -> Void
    private let onRefusal: @Sendable (IOError) -> Void
    private static let acceptsPerTick = 64

    private init(
        descriptor: Int32, address: SocketAddress, loop: EventLoop,
        onAccept: @escaping @Sendable (TCPConnection) -> Void, onRefusal: @escaping @Sendable (IOError) -> Void
    ) {
        self.address = address
        self.onAccept = onAccept
        self.onRefusal = onRefusal
        super.init(descriptor: descriptor, loop: loop)
    }

    /// Binds one listener for each loop to the same address. Port 0 asks the kernel for a free one.
    ///
    /// - Parameters:
    ///   - onAccept: called on the loop with each new connection.
    ///   - onRefusal: called on the loop when a connection could not be accepted, such as when descriptors ran out.
    /// - Throws: `IOError` with `EADDRINUSE` when any process, this program included, listens there already.
    public static func bind(
        _ address: SocketAddress, on loops: [EventLoop], backlog: Int32 = 4_096,
        onAccept: @escaping @Sendable (TCPConnection) -> Void, onRefusal: @escaping @Sendable (IOError) -> Void
    ) throws(IOError) -> [TCPListener] {
        // With `SO_REUSEPORT` a second copy of the program would share the port in silence. A first bind without it
        // finds out.
        if address.port != 0 {
            let probe = try self.listeningSocket(address, reusePort: false, backlog: 1)
            _ = Glibc.close(probe)
        }
        var bound = address
        var listeners: [TCPListener] = []
        for loop in loops {
            do throws(IOError) {
                let descriptor = try self.listeningSocket(bound, reusePort: true, backlog: backlog)
                bound = SocketAddress.local(of: descriptor) ?? bound
                listeners.append(
                    TCPListener(
                        descriptor: descriptor, address: bound, loop: loop, onAccept: onAccept, onRefusal: onRefusal))
            } catch {
                for listener in listeners { _ = Glibc.close(listener.descriptor) }
                throw error
            }
        }
        for listener in listeners { listener.start() }
        return listeners
    }

    private static func listeningSocket(
        _ address: SocketAddress, reusePort: Bool, backlog: Int32
    ) throws(IOError) -> Int32 {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(address.family, type, 0)
        guard descriptor >= 0 else { throw IOError.last(in: "socket") }
        var one: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, size)
        if reusePort { setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &one, size) }
        guard address.withSockaddr({ Glibc.bind(descriptor, $0, $1) }) == 0 else {
            let error = IOError.last(in: "bind")
            _ = Glibc.close(descriptor)
            throw error
        }
        guard Glibc.listen(descriptor, backlog) == 0 else {
            let error = IOError.last(in: "listen")
            _ = Glibc.close(descriptor)
            throw error
        }
        return descriptor
    }

    private func start() {
        self.loop.execute {
            do throws(IOError) {
                // Level-triggered: what one tick leaves in the queue is told again in the next.
                try self.loop.register(self, events: EPOLLIN.rawValue)
            } catch {
                self.onRefusal(error)
            }
        }
    }

    public override func handle(events: UInt32) {
        for _ in 0..<Self.acceptsPerTick {
            var storage = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            var remote: SocketAddress?
            let descriptor = withUnsafeMutablePointer(to: &storage) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                    let descriptor = vitrine_accept(self.descriptor, raw, &length)
                    if descriptor >= 0 { remote = SocketAddress(raw) }
                    return descriptor
                }
            }
            if descriptor < 0 {
                if errno == EINTR || errno == ECONNABORTED { continue }
                if errno != EAGAIN { self.refuse(IOError.last(in: "accept4")) }
                return
            }
            guard let remote else {
                _ = Glibc.close(descriptor)
                continue
            }
            do throws(IOError) {
                self.onAccept(try TCPConnection(descriptor: descriptor, remoteAddress: remote, loop: self.loop))
            } catch {
                self.onRefusal(error)
            }
        }
    }

    /// Out of descriptors or memory: the queue stays full, so the loop would turn without pause. Rest for a moment.
    private func refuse(_ error: IOError) {
        self.onRefusal(error)
        self.loop.deregister(self)
        self.loop.schedule(at: self.loop.now &+ 100_000_000) {
            guard self.descriptor >= 0 else { return }
            do throws(IOError) {
                try self.loop.register(self, events: EPOLLIN.rawValue)
            } catch {
                self.refuse(error)
            }
        }
    }

    /// Stops accepting, from any thread. Connections the kernel has completed but nobody has accepted are reset.
    public func close() {
        self.loop.execute {
            guard self.descriptor >= 0 else { return }
            self.loop.deregister(self)
            _ = Glibc.close(self.descriptor)
            self.descriptor = -1
        }
    }
}
