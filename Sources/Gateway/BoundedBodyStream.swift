import HTTPCore

/// A body of unannounced length that ends with an error once it exceeds a bound.
final class BoundedBodyStream: HTTPBodyStream, @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: a body has a single consumer, so `left` is never touched by two tasks at once.

    private let base: any HTTPBodyStream
    private let limit: Int
    private var left: Int

    init(_ base: any HTTPBodyStream, limit: Int) {
        self.base = base
        self.limit = limit
        self.left = limit
    }

    var trailers: HTTPFields? { self.base.trailers }
    func cancel() { self.base.cancel() }

    func next() async throws -> [UInt8]? {
        guard let part = try await self.base.next() else { return nil }
        guard part.count <= self.left else {
            self.base.cancel()
            throw HTTPBodyError.tooLarge(self.limit)
        }
        self.left -= part.count
        return part
    }
}
