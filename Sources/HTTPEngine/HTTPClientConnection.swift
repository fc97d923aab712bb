import HTTPCore
import NetworkIO

/// One call on one leased connection.
final class HTTPClientConnection: @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: confined to the pool's loop.

    let wasReused: Bool
    private let connection: TCPConnection
    private let target: HTTPTarget
    private let pool: HTTPConnectionPool
    private var receivedAnything = false
    private var isReturned = false

    init(connection: TCPConnection, target: HTTPTarget, pool: HTTPConnectionPool, wasReused: Bool) {
        self.connection = connection
        self.target = target
        self.pool = pool
        self.wasReused = wasReused
    }

    /// Sends the request and reads the answer's head, and its body too when that has come along.
    func exchange(_ request: HTTPRequest, deadline: UInt64) async throws(HTTPClientError) -> HTTPResponse {
        self.connection.setDeadline(deadline)
        do throws(HTTPClientError) {
            try await self.write(request)
            let head = try await self.readHead(method: request.method)
            return self.makeResponse(head)
        } catch {
            self.finish(reusable: false)
            throw error
        }
    }

    /// Whether the failure is that of a connection the peer had given up before the request reached it, and sending
    /// the request again is safe.
    func mayRetry(_ request: HTTPRequest, after error: HTTPClientError) -> Bool {
        guard !self.receivedAnything, request.method.isIdempotent else { return false }
        if case .stream = request.body { return false }
        switch error.reason {
        case .connectionLost, .incompleteResponse: return true
        default: return false
        }
    }

    // MARK: Request

    private func write(_ request: HTTPRequest) async throws(HTTPClientError) {
        let framing = self.appendHead(of: request)
        if case .bytes(let bytes) = request.body {
            if bytes.count >= Self.largeBodyBytes { return try await self.writeLarge(bytes) }
            self.connection.outbound.append(contentsOf: bytes)
        }
        self.connection.scheduleFlush()
        guard case .stream(let stream, _) = request.body else { return }
        try await self.writeStream(stream, framing: framing)
    }

    /// Bodies from this size are sent from where they lie.
    private static let largeBodyBytes = 64 * 1_024

    private func writeLarge(_ bytes: [UInt8]) async throws(HTTPClientError) {
        do throws(IOError) {
            try await self.connection.sendInPlace(bytes)
        } catch {
            if error.reason == .timedOut { throw HTTPClientError(.timedOut, upstream: self.pool.upstream) }
            // The peer may have answered early, say 413, and closed: its answer is read if there is one.
            self.connection.receiveLeftovers()
        }
    }

    private func appendHead(of request: HTTPRequest) -> HTTP1BodyFraming {
        HTTP1Encoder.appendRequestLine(
            request.method, path: request.path, query: request.query, to: &self.connection.outbound)
        if !request.fields.contains(.host) {
            self.connection.outbound.append(staticText: "host: ")
            self.connection.outbound.append(contentsOf: (request.authority ?? self.target.authority).utf8)
            self.connection.outbound.append(staticText: "\r\n")
        }
        // Framing is written below, once: a field taken over from another message would contradict it.
        if request.fields.containsAny(of: .framing) {
            request.fields.removing(.framing).serialize(into: &self.connection.outbound)
        } else {
            request.fields.serialize(into: &self.connection.outbound)
        }
        let framing: HTTP1BodyFraming
        switch request.body {
        case .empty:
            // A POST or PUT without content says so (RFC 9110, section 8.6).
            framing = request.method == .post || request.method == .put || request.method == .patch ? .length(0) : .none
        case .bytes(let bytes): framing = .length(bytes.count)
        case .stream(_, let length): framing = length.map { .length($0) } ?? .chunked
        }
        switch framing {
        case .length(let length):
            self.connection.outbound.append(staticText: "content-length: ")
            self.connection.outbound.append(decimal: length)
            self.connection.outbound.append(staticText: "\r\n")
        case .chunked: self.connection.outbound.append(staticText: "transfer-encoding: chunked\r\n")
        case .none, .untilClose: break
        }
        self.connection.outbound.append(staticText: "\r\n")
        return framing
    }

    private func writeStream(
        _ stream: any HTTPBodyStream, framing: HTTP1BodyFraming
    ) async throws(HTTPClientError) {
        while true {
            let part: [UInt8]?
            do { part = try await stream.next() } catch {
                throw HTTPClientError(.requestBody(error), upstream: self.pool.upstream)
            }
            guard let part else { break }
            if part.isEmpty { continue }
            if framing == .chunked { HTTP1Encoder.appendChunkHeader(size: part.count, to: &self.connection.outbound) }
            self.connection.outbound.append(contentsOf: part)
            if framing == .chunked { self.connection.outbound.append(staticText: "\r\n") }
            self.connection.scheduleFlush()
            do throws(IOError) {
                try await self.connection.drain(below: self.pool.configuration.outboundHighWater)
            } catch {
                if error.reason == .timedOut { throw HTTPClientError(.timedOut, upstream: self.pool.upstream) }
                // The peer may have answered early, say 413, and closed: its answer is read if there is one.
                stream.cancel()
                self.connection.receiveLeftovers()
                return
            }
        }
        if framing == .chunked {
            HTTP1Encoder.appendLastChunk(trailers: stream.trailers ?? HTTPFields(), to: &self.connection.outbound)
            self.connection.scheduleFlush()
        }
    }

    // MARK: Response

    private func readHead(method: HTTPMethod) async throws(HTTPClientError) -> HTTP1ResponseHead {
        var decoder = HTTP1ResponseDecoder(limits: HTTP1Limits())
        while true {
            if self.connection.receivedCount > 0 {
                self.receivedAnything = true
                do throws(HTTP1Error) {
                    if let (head, consumed) = try decoder.decodeHead(self.connection.received, requestMethod: method) {
                        self.connection.consume(consumed)
                        if !head.status.isInformational { return head }
                        decoder = HTTP1ResponseDecoder(limits: HTTP1Limits())
                        continue
                    }
                } catch {
                    throw HTTPClientError(.invalidResponse(error), upstream: self.pool.upstream)
                }
            }
            try await self.receive()
        }
    }

    /// Receives more, or throws: an end of the connection here is never a good one.
    func receive() async throws(HTTPClientError) {
        let count: Int
        do throws(IOError) {
            count = try await self.connection.receive()
        } catch {
            if error.reason == .timedOut { throw HTTPClientError(.timedOut, upstream: self.pool.upstream) }
            throw HTTPClientError(.connectionLost(error), upstream: self.pool.upstream)
        }
        if count == 0 { throw HTTPClientError(.incompleteResponse, upstream: self.pool.upstream) }
    }

    private func makeResponse(_ head: HTTP1ResponseHead) -> HTTPResponse {
        let body: HTTPBody
        switch head.framing {
        case .none, .length(0):
            body = .empty
            self.finish(reusable: head.keepAlive)
        case .length(let length) where length <= self.connection.receivedCount:
            body = .bytes([UInt8](UnsafeRawBufferPointer(rebasing: self.connection.received[..<length])))
            self.connection.consume(length)
            self.finish(reusable: head.keepAlive)
        case .length(let length):
            body = .stream(HTTP1ResponseBodyStream(self, head), length: length)
        case .chunked, .untilClose:
            body = .stream(HTTP1ResponseBodyStream(self, head), length: nil)
        }
        return HTTPResponse(head.status, fields: head.fields, body: body)
    }

    var received: UnsafeRawBufferPointer { self.connection.received }
    func consume(_ count: Int) { self.connection.consume(count) }
    var upstream: String { self.pool.upstream }
    var endpoint: HTTPEndpoint { self.target.endpoint }
    var loop: EventLoop { self.pool.loop }

    /// Ends the call and gives the connection back, once.
    func finish(reusable: Bool) {
        guard !self.isReturned else { return }
        self.isReturned = true
        self.connection.clearDeadline()
        self.pool.giveBack(self.connection, of: self.target, reusable: reusable)
    }
}
