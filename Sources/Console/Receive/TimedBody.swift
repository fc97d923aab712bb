import HTTPCore

/// A body that must be there within a time in all, however steadily it trickles: a place of the receiver's is held
/// meanwhile.
final class TimedBody: HTTPBodyStream {
    struct TooSlow: Error {}

    private let stream: any HTTPBodyStream
    private let end: UInt64
    private let now: @Sendable () -> UInt64

    /// - Parameters:
    ///   - end: nanoseconds of the same clock as `now`.
    init(_ stream: any HTTPBodyStream, until end: UInt64, now: @escaping @Sendable () -> UInt64) {
        self.stream = stream
        self.end = end
        self.now = now
    }

    var trailers: HTTPFields? { self.stream.trailers }

    func next() async throws -> [UInt8]? {
        let piece = try await self.stream.next()
        guard piece == nil || self.now() < self.end else {
            self.stream.cancel()
            throw TooSlow()
        }
        return piece
    }

    func cancel() { self.stream.cancel() }
}
