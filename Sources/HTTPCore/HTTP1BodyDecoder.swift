/// Takes the content of one message out of its framing, however the bytes are split among calls.
///
/// Strict about chunks (RFC 9112 section 7.1): a size is hexadecimal digits and nothing else, every line ends with
/// CRLF, every chunk is followed by one. Extensions are bounded and passed over. A value without I/O.
public struct HTTP1BodyDecoder: Sendable {
    private enum State: Sendable {
        case complete
        /// `remaining` bytes of a body of known length.
        case counted
        case untilClose
        /// The line that begins a chunk.
        case chunkLine
        /// `remaining` bytes of a chunk.
        case chunkData
        case chunkDataReturn, chunkDataFeed
        case trailers
    }

    private var state: State
    private let limits: HTTP1Limits
    private let origin: HTTP1Error.Origin
    private var remaining = 0
    /// Content bytes so far, for `bodyBytesMax`; chunks count when they are announced.
    private var received = 0
    private var chunkLine: HTTP1ChunkLine
    private var trailerSection: HTTP1TrailerSection?

    /// Fields that came after the content of a chunked message, without those that must not; empty before the end.
    public private(set) var trailers = HTTPFields()

    public init(_ framing: HTTP1BodyFraming, limits: HTTP1Limits = .init(), in origin: HTTP1Error.Origin = .request) {
        self.limits = limits
        self.origin = origin
        self.chunkLine = HTTP1ChunkLine(limits: limits)
        switch framing {
        case .none: self.state = .complete
        case .length(let length):
            self.state = length == 0 ? .complete : .counted
            self.remaining = length
        case .chunked: self.state = .chunkLine
        case .untilClose: self.state = .untilClose
        }
    }

    /// Whether the message has ended. Content that goes on until the peer closes ends with `finish()`.
    public var isComplete: Bool { self.state == .complete }

    /// Consumes bytes of the message and appends the content among them to `output`.
    ///
    /// - Parameters:
    ///   - input: bytes not yet consumed. Those behind the end of the message are left alone.
    ///   - outputMax: the most bytes this call appends.
    /// - Returns: how many bytes of `input` were consumed; fewer than there are only at the end of the message or when
    ///   `outputMax` was reached.
    public mutating func decode(
        _ input: UnsafeRawBufferPointer, into output: inout [UInt8], upTo outputMax: Int = .max
    ) throws(HTTP1Error) -> Int {
        var offset = 0
        var room = outputMax
        while offset < input.count, self.state != .complete {
            switch self.state {
            case .complete: break
            case .counted, .chunkData, .untilClose:
                let share = self.state == .untilClose ? try self.unlimitedShare() : self.remaining
                let count = min(share, room, input.count - offset)
                guard count > 0 else { return offset }
                output.append(contentsOf: UnsafeRawBufferPointer(rebasing: input[offset..<(offset + count)]))
                offset += count
                room -= count
                self.passContent(count)
            case .chunkLine:
                offset += 1
                try self.takeChunkLine(input[offset - 1])
            case .chunkDataReturn, .chunkDataFeed:
                offset += 1
                try self.takeChunkEnd(input[offset - 1])
            case .trailers:
                offset += try self.takeTrailers(UnsafeRawBufferPointer(rebasing: input[offset...]))
            }
        }
        return offset
    }

    /// Says that the peer will send nothing more.
    ///
    /// - Throws: `truncated` when the message says that more should have come.
    public mutating func finish() throws(HTTP1Error) {
        if self.state == .untilClose { self.state = .complete }
        guard self.state == .complete else { throw self.error(.truncated) }
    }

    /// What may still come until the peer closes.
    private func unlimitedShare() throws(HTTP1Error) -> Int {
        guard self.received < self.limits.bodyBytesMax else { throw self.error(.contentTooLarge) }
        return self.limits.bodyBytesMax - self.received
    }

    private mutating func passContent(_ count: Int) {
        if self.state == .untilClose {
            self.received += count
        } else {
            self.remaining -= count
            guard self.remaining == 0 else { return }
            self.state = self.state == .counted ? .complete : .chunkDataReturn
        }
    }

    private mutating func takeChunkLine(_ byte: UInt8) throws(HTTP1Error) {
        let size: Int?
        do throws(HTTP1ChunkLine.Fault) {
            size = try self.chunkLine.take(byte)
        } catch {
            throw self.error(error.kind)
        }
        guard let size else { return }
        guard size <= self.limits.bodyBytesMax - self.received else { throw self.error(.contentTooLarge) }
        self.received += size
        self.remaining = size
        self.state = size == 0 ? .trailers : .chunkData
    }

    private mutating func takeChunkEnd(_ byte: UInt8) throws(HTTP1Error) {
        if self.state == .chunkDataReturn {
            guard byte == 0x0D else { throw self.error(.missingChunkEnd) }
            self.state = .chunkDataFeed
        } else {
            guard byte == 0x0A else { throw self.error(.missingChunkEnd) }
            self.state = .chunkLine
        }
    }

    private mutating func takeTrailers(_ input: UnsafeRawBufferPointer) throws(HTTP1Error) -> Int {
        if self.trailerSection == nil {
            if input.count >= 2, input[0] == 0x0D, input[1] == 0x0A {
                self.state = .complete
                return 2
            }
            self.trailerSection = HTTP1TrailerSection(limits: self.limits, of: self.origin)
        }
        let (consumed, trailers) = try self.trailerSection!.take(input)
        if let trailers {
            self.trailers = trailers
            self.trailerSection = nil
            self.state = .complete
        }
        return consumed
    }

    private func error(_ kind: HTTP1Error.Kind) -> HTTP1Error { HTTP1Error(kind, in: self.origin) }
}
