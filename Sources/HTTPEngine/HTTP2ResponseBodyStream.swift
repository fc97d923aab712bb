import HTTPCore
import NetworkIO

/// An answer's body while it arrives: taking a part lets the peer send as much again.
final class HTTP2ResponseBodyStream: HTTPBodyStream, @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: `next` is called by one consumer and runs on the connection's loop, where
    // `cancel` and `deinit` hop too. `trailers` is read behind the end only.

    private let stream: HTTP2ClientStream

    init(_ stream: HTTP2ClientStream) { self.stream = stream }

    deinit { self.cancel() }

    var trailers: HTTPFields? { self.stream.isEnded && self.stream.bufferedCount == 0 ? self.stream.trailers : nil }

    func cancel() {
        let stream = self.stream
        let loop = stream.connection.loop
        if loop.isCurrent { Self.end(stream) } else { loop.execute { Self.end(stream) } }
    }

    private static func end(_ stream: HTTP2ClientStream) {
        // Complete but not read: what is left of it is dropped.
        if stream.isEnded { stream.discard() }
        stream.cancel()
    }

    func next() async throws -> [UInt8]? {
        let loop = self.stream.connection.loop
        if loop.isCurrent { return try await self.nextOnLoop() }
        return try await withTaskExecutorPreference(loop) { try await self.nextOnLoop() }
    }

    private func nextOnLoop() async throws -> [UInt8]? {
        while true {
            if let part = self.stream.takePart() { return part }
            if self.stream.isEnded, !self.stream.isDiscarding { return nil }
            if self.stream.isCancelled, Task.isCancelled { throw CancellationError() }
            if self.stream.failure != nil || self.stream.isClosed || self.stream.isDiscarding {
                throw self.stream.error
            }
            await self.stream.waitUnlessCancelled { self.stream.bufferedCount == 0 && !self.stream.isEnded }
        }
    }
}
