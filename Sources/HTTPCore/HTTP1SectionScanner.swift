internal import Glibc

/// Finds the empty line that ends a head or a trailer section, and holds the section to its bounds while it arrives.
///
/// It looks at line ends only and remembers how far it came, so bytes that trickle in are looked at once. What it
/// refuses depends on the bytes before the fault alone, never on how they were split among calls.
struct HTTP1SectionScanner: Sendable {
    enum Section: Sendable { case requestHead, responseHead, trailers }

    private let section: Section
    private let origin: HTTP1Error.Origin
    private let limits: HTTP1Limits
    /// Nothing before this offset is a line feed that was not seen yet.
    private var scanned = 0
    private var lineStart = 0
    private var emptyLines = 0
    /// Where the section begins, behind skipped empty lines.
    private(set) var start = 0
    /// The offset of the line end of the start line.
    private(set) var startLineEnd = 0
    private var sawStartLine: Bool
    /// Field lines seen.
    private(set) var fieldCount = 0

    init(_ section: Section, of origin: HTTP1Error.Origin, limits: HTTP1Limits) {
        self.section = section
        self.origin = origin
        self.limits = limits
        self.sawStartLine = section == .trailers
    }

    /// Begins anew at offset 0.
    mutating func reset() {
        self.scanned = 0
        self.lineStart = 0
        self.emptyLines = 0
        self.start = 0
        self.startLineEnd = 0
        self.sawStartLine = self.section == .trailers
        self.fieldCount = 0
    }

    /// The offset behind the empty line; nil when it has not arrived. `input` must begin with the same bytes at each
    /// call.
    mutating func findEnd(in input: UnsafeRawBufferPointer) throws(HTTP1Error) -> Int? {
        guard let base = input.baseAddress else { return nil }
        while true {
            if !self.sawStartLine, self.lineStart < input.count { try self.checkFirstByte(input[self.lineStart]) }
            guard let found = memchr(base + self.scanned, 0x0A, input.count - self.scanned) else {
                self.scanned = input.count
                try self.checkBounds(end: input.count)
                return nil
            }
            let lineFeed = UnsafeRawPointer(found) - base
            self.scanned = lineFeed + 1
            try self.checkBounds(end: lineFeed + 1)
            guard lineFeed > self.lineStart, input[lineFeed - 1] == 0x0D else { throw self.error(.bareLineFeed) }
            if lineFeed - self.lineStart == 1 {
                if self.sawStartLine { return lineFeed + 1 }
                try self.skipEmptyLine()
            } else {
                try self.countLine(end: lineFeed - 1)
            }
            self.lineStart = lineFeed + 1
        }
    }

    /// What cannot begin a message (a TLS greeting on a plain port, say) is refused without waiting for a line end.
    private func checkFirstByte(_ byte: UInt8) throws(HTTP1Error) {
        switch self.section {
        case .trailers: break
        case .requestHead:
            guard ByteTable.lowerCasedToken[byte] != 0 || byte == 0x0D || byte == 0x0A else {
                throw self.error(.invalidMethod)
            }
        case .responseHead:
            guard byte == 0x48 else { throw self.error(.invalidStatusLine) }
        }
    }

    private mutating func skipEmptyLine() throws(HTTP1Error) {
        self.emptyLines += 1
        guard self.emptyLines <= self.limits.leadingEmptyLinesMax else { throw self.error(.tooManyEmptyLines) }
        self.start = self.scanned
    }

    private mutating func countLine(end: Int) throws(HTTP1Error) {
        if self.sawStartLine {
            self.fieldCount += 1
            guard self.fieldCount <= self.limits.fieldsMax else { throw self.error(.tooManyFields) }
        } else {
            self.sawStartLine = true
            self.startLineEnd = end
        }
    }

    /// Of a line's bound and the section's bound the one that was passed first decides.
    private func checkBounds(end: Int) throws(HTTP1Error) {
        let lineMax = self.sawStartLine ? self.limits.fieldLineBytesMax : self.limits.requestLineBytesMax
        let sectionMax = self.section == .trailers ? self.limits.trailerBytesMax : self.limits.headBytesMax
        let isLineOver = end - self.lineStart > lineMax
        let isSectionOver = end - self.start > sectionMax
        guard isLineOver || isSectionOver else { return }
        if isLineOver, !isSectionOver || self.lineStart + lineMax <= self.start + sectionMax {
            throw self.error(self.sawStartLine ? .fieldLineTooLong : .startLineTooLong)
        }
        throw self.error(self.section == .trailers ? .trailersTooLarge : .headTooLarge)
    }

    private func error(_ kind: HTTP1Error.Kind) -> HTTP1Error { HTTP1Error(kind, in: self.origin) }
}
