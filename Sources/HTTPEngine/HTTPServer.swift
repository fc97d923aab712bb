public import HTTPCore
public import NetworkIO
import Synchronization

/// A listener for HTTP/1.1 and HTTP/2 over several event loops.
///
/// A connection's first bytes say which it speaks; HTTP/2 is taken with prior knowledge (RFC 9113, section 3.3). A
/// connection of HTTP/1.1 is one task on its loop, in which the responder runs; of HTTP/2 every stream is one.
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

/// A connection as its server sees it. Its members are called from any thread.
protocol ServerConnection: AnyObject, Sendable {
    /// Closes the connection if it rests; otherwise what is under way is its last.
    func drain()
    /// Cuts the connection off, and lets what answers its requests know.
    func abort()
}

/// What the connections of one server share.
final class ServerCore: Sendable {
    let configuration: HTTPServerConfiguration
    let observer: any HTTPServerObserver
    let responder: any HTTPResponder
    let open = Atomic<Int>(0)
    let isDraining = Atomic<Bool>(false)

    private struct State: Sendable {
        var connections: [ObjectIdentifier: any ServerConnection] = [:]
        var waiters: [UnsafeContinuation<Void, Never>] = []

        mutating func takeWaiters() -> [UnsafeContinuation<Void, Never>] {
            defer { self.waiters = [] }
            return self.waiters
        }
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
        let key = ObjectIdentifier(connection)
        self.state.withLock { $0.connections[key] = server }
        // Set before the task can run: it does so on this thread.
        server.task = Task(executorPreference: connection.loop) { [self] in
            let isHTTP2 = await server.run()
            server.task = nil
            if isHTTP2 { await self.serveHTTP2(connection, key) }
            self.leave(key)
        }
    }

    /// Goes on with a connection whose first bytes were the preface.
    private func serveHTTP2(_ connection: TCPConnection, _ key: ObjectIdentifier) async {
        let server = HTTP2ServerConnection(connection: connection, core: self)
        // Either whoever drains finds it here, or it finds that the server drains.
        self.state.withLock { $0.connections[key] = server }
        await server.run()
    }

    private func refuse(_ connection: TCPConnection) {
        self.observer.connectionRefused("the limit of \(self.configuration.connectionsMax) connections is reached")
        connection.outbound.append(
            staticText:
                "HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
        _ = Task(executorPreference: connection.loop) { await connection.closeGracefully(within: .milliseconds(500)) }
    }

    private func leave(_ key: ObjectIdentifier) {
        self.open.wrappingSubtract(1, ordering: .relaxed)
        let waiters = self.state.withLock { state in
            state.connections[key] = nil
            return state.connections.isEmpty ? state.takeWaiters() : []
        }
        for waiter in waiters { waiter.resume() }
    }

    func beginDraining() {
        self.isDraining.store(true, ordering: .releasing)
        for server in self.state.withLock({ Array($0.connections.values) }) { server.drain() }
    }

    /// Waits until the last connection has left, but no longer than `limit`; then cuts off those that are left.
    ///
    /// An answer that does not heed its cancellation is not waited for.
    func waitUntilEmpty(within limit: Duration) async -> Int {
        var alarm: Task<Void, Never>?
        await withUnsafeContinuation { continuation in
            let isEmpty = self.state.withLock { state in
                if !state.connections.isEmpty { state.waiters.append(continuation) }
                return state.connections.isEmpty
            }
            if isEmpty { return continuation.resume() }
            alarm = Task {
                // Cancelled once everything has left in time.
                do { try await Task.sleep(for: limit) } catch { return }
                for waiter in self.state.withLock({ $0.takeWaiters() }) { waiter.resume() }
            }
        }
        alarm?.cancel()
        let remaining = self.state.withLock { Array($0.connections.values) }
        for server in remaining { server.abort() }
        return remaining.count
    }
}
