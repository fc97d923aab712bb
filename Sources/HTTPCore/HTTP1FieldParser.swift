/// Takes the lines of a section apart and copies them, names in lower case, into the one buffer of an `HTTPFields`.
///
/// The section is what `HTTP1SectionScanner` delimited: each line feed in it has a carriage return before it.
/// Source: RFC 9112 section 5.
struct HTTP1FieldParser {
    private let section: UnsafePointer<UInt8>
    private let count: Int
    private var offset = 0
    private(set) var facts = HTTP1FramingFacts()
    private let isTrailer: Bool
    private let origin: HTTP1Error.Origin

    /// - Parameter section: field lines with their line ends, without the empty line.
    init(_ section: UnsafeBufferPointer<UInt8>, isTrailer: Bool, origin: HTTP1Error.Origin) {
        // An empty section is never read from, but needs an address.
        self.section = section.baseAddress ?? ("" as StaticString).utf8Start
        self.count = section.count
        self.isTrailer = isTrailer
        self.origin = origin
    }

    /// Parses `lineCount` lines. Two allocations, however many fields there are.
    mutating func parse(lineCount: Int) throws(HTTP1Error) -> HTTPFields {
        guard lineCount > 0 else { return HTTPFields() }
        var failure: HTTP1Error?
        var bytesUsed = 0
        var lines: [HTTPFields.Line] = []
        lines.reserveCapacity(lineCount)
        // A line grows by one byte at most: the space behind the colon. Filled and cut rather than made with
        // `unsafeUninitializedCapacity`, which looks up the array's metadata at each call.
        var bytes = [UInt8](repeating: 0, count: self.count + lineCount)
        bytes.withUnsafeMutableBufferPointer { bytes in
            do throws(HTTP1Error) {
                while self.offset < self.count {
                    let line = try self.parseLine(into: bytes.baseAddress! + bytesUsed, at: bytesUsed)
                    guard let line else { continue }
                    lines.append(line)
                    bytesUsed = line.end
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        bytes.removeLast(bytes.count - bytesUsed)
        return HTTPFields(bytes: bytes, lines: lines)
    }

    /// Parses the line at `offset` and writes it to `target`. Nil for a field that is dropped.
    private mutating func parseLine(
        into target: UnsafeMutablePointer<UInt8>, at position: Int
    ) throws(HTTP1Error) -> HTTPFields.Line? {
        let nameCount = try self.copyName(to: target)
        let name = UnsafeBufferPointer(start: UnsafePointer(target), count: nameCount)
        let known = KnownFieldNameTable.shared.code(of: name)
        let value = try self.takeValue(from: self.offset + nameCount + 1)
        if self.isTrailer {
            guard !known.isForbiddenInTrailers else { return nil }
        } else {
            try self.note(known, value)
        }
        target[nameCount] = 0x3A
        target[nameCount + 1] = 0x20
        let valueStart = target + nameCount + 2
        valueStart.initialize(from: value.baseAddress!, count: value.count)
        valueStart[value.count] = 0x0D
        valueStart[value.count + 1] = 0x0A
        return HTTPFields.Line(start: position, nameCount: nameCount, valueCount: value.count, known: known)
    }

    /// Copies the name at `offset` in lower case and returns its length; the byte behind it is the colon.
    @inline(__always)
    private func copyName(to target: UnsafeMutablePointer<UInt8>) throws(HTTP1Error) -> Int {
        let line = self.section + self.offset
        var count = 0
        while true {
            // Ends at the line's carriage return at the latest, which is no token character.
            let lower = ByteTable.lowerCasedToken[line[count]]
            guard lower != 0 else { break }
            target[count] = lower
            count += 1
        }
        guard line[count] == 0x3A, count > 0, count <= HTTPFieldName.bytesMax else {
            throw self.error(self.faultOfName(line, count: count))
        }
        return count
    }

    /// The trimmed value from `start` on; moves `offset` to the next line.
    @inline(__always)
    private mutating func takeValue(from start: Int) throws(HTTP1Error) -> UnsafeBufferPointer<UInt8> {
        var start = start
        while self.section[start] == 0x20 || self.section[start] == 0x09 { start += 1 }
        let lineEnd = start + fieldValuePrefix(self.section + start, count: self.count - start)
        guard self.section[lineEnd] == 0x0D else { throw self.error(.controlCharacter) }
        guard self.section[lineEnd + 1] == 0x0A else { throw self.error(.bareCarriageReturn) }
        self.offset = lineEnd + 2
        var end = lineEnd
        while end > start, self.section[end - 1] == 0x20 || self.section[end - 1] == 0x09 { end -= 1 }
        return UnsafeBufferPointer(start: self.section + start, count: end - start)
    }

    @inline(__always)
    private mutating func note(_ known: KnownFieldName, _ value: UnsafeBufferPointer<UInt8>) throws(HTTP1Error) {
        switch known {
        case .host, .contentLength, .transferEncoding, .connection, .expect:
            do throws(HTTP1FramingFacts.Fault) {
                try self.facts.note(known, value)
            } catch {
                throw self.error(error.kind)
            }
        default: break
        }
    }

    /// Names what is wrong with a line whose first `count` bytes are a token that no colon follows, or no token at all.
    private func faultOfName(_ line: UnsafePointer<UInt8>, count: Int) -> HTTP1Error.Kind {
        switch line[count] {
        case 0x20, 0x09: return count == 0 ? .foldedLine : .whitespaceBeforeColon
        case 0x3A: return count == 0 ? .emptyFieldName : .fieldLineTooLong
        case 0x0D: return line[count + 1] == 0x0A ? .missingColon : .bareCarriageReturn
        case 0..<0x20, 0x7F: return .controlCharacter
        default: return .invalidFieldName
        }
    }

    private func error(_ kind: HTTP1Error.Kind) -> HTTP1Error { HTTP1Error(kind, in: self.origin) }
}
