import HTTPCore

/// The messages of a request or an answer as they arrive: read by one task.
final class RPCMessageInput: @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: everything is touched by the one task that reads; `cancel` reads `stream` alone,
    // which never changes.

    private let compression: RPCCompression
    private let limit: Int
    private let stream: (any HTTPBodyStream)?
    private var decoder: RPCFrameDecoder
    private var hasEnded = false

    /// - Parameter limit: the most bytes of one message, as it arrives and expanded.
    init(_ body: HTTPBody, compression: RPCCompression, limit: Int) {
        self.compression = compression
        self.limit = limit
        self.decoder = RPCFrameDecoder(limit: limit)
        switch body {
        case .empty:
            self.stream = nil
            self.hasEnded = true
        case .bytes(let bytes):
            self.stream = nil
            self.decoder.append(bytes)
            self.hasEnded = true
        case .stream(let stream, _):
            self.stream = stream
        }
    }

    /// The next message's bytes; nil behind the last.
    ///
    /// - Throws: for a message that breaks the protocol or a limit, and when the body breaks off.
    func next() async throws(RPCError) -> ArraySlice<UInt8>? {
        while true {
            if let frame = try self.decoder.next() { return try self.compression.expand(frame, limit: self.limit) }
            guard !self.hasEnded, let stream = self.stream else {
                guard self.decoder.isAtBoundary else { throw RPCError(.internal, "The last message is cut short.") }
                return nil
            }
            let piece: [UInt8]?
            do {
                piece = try await stream.next()
            } catch {
                self.hasEnded = true
                throw RPCError(body: error)
            }
            if let piece { self.decoder.append(piece) } else { self.hasEnded = true }
        }
    }

    /// The one message of a call that has one.
    ///
    /// - Throws: `INTERNAL` for none and for several.
    func only() async throws(RPCError) -> ArraySlice<UInt8> {
        guard let message = try await self.next() else {
            throw RPCError(.internal, "The call has no message.")
        }
        guard try await self.next() == nil else { throw RPCError(.internal, "The call has more than one message.") }
        return message
    }

    /// Whether there is a stream, which may have trailers.
    var isStreamed: Bool { self.stream != nil }

    /// What came behind the last message; nil before it, and when nothing came.
    var trailers: HTTPFields? { self.stream?.trailers }

    /// Says that no more is wanted.
    func cancel() { self.stream?.cancel() }
}

extension RPCError {
    /// Why a body broke off.
    init(body error: any Error) {
        switch error {
        case let error as RPCError: self = error
        case HTTPBodyError.tooLarge(let limit):
            self.init(.resourceExhausted, "All messages together have more than the \(limit) bytes accepted.")
        case is any RPCTransportFailure: self.init(transport: error, isCancelled: Task.isCancelled)
        default:
            self.init(.cancelled, "The messages broke off.", failureType: String(reflecting: Swift.type(of: error)))
        }
    }
}
