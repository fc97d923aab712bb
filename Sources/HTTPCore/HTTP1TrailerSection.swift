/// Gathers the trailer section behind the last chunk until its empty line, then parses it by the rules of header
/// fields.
struct HTTP1TrailerSection: Sendable {
    private let limits: HTTP1Limits
    private let origin: HTTP1Error.Origin
    private var scanner: HTTP1SectionScanner
    private var gathered: [UInt8] = []

    init(limits: HTTP1Limits, of origin: HTTP1Error.Origin) {
        self.limits = limits
        self.origin = origin
        self.scanner = HTTP1SectionScanner(.trailers, of: origin, limits: limits)
    }

    /// Takes bytes up to the end of the section; returns how many, and the fields once the end has come.
    mutating func take(_ input: UnsafeRawBufferPointer) throws(HTTP1Error) -> (consumed: Int, trailers: HTTPFields?) {
        let before = self.gathered.count
        // One byte over the bound is enough for the scanner to refuse it.
        let room = self.limits.trailerBytesMax - before
        let count = input.count > room ? room + 1 : input.count
        self.gathered.append(contentsOf: UnsafeRawBufferPointer(rebasing: input[..<count]))
        var end: Int?
        var fields: HTTPFields?
        var failure: HTTP1Error?
        self.gathered.withUnsafeBytes { bytes in
            do throws(HTTP1Error) {
                end = try self.scanner.findEnd(in: bytes)
                if let end { fields = try self.parse(bytes, end: end) }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return (end.map { $0 - before } ?? count, fields)
    }

    private func parse(_ bytes: UnsafeRawBufferPointer, end: Int) throws(HTTP1Error) -> HTTPFields {
        let section = UnsafeBufferPointer(rebasing: bytes.assumingMemoryBound(to: UInt8.self)[..<(end - 2)])
        var parser = HTTP1FieldParser(section, isTrailer: true, origin: self.origin)
        return try parser.parse(lineCount: self.scanner.fieldCount)
    }
}
