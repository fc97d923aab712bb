/// The content of a message: nothing, bytes at hand, or bytes that are pulled as they arrive.
public enum HTTPBody: Sendable {
    case empty
    case bytes([UInt8])
    /// `length` is what `Content-Length` says; nil when it is unknown and the message is chunked.
    case stream(any HTTPBodyStream, length: Int?)

    /// The number of bytes, where it is known before they are read.
    public var length: Int? {
        switch self {
        case .empty: 0
        case .bytes(let bytes): bytes.count
        case .stream(_, let length): length
        }
    }

    /// Gathers the whole body.
    ///
    /// - Parameter limit: the most bytes accepted. A stream that is longer is cancelled, before a byte of it is read
    ///   when its length says so.
    /// - Throws: `HTTPBodyError.tooLarge`, or what the stream throws.
    public func collect(upTo limit: Int) async throws -> [UInt8] {
        switch self {
        case .empty: return []
        case .bytes(let bytes):
            guard bytes.count <= limit else { throw HTTPBodyError.tooLarge(limit) }
            return bytes
        case .stream(let stream, let length):
            return try await Self.collect(stream, length: length, upTo: limit)
        }
    }

    private static func collect(_ stream: any HTTPBodyStream, length: Int?, upTo limit: Int) async throws -> [UInt8] {
        if let length, length > limit {
            stream.cancel()
            throw HTTPBodyError.tooLarge(limit)
        }
        // Most bodies are one piece, and then the piece is the answer.
        guard var gathered = try await stream.next() else { return [] }
        while gathered.count <= limit {
            guard let piece = try await stream.next() else { return gathered }
            guard gathered.count <= limit - piece.count else { break }
            gathered += piece
        }
        stream.cancel()
        throw HTTPBodyError.tooLarge(limit)
    }
}

/// Why a body could not be gathered.
public enum HTTPBodyError: Error, Sendable, Hashable {
    /// The body has more bytes than this limit; answered with 413.
    case tooLarge(Int)
}

/// Thrown by a stream that breaks its message off on purpose: the parts before it are sent, and then the peer gets an error
/// rather than an end. For faults that are injected.
public struct HTTPBodyAborted: Error, Sendable, Hashable {
    public init() {}
}

/// Bytes of a body, pulled by a single consumer: nothing is read from the peer before it is asked for, so back-pressure
/// is built in.
public protocol HTTPBodyStream: AnyObject, Sendable {
    /// The next piece, never empty; nil at the end, and at every call after it.
    func next() async throws -> [UInt8]?
    /// Fields that came after the content of a chunked message; nil before the end and when there were none.
    var trailers: HTTPFields? { get }
    /// Says that no more is wanted. May be called more than once and after the end.
    func cancel()
}
