import HTTP2
import HTTPCore
import NetworkIO
import Synchronization

/// One HTTP/2 connection of a server: every stream is a task on the connection's loop.
final class HTTP2ServerConnection: HTTP2Connection, ServerConnection, @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: confined to the loop of `connection`; `drain` and `abort` hop there.

    let core: ServerCore
    let remoteAddress: String
    private var started: [HTTP2ServerStream] = []
    /// Tasks not yet over. May be more than there are streams: a reset ends a stream at once, and its task when that
    /// heeds its cancellation.
    private var running = 0
    private var idleSince: UInt64
    private var headSince: UInt64 = 0
    private var answered = 0
    /// Set once everything has left; resumed by the last task.
    private var leaver: UnsafeContinuation<Void, Never>?

    private enum Drain: Equatable {
        case no
        /// GOAWAY has been announced: streams already under way are still taken in, until the peer must know.
        case announced(until: UInt64)
        case final
    }
    private var draining = Drain.no
    private static let announcementNanoseconds: UInt64 = 1_000_000_000

    init(connection: TCPConnection, core: ServerCore) {
        let configuration = core.configuration
        self.core = core
        self.remoteAddress = connection.remoteAddress.host
        self.idleSince = connection.loop.now
        super.init(
            connection, HTTP2Session(.server, configuration: configuration.http2),
            outboundHighWater: configuration.outboundHighWater, writeTimeout: configuration.writeTimeout,
            keepAliveInterval: configuration.keepAliveInterval, keepAliveTimeout: configuration.keepAliveTimeout)
    }

    // MARK: The life of a connection

    func run() async {
        self.note(self.now &+ self.core.configuration.idleTimeout.wholeNanoseconds)
        if self.core.isDraining.load(ordering: .relaxed) { self.beginDraining() }
        do throws(IOError) {
            try await self.exchangeBytes()
            self.cancelStreams()
            await self.connection.closeGracefully(sending: self.core.configuration.writeTimeout)
        } catch {
            // The peer is gone or was cut off; there is nobody to answer.
            self.cancelStreams()
            self.connection.close()
        }
        if self.running > 0 { await withUnsafeContinuation { self.leaver = $0 } }
    }

    private func cancelStreams() {
        // Closing a stream cancels its task.
        self.closeStreams()
        self.connection.refill = nil
    }

    /// Closes the connection if it rests; otherwise takes no further requests and ends behind the last answer.
    func drain() { self.loop.execute { self.beginDraining() } }

    private func beginDraining() {
        guard self.draining == .no, !self.connection.isClosed else { return }
        if self.isIdle { return self.finishDraining() }
        let until = self.now &+ Self.announcementNanoseconds
        self.draining = .announced(until: until)
        self.session.announceShutdown()
        // Behind its answer there are no more requests that were sent before the announcement arrived.
        self.session.ping()
        self.scheduleFlush()
        self.note(until)
    }

    private func finishDraining() {
        guard self.draining != .final else { return }
        self.draining = .final
        self.session.goAway()
        self.scheduleFlush()
        self.endIfDrained()
    }

    private func endIfDrained() {
        if self.draining == .final, self.isIdle { self.end() }
    }

    private var isIdle: Bool { self.streams.isEmpty && self.running == 0 && self.started.isEmpty }

    override func receivePong() {
        super.receivePong()
        if case .announced = self.draining { self.finishDraining() }
    }

    /// Cuts the connection off, and lets what answers its requests know.
    func abort() {
        self.loop.execute {
            self.cancelStreams()
            self.connection.close()
        }
    }

    // MARK: Streams

    override func receive(_ request: HTTPRequest, on id: HTTP2StreamID, length: Int?, isLast: Bool) {
        guard let stream = self.admit(id) else { return }
        var request = request
        request.remoteAddress = self.remoteAddress
        stream.request = request
        stream.isConversation = self.core.configuration.isConversation(request.fields)
        stream.length = length
        if isLast { stream.receiveEnd() }
        let most = self.core.configuration.bodyBytesMax
        if let length, length > most { stream.refusal = .contentTooLarge(most) }
    }

    override func receive(malformed error: HTTP1Error, on id: HTTP2StreamID) {
        if let stream = self.streams[id] as? HTTP2ServerStream {
            // Its trailers: the stream is being reset.
            stream.refusal = HTTPRefusal(error)
        } else {
            self.admit(id)?.refusal = HTTPRefusal(error)
        }
    }

    @discardableResult
    private func admit(_ id: HTTP2StreamID) -> HTTP2ServerStream? {
        guard self.running + self.started.count < self.core.configuration.http2.concurrentStreamsMax else {
            self.core.observer.http2Refused(.concurrentStreams, remoteAddress: self.remoteAddress)
            self.session.reset(id, .refusedStream)
            return nil
        }
        if self.streams.isEmpty { self.watchPeer() }
        let stream = HTTP2ServerStream(id, on: self)
        self.streams[id] = stream
        self.started.append(stream)
        return stream
    }

    override func batchEnded() {
        guard !self.started.isEmpty else { return self.endIfDrained() }
        let started = self.started
        self.started.removeAll(keepingCapacity: true)
        for stream in started where !stream.isClosed {
            self.running += 1
            self.answered += 1
            // Set before the task can run: it does so on this thread.
            stream.task = Task(executorPreference: self.loop) {
                await stream.serve()
                stream.task = nil
                self.taskEnded()
            }
        }
        let most = self.core.configuration.requestsPerConnectionMax
        if most > 0, self.answered >= most { self.beginDraining() }
    }

    private func taskEnded() {
        self.running -= 1
        self.idleSince = self.now
        guard self.running == 0 else { return }
        self.rest()
        self.endIfDrained()
        if let leaver = self.leaver {
            self.leaver = nil
            leaver.resume()
        }
    }

    override func streamEnded(_ stream: HTTP2Stream) {
        self.idleSince = self.now
        if self.streams.isEmpty { self.rest() }
        self.endIfDrained()
    }

    private func rest() {
        if self.isIdle { self.note(self.now &+ self.core.configuration.idleTimeout.wholeNanoseconds) }
    }

    // MARK: Broken and slow peers

    override func fault(_ id: HTTP2StreamID, _ reason: String) {
        self.core.observer.http2Refused(id == 0 ? .protocolError : .streamError, remoteAddress: self.remoteAddress)
    }

    override func abuse(_ abuse: HTTP2Abuse) {
        self.core.observer.http2Refused(HTTP2Refusal(abuse), remoteAddress: self.remoteAddress)
    }

    override func headIsPending() {
        guard self.headSince == 0 else { return }
        self.headSince = self.now
        self.note(self.now &+ self.core.configuration.headTimeout.wholeNanoseconds)
    }

    override func headIsComplete() { self.headSince = 0 }

    override func streamStalled(_ stream: HTTP2Stream) {
        self.core.observer.peerTimedOut("write", remoteAddress: self.remoteAddress)
        self.session.reset(stream.id, .cancel)
        self.scheduleFlush()
    }

    override func peerStopped(_ phase: StaticString) {
        self.core.observer.peerTimedOut(phase, remoteAddress: self.remoteAddress)
        self.connection.reset()
    }

    override func lookAfterConnection(_ now: UInt64) -> UInt64 {
        var next = UInt64.max
        if case .announced(let until) = self.draining {
            if until <= now { self.finishDraining() } else { next = until }
        }
        if self.session.isReceivingHead, self.headSince != 0 {
            let until = self.headSince &+ self.core.configuration.headTimeout.wholeNanoseconds
            if until <= now {
                self.core.observer.peerTimedOut("head", remoteAddress: self.remoteAddress)
                self.session.terminate(.enhanceYourCalm)
                self.end()
                return .max
            }
            next = min(next, until)
        } else {
            self.headSince = 0
        }
        guard self.isIdle else { return next }
        let until = self.idleSince &+ self.core.configuration.idleTimeout.wholeNanoseconds
        if until <= now {
            self.finishDraining()
            return .max
        }
        return min(next, until)
    }
}
