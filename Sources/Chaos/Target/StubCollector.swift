import HTTPCore
import HTTPEngine
import NetworkIO
import Synchronization

/// A collector that takes whatever is exported to it and keeps nothing, so that it can be taken away.
public final class StubCollector: Sendable {
    public let port: Int
    private let loop: EventLoop
    private let counter: Counter
    /// Nil while it is stopped.
    private let server: Mutex<HTTPServer?>

    /// Listens on a free port of loopback.
    public init() throws {
        guard let address = SocketAddress(numericHost: "127.0.0.1", port: 0) else {
            throw CannotRun("127.0.0.1 is no address")
        }
        self.loop = try EventLoop(index: 0, name: "collector")
        self.counter = Counter()
        let server = try HTTPServer(address: address, loops: [self.loop], responder: self.counter)
        self.port = server.address.port
        self.server = Mutex(server)
    }

    deinit { self.loop.stop() }

    /// Exports taken so far.
    public var exports: Int { self.counter.count.load(ordering: .relaxed) }

    /// Refuses connections from now on, until it is started again.
    public func stop() async {
        let server = self.server.withLock { server in
            defer { server = nil }
            return server
        }
        await server?.drain(within: .zero)
    }

    /// Listens again, on the same port, if it was stopped.
    public func start() throws {
        try self.server.withLock { server in
            guard server == nil else { return }
            guard let address = SocketAddress(numericHost: "127.0.0.1", port: self.port) else { return }
            server = try HTTPServer(address: address, loops: [self.loop], responder: self.counter)
        }
    }

    private final class Counter: HTTPResponder {
        let count = Atomic<Int>(0)

        func respond(to request: HTTPRequest) async -> HTTPResponse {
            // Read to the end, so that the connection can be used again; what it says is of no interest.
            _ = try? await request.body.collect(upTo: 8 << 20)
            self.count.wrappingAdd(1, ordering: .relaxed)
            var fields = HTTPFields()
            fields.append(.contentType, "application/json")
            return HTTPResponse(200, fields: fields, body: .bytes(Array("{}".utf8)))
        }
    }
}
