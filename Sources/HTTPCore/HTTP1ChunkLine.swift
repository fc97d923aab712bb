/// The line that begins a chunk, byte by byte: hexadecimal digits, perhaps extensions, CRLF (RFC 9112 section 7.1).
struct HTTP1ChunkLine: Sendable {
    struct Fault: Error {
        let kind: HTTP1Error.Kind
        init(_ kind: HTTP1Error.Kind) { self.kind = kind }
    }

    private enum Part: Sendable { case firstDigit, digits, chunkExtension, lineFeed }

    private let limits: HTTP1Limits
    private var part = Part.firstDigit
    private var size = 0
    private var lineBytes = 0
    /// Over all chunks of the body.
    private var extensionBytes = 0

    init(limits: HTTP1Limits) {
        self.limits = limits
    }

    /// Takes one byte; returns the size of the chunk with the last byte of the line, ready for the next line.
    mutating func take(_ byte: UInt8) throws(Fault) -> Int? {
        self.lineBytes += 1
        guard self.lineBytes <= self.limits.chunkLineBytesMax else { throw Fault(.chunkLineTooLong) }
        switch self.part {
        case .firstDigit, .digits: try self.takeSize(byte)
        case .chunkExtension: try self.takeExtension(byte)
        case .lineFeed:
            guard byte == 0x0A else { throw Fault(.bareCarriageReturn) }
            defer { self.beginLine() }
            return self.size
        }
        return nil
    }

    private mutating func takeSize(_ byte: UInt8) throws(Fault) {
        if let digit = hexadecimalValue(byte) {
            guard self.size <= Int.max >> 4 else { throw Fault(.chunkSizeOverflow) }
            self.size = self.size << 4 | Int(digit)
            self.part = .digits
            return
        }
        guard self.part == .digits else { throw Fault(.invalidChunkSize) }
        switch byte {
        case 0x0D: self.part = .lineFeed
        case 0x3B: self.part = .chunkExtension
        case 0x0A: throw Fault(.bareLineFeed)
        // Also for white space before the semicolon, which the RFC calls bad and lets a recipient tolerate.
        default: throw Fault(.invalidChunkSize)
        }
    }

    private mutating func takeExtension(_ byte: UInt8) throws(Fault) {
        switch byte {
        case 0x0D:
            self.part = .lineFeed
            return
        case 0x0A: throw Fault(.bareLineFeed)
        case 0x09, 0x20...0x7E, 0x80...0xFF: self.extensionBytes += 1
        default: throw Fault(.invalidChunkExtension)
        }
        guard self.extensionBytes <= self.limits.chunkExtensionBytesMax else { throw Fault(.chunkExtensionsTooLarge) }
    }

    private mutating func beginLine() {
        self.part = .firstDigit
        self.size = 0
        self.lineBytes = 0
    }
}
