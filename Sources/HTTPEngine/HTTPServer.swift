public import HTTPCore
public import NetworkIO
import Synchronization

/// An HTTP/1.1 listener over several event loops.
///
/// Each connection is one task on its loop; the responder runs in it. The same port is to speak HTTP/2: a connection's
/// protocol is chosen in `serve(_:)`, by its first bytes.
public final class HTTPServer: Sendable {
    public let configuration: HTTPServerConfiguration
    /// Where it listens, with the port the kernel chose if 0 was asked for.
    public let address: SocketAddress

    private struct Bound: Sendable {
        var listeners: [TCPListener] = []
    }
    private let bound: Mutex<Bound>
    private let core: ServerCore

    /// Binds and begins to accept.
    /// - Throws: `IOError` when the port is taken or the address is not this machine's.
    public init(
        address: SocketAddress, loops: [EventLoop], configuration: HTTPServerConfiguration = .init(),
        observer: any HTTPServerObserver = SilentObserver(), responder: any HTTPResponder
    ) throws(IOError) {
        let core = ServerCore(configuration: configuration, observer: observer, responder: responder)
        let listeners = try TCPListener.bind(
            address, on: loops,
            onAccept: { core.accept($0) },
            onRefusal: { core.observer.connectionRefused($0.description) })
        self.configuration = configuration
        self.core = core
        self.address = listeners.first?.address ?? address
        self.bound = Mutex(Bound(listeners: listeners))
    }

    /// Connections now open.
    public var openConnections: Int { self.core.open.load(ordering: .relaxed) }

    /// Stops accepting, lets requests in progress end, and closes idle connections.
    ///
    /// Answers given from now on carry `connection: close`. Whatever is still open at the deadline is cut off.
    /// - Returns: connections that had to be cut off.
    @discardableResult
    public func drain(within limit: Duration) async -> Int {
        let listeners = self.bound.withLock { bound in
            defer { bound.listeners = [] }
            return bound.listeners
        }
        for listener in listeners { listener.close() }
        self.core.beginDraining()
        let cut = await self.core.waitUntilEmpty(within: limit)
        return cut
    }
}

/// What the connections of one server share.
final class ServerCore: Sendable {
    let configuration: HTTPServerConfiguration
    let observer: any HTTPServerObserver
    let responder: any HTTPResponder
    let open = Atomic<Int>(0)
    let isDraining = Atomic<Bool>(false)

    private struct State: Sendable {
        var connections: [ObjectIdentifier: HTTP1ServerConnection] = [:]
        var waiter: UnsafeContinuation<Void, Never>?
    }
    private let state = Mutex(State())

    init(
        configuration: HTTPServerConfiguration, observer: any HTTPServerObserver, responder: any HTTPResponder
    ) {
        self.configuration = configuration
        self.observer = observer
        self.responder = responder
    }

    /// Runs on the connection's loop.
    func accept(_ connection: TCPConnection) {
        let open = self.open.wrappingAdd(1, ordering: .relaxed).newValue
        guard open <= self.configuration.connectionsMax else {
            self.open.wrappingSubtract(1, ordering: .relaxed)
            self.refuse(connection)
            return
        }
        let server = HTTP1ServerConnection(connection: connection, core: self)
        self.state.withLock { $0.connections[ObjectIdentifier(server)] = server }
        _ = Task(executorPreference: connection.loop) { [self] in
            await server.run()
            self.leave(server)
        }
    }

    private func refuse(_ connection: TCPConnection) {
        self.observer.connectionRefused("the limit of \(self.configuration.connectionsMax) connections is reached")
        let answer = "HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
        connection.outbound.append(contentsOf: answer.utf8)
        _ = Task(executorPreference: connection.loop) { await connection.closeGracefully(within: .milliseconds(500)) }
    }

    private func leave(_ server: HTTP1ServerConnection) {
        self.open.wrappingSubtract(1, ordering: .relaxed)
        let waiter = self.state.withLock { state -> UnsafeContinuation<Void, Never>? in
            state.connections[ObjectIdentifier(server)] = nil
            guard state.connections.isEmpty else { return nil }
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    func beginDraining() {
        self.isDraining.store(true, ordering: .releasing)
        for server in self.state.withLock({ Array($0.connections.values) }) { server.drain() }
    }

    func waitUntilEmpty(within limit: Duration) async -> Int {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                await withUnsafeContinuation { continuation in
                    let isEmpty = self.state.withLock { state in
                        if !state.connections.isEmpty { state.waiter = continuation }
                        return state.connections.isEmpty
                    }
                    if isEmpty { continuation.resume() }
                }
                return true
            }
            group.addTask {
                // Cancelled once everything has left in time.
                do { try await Task.sleep(for: limit) } catch { return true }
                return false
            }
            let emptied = await group.next() ?? true
            var cut = 0
            if !emptied {
                let remaining = self.state.withLock { Array($0.connections.values) }
                cut = remaining.count
                for server in remaining { server.abort() }
            }
            group.cancelAll()
            return cut
        }
    }
}
