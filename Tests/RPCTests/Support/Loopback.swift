import HTTPCore
import RPC
import Synchronization
import Telemetry
import TelemetryTesting

/// Hands requests to a responder in the same process, and keeps what passed.
final class Loopback: HTTPTransport {
    private let responder: any HTTPResponder
    private let kept = Mutex<[HTTPRequest]>([])

    init(_ responder: any HTTPResponder) { self.responder = responder }

    var requests: [HTTPRequest] { self.kept.withLock { $0 } }

    func send(_ request: HTTPRequest, deadline: Deadline) async throws -> HTTPResponse {
        self.kept.withLock { $0.append(request) }
        return await self.responder.respond(to: request)
    }
}

/// Answers as a closure says.
struct Scripted: HTTPTransport {
    let answer: @Sendable (HTTPRequest) async throws -> HTTPResponse

    func send(_ request: HTTPRequest, deadline: Deadline) async throws -> HTTPResponse {
        try await self.answer(request)
    }
}

/// A body of pieces that a test feeds.
final class FedBody: HTTPBodyStream {
    private struct State {
        var pieces: [[UInt8]] = []
        var trailers: HTTPFields?
        var hasEnded = false
        var failure: (any Error)?
        var isCancelled = false
        var reader: CheckedContinuation<Void, Never>?
        var readCount = 0
    }
    private let state = Mutex(State())

    init() {}

    /// Everything at once.
    init(_ pieces: [[UInt8]], trailers: HTTPFields? = nil) {
        self.state.withLock {
            $0.pieces = pieces
            $0.trailers = trailers
            $0.hasEnded = true
        }
    }

    func feed(_ piece: [UInt8]) { self.change { $0.pieces.append(piece) } }
    func end(_ trailers: HTTPFields? = nil) {
        self.change {
            $0.trailers = trailers
            $0.hasEnded = true
        }
    }
    func fail(_ error: any Error) { self.change { $0.failure = error } }

    var isCancelled: Bool { self.state.withLock { $0.isCancelled } }
    var readCount: Int { self.state.withLock { $0.readCount } }

    private func change(_ body: (inout State) -> Void) {
        let reader = self.state.withLock { state in
            body(&state)
            return state.reader.take()
        }
        reader?.resume()
    }

    func next() async throws -> [UInt8]? {
        await withCheckedContinuation { continuation in
            let isReady = self.state.withLock { state in
                state.readCount += 1
                if !state.pieces.isEmpty || state.hasEnded || state.failure != nil || state.isCancelled { return true }
                state.reader = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
        return try self.state.withLock { state in
            if let failure = state.failure { throw failure }
            if !state.pieces.isEmpty { return state.pieces.removeFirst() }
            return nil
        }
    }

    var trailers: HTTPFields? { self.state.withLock { $0.pieces.isEmpty && $0.hasEnded ? $0.trailers : nil } }
    func cancel() { self.change { $0.isCancelled = true } }
}

/// A server of the echo service, its telemetry, and a client of it.
struct EchoServer {
    let recorded: TestTelemetry
    let server: RPCServer
    let loopback: Loopback
    let client: RPCClient

    init(
        _ service: EchoService = .init(), configuration: RPCServerConfiguration = .init(),
        interceptors: [any RPCServerInterceptor] = [], clientInterceptors: [any RPCClientInterceptor] = [],
        metadata: RPCMetadata = .init(), health: RPCHealth? = nil
    ) {
        let recorded = TestTelemetry()
        var table = RPCServiceTable()
        service.register(on: &table)
        health?.register(on: &table)
        RPCReflection(table).register(on: &table)
        self.recorded = recorded
        self.server = RPCServer(
            table, telemetry: recorded.telemetry, configuration: configuration, interceptors: interceptors)
        self.loopback = Loopback(self.server)
        self.client = RPCClient(
            transport: self.loopback, serverAddress: "echo.test", serverPort: 8_002, metadata: metadata,
            telemetry: recorded.telemetry, interceptors: clientInterceptors)
    }

    /// A request as a client of another make would send it.
    static func request(_ body: HTTPBody, _ extra: HTTPFields = [:]) -> HTTPRequest {
        self.request(EchoMethods.say, body, extra)
    }

    static func request(_ method: RPCMethod, _ body: HTTPBody, _ extra: HTTPFields = [:]) -> HTTPRequest {
        var fields: HTTPFields = ["te": "trailers", "content-type": "application/grpc"]
        fields.append(contentsOf: extra)
        return HTTPRequest(
            method: .post, authority: "echo.test", path: method.path, query: nil, version: .http2, fields: fields,
            body: body)
    }

    /// The whole answer: head, bytes and trailers, where trailers are the head's for an answer that has no more.
    func answer(_ request: HTTPRequest) async throws -> (head: HTTPResponse, bytes: [UInt8], trailers: HTTPFields) {
        let response = await self.server.respond(to: request)
        guard case .stream(let stream, _) = response.body else { return (response, [], response.fields) }
        var bytes: [UInt8] = []
        while let piece = try await stream.next() { bytes += piece }
        return (response, bytes, stream.trailers ?? [:])
    }

    func status(_ request: HTTPRequest) async throws -> (code: String?, message: String?) {
        let trailers = try await self.answer(request).trailers
        return (trailers["grpc-status"], trailers["grpc-message"])
    }
}

/// Something that happens once, and that others wait for.
final class Event: Sendable {
    private let state = Mutex<(hasHappened: Bool, waiters: [CheckedContinuation<Void, Never>])>((false, []))

    func happen() {
        let waiters = self.state.withLock { state in
            state.hasHappened = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOver = self.state.withLock { state in
                if !state.hasHappened { state.waiters.append(continuation) }
                return state.hasHappened
            }
            if isOver { continuation.resume() }
        }
    }
}

/// Waits until the task is cancelled.
func sleepUntilCancelled() async throws {
    let event = Event()
    await withTaskCancellationHandler {
        await event.wait()
    } onCancel: {
        event.happen()
    }
    try Task.checkCancellation()
}

extension RPCClock {
    /// Time that moves when `clock` is told.
    static func manual(_ clock: ManualClock) -> RPCClock {
        let start = ContinuousClock.now
        return RPCClock(
            now: { start.advanced(by: clock.now.sinceStart) },
            sleep: { try await clock.sleep(until: .init(sinceStart: start.duration(to: $0))) })
    }
}
