import HTTP2
import HTTPCore
import NetworkIO

/// One stream of an HTTP/2 connection: what has arrived on it and not been taken, and who waits for more.
class HTTP2Stream: @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: confined to the connection's loop.

    let id: HTTP2StreamID
    let connection: HTTP2Connection
    private var parts: [[UInt8]] = []
    private var firstPart = 0
    /// Content received and not taken; the peer's windows are closed by as much.
    private(set) var bufferedCount = 0
    /// Content received in all.
    private(set) var receivedCount = 0
    /// The peer has said all.
    private(set) var isEnded = false
    var trailers: HTTPFields?
    /// Over on both sides, or reset; nothing is sent any more.
    private(set) var isClosed = false
    private(set) var closeCode = HTTP2ErrorCode.noError
    /// Nobody wants what still arrives.
    private(set) var isDiscarding = false
    private var reader: UnsafeContinuation<Void, Never>?
    private var writer: UnsafeContinuation<Void, Never>?
    /// When something must have happened, in nanoseconds of the monotonic clock; 0 for never.
    var deadline: UInt64 = 0
    /// Outbound content at the last look, and when it was not yet that.
    private var outboundSeen = 0
    private var outboundSeenAt: UInt64 = 0

    /// Small parts are put together up to this size: a peer that sends single bytes must not make us keep an array for
    /// each.
    private static let joinedBytesMax = 16_384

    init(_ id: HTTP2StreamID, on connection: HTTP2Connection) {
        self.id = id
        self.connection = connection
    }

    // MARK: Inbound

    func receive(_ part: [UInt8]) {
        self.receivedCount += part.count
        guard !self.isDiscarding else { return self.connection.consume(part.count, of: self) }
        self.bufferedCount += part.count
        let last = self.parts.count - 1
        if last >= self.firstPart, self.parts[last].count + part.count <= Self.joinedBytesMax {
            self.parts[last] += part
        } else {
            self.parts.append(part)
        }
        self.resumeReader()
    }

    func receiveEnd() {
        self.isEnded = true
        self.resumeReader()
    }

    /// The next part, which opens the peer's window again; nil when nothing is there.
    func takePart() -> [UInt8]? {
        guard self.firstPart < self.parts.count else { return nil }
        let part = self.parts[self.firstPart]
        self.parts[self.firstPart] = []
        self.firstPart += 1
        if self.firstPart == self.parts.count {
            self.parts.removeAll(keepingCapacity: true)
            self.firstPart = 0
        }
        self.bufferedCount -= part.count
        self.connection.consume(part.count, of: self)
        return part
    }

    /// The whole content when it has arrived in full and without trailers; nil otherwise.
    func takeWhole() -> [UInt8]? {
        guard self.isEnded, self.trailers == nil else { return nil }
        guard var whole = self.takePart() else { return [] }
        while let part = self.takePart() { whole += part }
        return whole
    }

    /// Drops what is there and what may come.
    func discard() {
        guard !self.isDiscarding else { return }
        self.isDiscarding = true
        self.parts = []
        self.firstPart = 0
        self.connection.consume(self.bufferedCount, of: self)
        self.bufferedCount = 0
    }

    /// Waits for a part, the end, the stream's end or `wake`.
    func waitForInbound() async { await withUnsafeContinuation { self.reader = $0 } }

    func resumeReader() {
        guard let reader = self.reader else { return }
        self.reader = nil
        reader.resume()
    }

    // MARK: Outbound

    /// Waits until no more than `mark` bytes wait to be sent, or the stream is over.
    func drain(below mark: Int) async {
        while !self.isClosed, self.connection.session.outboundCount(of: self.id) > mark {
            self.connection.session.notify(self.id, below: mark)
            await withUnsafeContinuation { self.writer = $0 }
        }
    }

    func resumeWriter() {
        guard let writer = self.writer else { return }
        self.writer = nil
        writer.resume()
    }

    /// Sends what `body` gives, in step with what the peer takes.
    /// - Throws: what the body throws, or `HTTPResponseBodyError` when it has another length than was announced.
    /// - Returns: false when the stream was over before the body was.
    func send(_ body: any HTTPBodyStream, length: Int?) async throws -> Bool {
        let session = self.connection.session
        let highWater = self.connection.outboundHighWater
        var left = length
        while let part = try await body.next() {
            if self.isClosed { return false }
            if part.isEmpty { continue }
            if let most = left, part.count > most { throw HTTPResponseBodyError.lengthMismatch }
            left = left.map { $0 - part.count }
            session.write(part, to: self.id)
            self.connection.scheduleFlush()
            if session.outboundCount(of: self.id) > highWater { await self.drain(below: highWater / 2) }
            if self.isClosed { return false }
        }
        if let left, left > 0 { throw HTTPResponseBodyError.lengthMismatch }
        if self.isClosed { return false }
        session.end(self.id, trailers: body.trailers)
        self.connection.scheduleFlush()
        return true
    }

    /// Whether content has waited for `limit` without the peer taking any. Called at each look.
    func isStalled(at now: UInt64, for limit: UInt64) -> (isStalled: Bool, deadline: UInt64) {
        let count = self.connection.session.outboundCount(of: self.id)
        guard count > 0 else {
            self.outboundSeen = 0
            return (false, .max)
        }
        if count != self.outboundSeen {
            self.outboundSeen = count
            self.outboundSeenAt = now
        }
        return (now >= self.outboundSeenAt &+ limit, self.outboundSeenAt &+ limit)
    }

    // MARK: End

    func receive(response: HTTPResponse, length: Int?) {}

    /// `deadline` has passed.
    func deadlinePassed() {}

    /// The stream is over; `code` says how. Called once.
    func close(_ code: HTTP2ErrorCode) {
        self.isClosed = true
        self.closeCode = code
        self.resumeReader()
        self.resumeWriter()
    }
}
