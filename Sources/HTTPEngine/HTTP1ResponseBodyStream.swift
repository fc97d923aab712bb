import HTTPCore
import NetworkIO

/// An answer's body while it arrives. The connection goes back to its pool behind the last byte.
final class HTTP1ResponseBodyStream: HTTPBodyStream, @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: `next` is called by one consumer and runs on the connection's loop, where
    // `cancel` and `deinit` hop too. `isEnded` is otherwise read in `deinit` only, when nobody else is left.

    private let call: HTTPClientConnection
    private var decoder: HTTP1BodyDecoder
    private let framing: HTTP1BodyFraming
    private let keepAlive: Bool
    /// The call is over and its connection may be another's by now.
    private var isEnded = false
    private static let partBytesMax = 64 << 10

    init(_ call: HTTPClientConnection, _ head: HTTP1ResponseHead) {
        self.call = call
        self.framing = head.framing
        self.keepAlive = head.keepAlive
        self.decoder = HTTP1BodyDecoder(head.framing, limits: HTTP1Limits(), in: .response)
    }

    deinit {
        if !self.isEnded { self.cancel() }
    }

    var trailers: HTTPFields? {
        self.decoder.isComplete && !self.decoder.trailers.isEmpty ? self.decoder.trailers : nil
    }

    func cancel() {
        let call = self.call
        if call.loop.isCurrent {
            self.isEnded = true
            call.finish(reusable: false)
        } else {
            call.loop.execute { call.finish(reusable: false) }
        }
    }

    func next() async throws -> [UInt8]? {
        if self.call.loop.isCurrent { return try await self.nextOnLoop() }
        return try await withTaskExecutorPreference(self.call.loop) { try await self.nextOnLoop() }
    }

    private func nextOnLoop() async throws(HTTPClientError) -> [UInt8]? {
        if self.decoder.isComplete { return nil }
        // Cancelled or failed before: what is missing will not come any more.
        if self.isEnded { throw HTTPClientError(.incompleteResponse, upstream: self.call.upstream) }
        var part: [UInt8] = []
        while true {
            try self.decode(into: &part)
            if self.decoder.isComplete { self.end(reusable: self.keepAlive) }
            if !part.isEmpty { return part }
            if self.decoder.isComplete { return nil }
            try await self.receive()
            if self.decoder.isComplete { return nil }
        }
    }

    private func decode(into part: inout [UInt8]) throws(HTTPClientError) {
        do throws(HTTP1Error) {
            self.call.consume(try self.decoder.decode(self.call.received, into: &part, upTo: Self.partBytesMax))
        } catch {
            self.end(reusable: false)
            throw HTTPClientError(.invalidResponse(error), upstream: self.call.upstream)
        }
    }

    private func receive() async throws(HTTPClientError) {
        do throws(HTTPClientError) {
            try await self.call.receive()
        } catch {
            self.end(reusable: false)
            guard case .incompleteResponse = error.reason, self.framing == .untilClose else { throw error }
            // The proper end of such a body.
            do throws(HTTP1Error) { try self.decoder.finish() } catch {
                throw HTTPClientError(.invalidResponse(error), upstream: self.call.upstream)
            }
        }
    }

    private func end(reusable: Bool) {
        self.isEnded = true
        self.call.finish(reusable: reusable)
    }
}
