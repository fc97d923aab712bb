import HTTPCore
import NetworkIO
import Synchronization

/// One HTTP/1.1 connection of a server: reads a head, has it answered, writes the answer, and begins again.
final class HTTP1ServerConnection: @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: confined to the loop of `connection`; `drain` and `abort` hop there.

    let connection: TCPConnection
    let core: ServerCore
    let remoteAddress: String
    private var decoder: HTTP1RequestDecoder
    private var isIdle = true
    private var answered = 0
    /// The loop's tick in which the connection last had a turn, and its answers since.
    private var turn: UInt64 = 0
    private var answeredInTurn = 0
    /// The task that runs the connection; set by whoever started it.
    var task: Task<Void, Never>?

    /// Answers in a row without a pause, to a peer that sends requests faster than they are answered.
    private static let answersPerTurnMax = 64

    init(connection: TCPConnection, core: ServerCore) {
        self.connection = connection
        self.core = core
        self.remoteAddress = connection.remoteAddress.host
        self.decoder = HTTP1RequestDecoder(limits: core.configuration.limits)
    }

    /// Closes the connection if it rests between two requests; otherwise the answer under way is its last.
    func drain() {
        self.connection.loop.execute {
            guard self.isIdle && self.connection.receivedCount == 0 else { return }
            if self.connection.outboundCount == 0 {
                self.connection.close()
            } else {
                // The last answer is still on its way: only the wait for another request ends.
                self.connection.setDeadline(self.connection.loop.now)
            }
        }
    }

    /// Cuts the connection off, and lets what answers its request know.
    func abort() {
        self.connection.loop.execute {
            self.task?.cancel()
            self.connection.close()
        }
    }

    // MARK: The life of a connection

    func run() async {
        do throws(IOError) {
            while let head = try await self.readHead() {
                guard try await self.answer(head) else { break }
                await self.leaveOthersTheirTurn()
            }
            await self.connection.closeGracefully(sending: self.core.configuration.writeTimeout)
        } catch {
            // The peer is gone or was cut off; there is nobody to answer.
            self.connection.close()
        }
    }

    private func leaveOthersTheirTurn() async {
        let tick = self.connection.loop.statistics.ticks
        if tick != self.turn {
            self.turn = tick
            self.answeredInTurn = 0
        }
        self.answeredInTurn += 1
        if self.answeredInTurn >= Self.answersPerTurnMax { await self.connection.loop.nextTick() }
    }

    /// The next request's head; nil when the connection is to end.
    private func readHead() async throws(IOError) -> HTTP1RequestHead? {
        let configuration = self.core.configuration
        self.isIdle = true
        self.decoder.reset()
        if self.connection.receivedCount == 0 {
            if self.core.isDraining.load(ordering: .relaxed) { return nil }
            self.connection.setDeadline(after: configuration.idleTimeout)
            do throws(IOError) {
                if try await self.connection.receive() == 0 { return nil }
            } catch {
                if error.reason == .timedOut { return nil }
                throw error
            }
        }
        self.isIdle = false
        var timesHead = false
        while true {
            do throws(HTTP1Error) {
                if let (head, consumed) = try self.decoder.decodeHead(self.connection.received) {
                    self.connection.consume(consumed)
                    return head
                }
            } catch {
                try await self.refuse(HTTPRefusal(error))
                return nil
            }
            if !timesHead {
                timesHead = true
                self.connection.setDeadline(after: configuration.headTimeout)
            }
            do throws(IOError) {
                if try await self.connection.receive() == 0 { return nil }
            } catch {
                guard error.reason == .timedOut else { throw error }
                self.core.observer.peerTimedOut("head", remoteAddress: self.remoteAddress)
                try await self.refuse(.requestTimeout)
                return nil
            }
        }
    }

    /// Has one request answered.
    /// - Returns: whether another may follow on the connection.
    private func answer(_ head: HTTP1RequestHead) async throws(IOError) -> Bool {
        self.connection.clearDeadline()
        if case .length(let length) = head.framing, length > self.core.configuration.bodyBytesMax {
            try await self.refuse(.contentTooLarge(self.core.configuration.bodyBytesMax))
            return false
        }
        let body = self.makeBody(head)
        let request = HTTPRequest(head, body: body.value, remoteAddress: self.remoteAddress)
        let response = await self.core.responder.respond(to: request)
        if let refusal = body.stream?.refusal, response.status.code < 400 {
            // The body broke off while it was read and the responder did not notice: a success would be a lie.
            try await self.refuse(refusal)
            return false
        }
        if response.isAborted {
            self.connection.reset()
            return false
        }
        self.answered += 1
        let bodyCanEnd = body.stream.map { $0.canDiscard(upTo: self.core.configuration.discardBytesMax) } ?? true
        let keepAlive = head.keepAlive && bodyCanEnd && !self.isLast
        guard try await self.write(response, to: head, keepAlive: keepAlive) else { return false }
        guard keepAlive else { return false }
        if let stream = body.stream { return await stream.discard() }
        return true
    }

    private var isLast: Bool {
        let most = self.core.configuration.requestsPerConnectionMax
        return (most > 0 && self.answered >= most) || self.core.isDraining.load(ordering: .relaxed)
    }

    /// A body that has arrived whole is handed over as bytes; only a longer one is streamed.
    private func makeBody(_ head: HTTP1RequestHead) -> (value: HTTPBody, stream: HTTP1RequestBodyStream?) {
        switch head.framing {
        case .none, .untilClose:
            return (.empty, nil)
        case .length(0):
            return (.empty, nil)
        case .length(let length) where length <= self.connection.receivedCount:
            let bytes = [UInt8](UnsafeRawBufferPointer(rebasing: self.connection.received[..<length]))
            self.connection.consume(length)
            return (.bytes(bytes), nil)
        case .length(let length):
            let stream = HTTP1RequestBodyStream(self, head)
            return (.stream(stream, length: length), stream)
        case .chunked:
            let stream = HTTP1RequestBodyStream(self, head)
            return (.stream(stream, length: nil), stream)
        }
    }

    // MARK: Writing

    /// - Returns: whether the answer is complete, so that another may follow.
    private func write(
        _ response: HTTPResponse, to head: HTTP1RequestHead, keepAlive: Bool
    ) async throws(IOError) -> Bool {
        let writer = HTTP1ResponseWriter(head: head, keepAlive: keepAlive)
        switch response.body {
        case .empty:
            writer.writeHead(
                response, framing: .length(0), into: &self.connection.outbound)
        case .bytes(let bytes):
            writer.writeHead(
                response, framing: .length(bytes.count), into: &self.connection.outbound)
            if writer.sendsBody(response.status) { self.connection.outbound.append(contentsOf: bytes) }
        case .stream(let stream, let length):
            return try await self.writeStream(stream, length: length, of: response, writer)
        }
        self.connection.scheduleFlush()
        if self.connection.outboundCount > self.core.configuration.outboundHighWater {
            try await self.drainOutbound()
        }
        return true
    }

    private func writeStream(
        _ stream: any HTTPBodyStream, length: Int?, of response: HTTPResponse, _ writer: HTTP1ResponseWriter
    ) async throws(IOError) -> Bool {
        let framing = writer.framing(length: length)
        writer.writeHead(response, framing: framing, into: &self.connection.outbound)
        self.connection.scheduleFlush()
        guard writer.sendsBody(response.status) else {
            stream.cancel()
            return framing != .untilClose
        }
        var left = length
        do {
            while let part = try await stream.next() {
                if part.isEmpty { continue }
                if let most = left, part.count > most { throw HTTPResponseBodyError.lengthMismatch }
                left = left.map { $0 - part.count }
                writer.writeBody(part, framing: framing, into: &self.connection.outbound)
                self.connection.scheduleFlush()
                if self.connection.outboundCount > self.core.configuration.outboundHighWater {
                    try await self.drainOutbound()
                }
            }
            if let left, left > 0 { throw HTTPResponseBodyError.lengthMismatch }
        } catch is HTTPBodyAborted {
            stream.cancel()
            try await self.drainOutbound(below: 0)
            self.connection.reset()
            return false
        } catch {
            // The head is out: the only honest way to say "not complete" is to cut the connection.
            stream.cancel()
            if framing == .untilClose { self.connection.reset() } else { self.connection.close() }
            return false
        }
        writer.writeEnd(trailers: stream.trailers, framing: framing, into: &self.connection.outbound)
        self.connection.scheduleFlush()
        return framing != .untilClose
    }

    private func drainOutbound() async throws(IOError) {
        try await self.drainOutbound(below: self.core.configuration.outboundHighWater / 2)
    }

    private func drainOutbound(below count: Int) async throws(IOError) {
        self.connection.setDeadline(after: self.core.configuration.writeTimeout)
        do throws(IOError) {
            try await self.connection.drain(below: count)
        } catch {
            if error.reason == .timedOut {
                self.core.observer.peerTimedOut("write", remoteAddress: self.remoteAddress)
            }
            throw error
        }
        self.connection.clearDeadline()
    }

    /// Answers a message that breaks the rules and has the connection closed: where its end is, nobody knows.
    private func refuse(_ refusal: HTTPRefusal) async throws(IOError) {
        let response = self.core.observer.messageRefused(refusal, remoteAddress: self.remoteAddress)
        let writer = HTTP1ResponseWriter(refusal: true)
        guard case .bytes(let bytes) = response.body else { return }
        writer.writeHead(
            response, framing: .length(bytes.count), into: &self.connection.outbound)
        self.connection.outbound.append(contentsOf: bytes)
        self.connection.scheduleFlush()
    }
}
