import HTTPCore
import NetworkIO
import Synchronization

/// A request's body while it arrives: each `next()` takes what is there, and waits only when nothing is.
final class HTTP1RequestBodyStream: HTTPBodyStream, @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: confined to the connection's loop, where `next` hops if it is called
    // elsewhere; a body has one consumer, and only while the request is answered.

    private let server: HTTP1ServerConnection
    private var decoder: HTTP1BodyDecoder
    private var mustContinue: Bool
    private var received = 0
    /// Nanoseconds spent waiting for the peer.
    private var waited: UInt64 = 0
    private let framing: HTTP1BodyFraming
    /// The rule the body broke, once it has.
    private(set) var refusal: HTTPRefusal?
    private var isBroken = false

    private static let partBytesMax = 64 << 10

    init(_ server: HTTP1ServerConnection, _ head: HTTP1RequestHead) {
        self.server = server
        self.framing = head.framing
        self.decoder = HTTP1BodyDecoder(head.framing, limits: server.core.configuration.limits)
        self.mustContinue = head.expectsContinue
    }

    var trailers: HTTPFields? {
        self.decoder.isComplete && !self.decoder.trailers.isEmpty ? self.decoder.trailers : nil
    }

    func cancel() {}

    func next() async throws -> [UInt8]? {
        let loop = self.server.connection.loop
        if loop.isCurrent { return try await self.nextOnLoop() }
        return try await withTaskExecutorPreference(loop) { try await self.nextOnLoop() }
    }

    private func nextOnLoop() async throws -> [UInt8]? {
        if self.decoder.isComplete { return nil }
        if let refusal = self.refusal { throw refusal }
        if self.isBroken { throw HTTPRefusal.truncated }
        self.sendContinueIfAsked()
        var part: [UInt8] = []
        while true {
            try self.decode(into: &part)
            if !part.isEmpty { return part }
            if self.decoder.isComplete { return nil }
            try await self.receive()
        }
    }

    /// An interim answer that invites the body (RFC 9110, section 10.1.1), once, if the client waits for it.
    private func sendContinueIfAsked() {
        guard self.mustContinue else { return }
        self.mustContinue = false
        guard self.server.connection.receivedCount == 0 else { return }
        self.server.connection.outbound.append(contentsOf: "HTTP/1.1 100 Continue\r\n\r\n".utf8)
        self.server.connection.scheduleFlush()
    }

    private func decode(into part: inout [UInt8]) throws {
        let connection = self.server.connection
        do throws(HTTP1Error) {
            let consumed = try self.decoder.decode(connection.received, into: &part, upTo: Self.partBytesMax)
            connection.consume(consumed)
        } catch {
            throw self.fail(HTTPRefusal(error))
        }
        self.received += part.count
        let most = self.server.core.configuration.bodyBytesMax
        if self.received > most { throw self.fail(.contentTooLarge(most)) }
    }

    private func fail(_ refusal: HTTPRefusal) -> HTTPRefusal {
        self.refusal = refusal
        self.isBroken = true
        return refusal
    }

    private func receive() async throws {
        let connection = self.server.connection
        let start = connection.loop.now
        connection.setDeadline(start &+ self.patience)
        do throws(IOError) {
            let count = try await connection.receive()
            connection.clearDeadline()
            self.waited += connection.loop.now - start
            if count > 0 { return }
        } catch {
            self.isBroken = true
            guard error.reason == .timedOut else { throw error }
            self.server.core.observer.peerTimedOut("body", remoteAddress: self.server.remoteAddress)
            throw self.fail(.requestTimeout)
        }
        throw self.fail(.truncated)
    }

    /// How long to wait for the next part, in nanoseconds. The pauses together are bounded too, by what has arrived: a
    /// peer that sends a byte every few seconds would hold a connection and a handler for hours.
    private var patience: UInt64 {
        let configuration = self.server.core.configuration
        let pause = configuration.bodyTimeout.wholeNanoseconds
        let earned = UInt64(self.received) &* (1_000_000_000 / UInt64(max(1, configuration.bodyBytesPerSecondMin)))
        let budget = pause &+ earned
        return min(pause, budget > self.waited ? budget - self.waited : 0)
    }

    /// Whether what is left is short enough to be read away, so that the connection can be kept.
    func canDiscard(upTo most: Int) -> Bool {
        // A client that waits for 100 (Continue) and gets a final answer may or may not send the body: where the
        // next request begins is then unknown.
        if self.mustContinue || self.isBroken { return false }
        if self.decoder.isComplete { return true }
        if case .length(let length) = self.framing { return length - self.received <= most }
        return false
    }

    /// Reads the rest away. Gives whether the connection is at the beginning of a next request.
    func discard() async -> Bool {
        do {
            while try await self.next() != nil {}
            return true
        } catch {
            // Broken, too slow or gone: the connection ends either way.
            return false
        }
    }
}
