import HTTP2
import HTTPCore
import NetworkIO

/// One HTTP/2 connection of a client, shared by all calls of a loop to one address.
final class HTTP2ClientConnection: HTTP2Connection, @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: confined to the loop of `connection`.

    let target: HTTPTarget
    let pool: HTTP2ConnectionPool
    /// Takes no more calls: the peer is going away, or the address is not the upstream's any more.
    private(set) var isRetired = false
    private var idleSince: UInt64

    init(_ connection: TCPConnection, target: HTTPTarget, pool: HTTP2ConnectionPool) {
        let configuration = pool.configuration
        self.target = target
        self.pool = pool
        self.idleSince = connection.loop.now
        super.init(
            connection, HTTP2Session(.client, configuration: configuration.http2),
            outboundHighWater: configuration.outboundHighWater, writeTimeout: configuration.writeTimeout,
            keepAliveInterval: configuration.keepAliveInterval, keepAliveTimeout: configuration.keepAliveTimeout)
    }

    /// Whether one more call may be made.
    var hasRoom: Bool {
        !self.isRetired && !self.isEnding && !self.connection.isClosed
            && self.streams.count < min(self.session.concurrentStreamsMax, self.pool.configuration.streamsPerConnectionMax)
    }

    // MARK: The life of a connection

    func run() async {
        self.note(self.now &+ self.pool.configuration.idleTimeout.wholeNanoseconds)
        var reason = HTTPClientError.Reason.incompleteResponse
        do throws(IOError) {
            try await self.exchangeBytes()
        } catch {
            reason = .connectionLost(error)
        }
        self.isRetired = true
        for case let stream as HTTP2ClientStream in self.streams.values { stream.fail(reason, telling: nil) }
        self.closeStreams()
        self.connection.refill = nil
        if reason.isClean {
            await self.connection.closeGracefully(sending: .seconds(1), within: .milliseconds(100))
        } else {
            self.connection.close()
        }
        self.pool.connectionClosed(self)
    }

    /// Takes no more calls, and closes behind the last one.
    func retire() {
        guard !self.isRetired else { return }
        self.isRetired = true
        self.closeIfIdle()
    }

    func closeIfIdle() {
        guard self.streams.isEmpty, !self.isEnding else { return }
        self.isRetired = true
        self.session.goAway()
        self.end()
    }

    // MARK: Calls

    /// Sends a request and gives the answer once its head is in.
    func exchange(_ request: HTTPRequest, deadline: UInt64) async throws -> HTTPResponse {
        let length = Self.length(of: request)
        let hasBody =
            switch request.body {
            case .empty: false
            case .bytes(let bytes): !bytes.isEmpty
            case .stream: true
            }
        guard
            let id = self.session.open(
                request, authority: self.target.authority, length: length, hasBody: hasBody)
        else {
            self.retire()
            throw HTTPClientError(.goneAway, upstream: self.pool.upstream)
        }
        let stream = HTTP2ClientStream(id, on: self)
        stream.deadline = deadline
        self.note(deadline)
        if self.streams.isEmpty { self.watchPeer() }
        self.streams[id] = stream
        self.target.outstanding += 1
        self.pool.statistics.leased()
        switch request.body {
        case .empty: break
        case .bytes(let bytes):
            self.session.write(bytes, to: id)
            self.session.end(id)
        case .stream(let body, let length): stream.send(requestBody: body, length: length)
        }
        self.scheduleFlush()
        return try await stream.awaitResponse()
    }

    private static func length(of request: HTTPRequest) -> Int? {
        if case .empty = request.body {
            // A POST or PUT without content says so (RFC 9110, section 8.6).
            return request.method == .post || request.method == .put || request.method == .patch ? 0 : nil
        }
        return request.body.length
    }

    override func streamEnded(_ stream: HTTP2Stream) {
        self.target.outstanding -= 1
        self.pool.statistics.returned()
        if self.streams.isEmpty {
            self.idleSince = self.now
            self.note(self.now &+ self.pool.configuration.idleTimeout.wholeNanoseconds)
            if self.isRetired { self.closeIfIdle() }
        }
        self.pool.roomAppeared()
    }

    // MARK: Events

    override func receive(malformed error: HTTP1Error, on id: HTTP2StreamID) {
        guard let stream = self.streams[id] as? HTTP2ClientStream else { return }
        // The session resets it.
        stream.fail(.invalidResponse(error), telling: nil)
    }

    override func receiveGoAway(last: HTTP2StreamID, _ code: HTTP2ErrorCode) {
        self.isRetired = true
        for case let stream as HTTP2ClientStream in self.streams.values where stream.id > last {
            stream.fail(.goneAway, telling: nil)
        }
        if self.streams.isEmpty { self.end() }
        self.pool.roomAppeared()
    }

    override func settingsChanged() { self.pool.roomAppeared() }

    override func streamStalled(_ stream: HTTP2Stream) {
        (stream as? HTTP2ClientStream)?.fail(.timedOut)
    }

    override func peerStopped(_ phase: StaticString) {
        self.isRetired = true
        for case let stream as HTTP2ClientStream in self.streams.values {
            stream.fail(.connectionLost(IOError(.timedOut, in: phase)), telling: nil)
        }
        // An address that does not answer is not the next call's either.
        self.pool.passOver(self.target)
        self.connection.reset()
    }

    override func lookAfterConnection(_ now: UInt64) -> UInt64 {
        guard self.streams.isEmpty else { return .max }
        let until = self.idleSince &+ self.pool.configuration.idleTimeout.wholeNanoseconds
        if until <= now {
            self.closeIfIdle()
            return .max
        }
        return until
    }
}

extension HTTPClientError.Reason {
    /// The connection ended without an error of the socket.
    fileprivate var isClean: Bool {
        if case .incompleteResponse = self { return true }
        return false
    }
}
