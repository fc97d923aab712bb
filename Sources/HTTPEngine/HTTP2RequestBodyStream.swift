import HTTPCore
import NetworkIO

/// A request's body while it arrives: taking a part lets the peer send as much again.
final class HTTP2RequestBodyStream: HTTPBodyStream, @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: confined to the connection's loop, where `next` and `cancel` hop if they are
    // called elsewhere; a body has one consumer. `trailers` is read behind the end only.

    private let stream: HTTP2ServerStream
    private var mustContinue: Bool
    private var taken = 0
    /// Nanoseconds spent waiting for the peer.
    private var waited: UInt64 = 0

    init(_ stream: HTTP2ServerStream) {
        self.stream = stream
        self.mustContinue = stream.request?.fields.listContains(.expect, ignoringCase: "100-continue") ?? false
    }

    var trailers: HTTPFields? { self.stream.isEnded && self.stream.bufferedCount == 0 ? self.stream.trailers : nil }

    func cancel() {
        let stream = self.stream
        if stream.connection.loop.isCurrent { return stream.discard() }
        stream.connection.loop.execute { stream.discard() }
    }

    func next() async throws -> [UInt8]? {
        let loop = self.stream.connection.loop
        if loop.isCurrent { return try await self.nextOnLoop() }
        return try await withTaskExecutorPreference(loop) { try await self.nextOnLoop() }
    }

    private func nextOnLoop() async throws -> [UInt8]? {
        while true {
            if let refusal = self.stream.refusal { throw refusal }
            let most = self.stream.configuration.bodyBytesMax
            if self.stream.receivedCount > most, !self.stream.isConversation { throw self.fail(.contentTooLarge(most)) }
            if let part = self.stream.takePart() {
                self.taken += part.count
                return part
            }
            if self.stream.isEnded { return nil }
            if self.stream.isClosed || self.stream.isDiscarding { throw HTTPRefusal.truncated }
            if self.mustContinue {
                self.mustContinue = false
                self.stream.sendContinue()
            }
            try await self.wait()
        }
    }

    private func wait() async throws {
        let connection = self.stream.connection
        let start = connection.now
        let until = start &+ self.patience
        self.stream.deadline = until
        connection.note(until)
        await withTaskCancellationHandler {
            await self.stream.waitForInbound()
        } onCancel: {
            // In a coming tick, when the wait has begun even if the task was cancelled before.
            connection.loop.execute { [stream = self.stream] in stream.resumeReader() }
        }
        self.waited += connection.now - start
        let isLate = self.stream.deadline == 0 && !self.stream.isEnded && self.stream.bufferedCount == 0
        self.stream.deadline = 0
        // Whoever was to have the rest has given up: a call whose time is over, for one.
        if Task.isCancelled, !self.stream.isClosed { throw CancellationError() }
        if isLate, !self.stream.isClosed {
            self.stream.peerIsSlow()
            throw self.fail(.requestTimeout)
        }
    }

    private func fail(_ refusal: HTTPRefusal) -> HTTPRefusal {
        self.stream.refusal = refusal
        self.stream.discard()
        return refusal
    }

    /// How long to wait for the next part, in nanoseconds; as for HTTP/1.1, the pauses together are bounded too.
    private var patience: UInt64 {
        let configuration = self.stream.configuration
        // Whoever has said something may think about the next.
        if self.stream.isConversation, self.taken > 0 { return configuration.conversationTimeout.wholeNanoseconds }
        let pause = configuration.bodyTimeout.wholeNanoseconds
        let earned = UInt64(self.taken) &* (1_000_000_000 / UInt64(max(1, configuration.bodyBytesPerSecondMin)))
        let budget = pause &+ earned
        return min(pause, budget > self.waited ? budget - self.waited : 0)
    }
}
