import HTTP2
import HTTPCore
import NetworkIO

/// What both ends of an HTTP/2 connection do alike: move bytes between socket and session, hand events to streams, and
/// look after deadlines.
///
/// What is written in a tick by all streams leaves in one `send` at its end.
class HTTP2Connection: @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: confined to the loop of `connection`.

    let connection: TCPConnection
    let session: HTTP2Session
    /// Content of one stream that may wait to be sent before its producer waits too.
    let outboundHighWater: Int
    let keepAliveInterval: UInt64
    let keepAliveTimeout: UInt64
    let writeTimeout: UInt64
    var streams: [HTTP2StreamID: HTTP2Stream] = [:]
    private var batch: [HTTP2Event] = []
    /// When deadlines are looked at next. One timer serves all: it is set again only for an earlier instant.
    private var nextLook: UInt64 = .max
    private var receivedAt: UInt64
    private var pingSentAt: UInt64 = 0
    private var outboundSeen = 0
    private var outboundSeenAt: UInt64 = 0
    /// Nothing is awaited any more: what is left is sent, and the connection closes.
    private(set) var isEnding = false
    private var turn: UInt64 = 0
    private var receivesInTurn = 0

    /// Bytes put into the connection's buffer at a time; the rest stays with its streams, where it can be reset.
    private static let outboundBytesMax = 128 << 10
    private static let receivesPerTurnMax = 16

    init(
        _ connection: TCPConnection, _ session: HTTP2Session, outboundHighWater: Int, writeTimeout: Duration,
        keepAliveInterval: Duration?, keepAliveTimeout: Duration
    ) {
        self.connection = connection
        self.session = session
        self.outboundHighWater = outboundHighWater
        self.writeTimeout = writeTimeout.wholeNanoseconds
        self.keepAliveInterval = keepAliveInterval?.wholeNanoseconds ?? 0
        self.keepAliveTimeout = keepAliveTimeout.wholeNanoseconds
        self.receivedAt = connection.loop.now
    }

    var loop: EventLoop { self.connection.loop }
    var now: UInt64 { self.connection.loop.now }

    // MARK: Bytes

    /// Moves bytes until the connection is to end.
    /// - Throws: what the socket failed with.
    func exchangeBytes() async throws(IOError) {
        self.connection.refill = { [unowned self] in self.fillOutbound() }
        self.scheduleFlush()
        self.note(self.now &+ self.writeTimeout)
        if self.connection.receivedCount > 0 { self.takeIn() }
        while !self.isEnding {
            do throws(IOError) {
                if try await self.connection.receive() == 0 { return }
                self.takeIn()
                await self.leaveOthersTheirTurn()
            } catch {
                guard error.reason == .timedOut else { throw error }
                self.lookAround()
            }
        }
        self.fillOutbound()
    }

    private func takeIn() {
        self.receivedAt = self.now
        self.session.receive(self.connection.received, now: self.now)
        self.connection.consume(self.connection.receivedCount)
        self.handleEvents()
        self.scheduleFlush()
        if self.session.isReceivingHead { self.headIsPending() } else { self.headIsComplete() }
    }

    private func leaveOthersTheirTurn() async {
        let tick = self.loop.statistics.ticks
        if tick != self.turn {
            self.turn = tick
            self.receivesInTurn = 0
        }
        self.receivesInTurn += 1
        if self.receivesInTurn >= Self.receivesPerTurnMax { await self.loop.nextTick() }
    }

    func scheduleFlush() { self.connection.scheduleFlush() }

    private func fillOutbound() {
        self.session.send(into: &self.connection.outbound, upTo: Self.outboundBytesMax)
        if self.session.hasEvents { self.handleEvents() }
        if self.session.isFinished { self.end() }
    }

    func consume(_ count: Int, of stream: HTTP2Stream) {
        guard count > 0 else { return }
        self.session.consume(count, of: stream.id)
        self.scheduleFlush()
    }

    /// Has `exchangeBytes` return once what is outstanding has been handed to the socket.
    func end() {
        guard !self.isEnding else { return }
        self.isEnding = true
        // The wait for bytes is over.
        self.connection.setDeadline(self.now)
        self.scheduleFlush()
    }

    // MARK: Events

    private func handleEvents() {
        repeat {
            self.session.takeEvents(into: &self.batch)
            // Taken out while it is walked, for a handler may bring about another walk.
            let batch = self.batch
            for event in batch { self.handle(event) }
        } while self.session.hasEvents
        self.batch.removeAll(keepingCapacity: true)
        self.batchEnded()
    }

    private func handle(_ event: HTTP2Event) {
        switch event {
        case .request(let id, let request, let length, let isLast):
            self.receive(request, on: id, length: length, isLast: isLast)
        case .response(let id, let response, let length, let isLast):
            guard let stream = self.streams[id] else { return }
            stream.receive(response: response, length: length)
            if isLast { stream.receiveEnd() }
        case .data(let id, let part):
            if let stream = self.streams[id] {
                stream.receive(part)
            } else {
                self.session.consume(part.count, of: id)
            }
        case .trailers(let id, let trailers): self.streams[id]?.trailers = trailers
        case .end(let id): self.streams[id]?.receiveEnd()
        case .malformed(let id, let error): self.receive(malformed: error, on: id)
        case .drained(let id): self.streams[id]?.resumeWriter()
        case .closed(let id, let code): self.remove(id, code)
        case .pong: self.receivePong()
        case .settings: self.settingsChanged()
        case .goAway(let last, let code): self.receiveGoAway(last: last, code)
        case .faulted(let id, let reason): self.fault(id, reason)
        case .abused(let abuse):
            self.abuse(abuse)
            self.end()
        case .failed(let reason):
            self.fault(0, reason)
            self.end()
        }
    }

    private func remove(_ id: HTTP2StreamID, _ code: HTTP2ErrorCode) {
        guard let stream = self.streams.removeValue(forKey: id) else { return }
        stream.close(code)
        // Nobody is going to take it, and the other streams need the room.
        if stream.bufferedCount > 0, !stream.isEnded { stream.discard() }
        self.streamEnded(stream)
    }

    /// Ends all streams, for the connection is over.
    func closeStreams() {
        let streams = self.streams
        self.streams = [:]
        for stream in streams.values {
            stream.close(.cancel)
            self.streamEnded(stream)
        }
    }

    // MARK: Time

    /// Makes sure that deadlines are looked at no later than at `instant`.
    func note(_ instant: UInt64) {
        guard instant < self.nextLook else { return }
        self.nextLook = instant
        self.connection.setDeadline(instant)
    }

    private func lookAround() {
        if self.isEnding { return }
        self.nextLook = .max
        let now = self.now
        var next = self.lookAfterConnection(now)
        if self.isEnding { return }
        for stream in self.streams.values {
            if stream.deadline != 0, stream.deadline <= now {
                stream.deadline = 0
                stream.deadlinePassed()
            } else if stream.deadline != 0 {
                next = min(next, stream.deadline)
            }
            let write = stream.isStalled(at: now, for: self.writeTimeout)
            if write.isStalled { self.streamStalled(stream) } else { next = min(next, write.deadline) }
        }
        next = min(next, self.lookAfterPeer(now))
        if next != .max { self.note(next) }
    }

    /// Whether the peer still lives and takes what it is sent.
    private func lookAfterPeer(_ now: UInt64) -> UInt64 {
        var next = UInt64.max
        let outbound = self.connection.outboundCount
        if outbound > 0 {
            if outbound != self.outboundSeen { self.outboundSeenAt = now }
            if now >= self.outboundSeenAt &+ self.writeTimeout {
                self.peerStopped("write")
                return .max
            }
            next = self.outboundSeenAt &+ self.writeTimeout
        } else if !self.streams.isEmpty {
            next = now &+ self.writeTimeout
        }
        self.outboundSeen = outbound
        guard self.keepAliveInterval > 0, !self.streams.isEmpty else {
            self.pingSentAt = 0
            return next
        }
        if self.pingSentAt != 0, self.receivedAt > self.pingSentAt { self.pingSentAt = 0 }
        if self.pingSentAt != 0 {
            if now >= self.pingSentAt &+ self.keepAliveTimeout {
                self.peerStopped("ping")
                return .max
            }
            return min(next, self.pingSentAt &+ self.keepAliveTimeout)
        }
        if now >= self.receivedAt &+ self.keepAliveInterval {
            self.pingSentAt = now
            self.session.ping()
            self.scheduleFlush()
            return min(next, now &+ self.keepAliveTimeout)
        }
        return min(next, self.receivedAt &+ self.keepAliveInterval)
    }

    /// The first stream of a connection that rested: from now on the peer is watched.
    func watchPeer() {
        self.note(self.now &+ min(self.writeTimeout, self.keepAliveInterval > 0 ? self.keepAliveInterval : .max))
    }

    // MARK: For the two ends

    func receive(_ request: HTTPRequest, on id: HTTP2StreamID, length: Int?, isLast: Bool) {}
    func receive(malformed error: HTTP1Error, on id: HTTP2StreamID) {}
    func receiveGoAway(last: HTTP2StreamID, _ code: HTTP2ErrorCode) {}
    func receivePong() { self.pingSentAt = 0 }
    func settingsChanged() {}
    /// All events of what was received or sent have been handled.
    func batchEnded() {}
    func streamEnded(_ stream: HTTP2Stream) {}
    func fault(_ id: HTTP2StreamID, _ reason: String) {}
    func abuse(_ abuse: HTTP2Abuse) {}
    func headIsPending() {}
    /// No head is under way.
    func headIsComplete() {}
    func streamStalled(_ stream: HTTP2Stream) {}
    /// The peer takes nothing or does not answer a PING.
    func peerStopped(_ phase: StaticString) {}
    /// - Returns: when to look again.
    func lookAfterConnection(_ now: UInt64) -> UInt64 { .max }
}
