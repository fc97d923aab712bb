import Glibc

/// A file that holds what a console held, for the next run.
///
/// A line that names the format, then items: length and checksum, four bytes each, little-endian, and the bytes. Written
/// anew and put in the place of the old one, so that it is whole whenever the process ends; an end that is cut off, or an
/// item that was damaged, ends the reading there.
struct StoreArchive: Sendable {
    let path: String

    private static let mark = Array("vitrine-console 2\n".utf8)
    /// Bytes handed to the system at once.
    private static let pieceBytes = 1 << 20

    /// Why it could not be written.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// - Parameter folder: is made where it is missing, for its owner alone.
    init(folder: String) throws(Failure) {
        if mkdir(folder, 0o700) != 0, errno != EEXIST {
            throw Failure(description: "cannot make \(folder): \(String(cString: strerror(errno)))")
        }
        self.path = "\(folder)/telemetry.vitrine"
    }

    // MARK: Writing

    /// - Throws: `Failure` naming what the system said; the old file is then still there.
    func write(_ traces: TraceStore, _ logs: LogStore) throws(Failure) {
        let draft = self.path + ".new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure("cannot open \(draft)") }
        defer { close(descriptor) }
        var piece = Self.mark
        func flush() throws(Failure) {
            var done = 0
            while done < piece.count {
                let count = piece[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw Self.failure("cannot write \(draft)") }
                done += count
            }
            piece.removeAll(keepingCapacity: true)
        }
        func put(_ item: ArchiveCodec.Item, origin: Int = 0) throws(Failure) {
            let bytes = ArchiveCodec.bytes(item, origin: origin)
            Self.append(UInt32(bytes.count), to: &piece)
            Self.append(Self.checksum(bytes), to: &piece)
            piece += bytes
            if piece.count >= Self.pieceBytes { try flush() }
        }
        // Each is written before the first item that names it.
        var origins: [ArchiveCodec.Origin: Int] = [:]
        var last: (origin: ArchiveCodec.Origin, place: Int)?
        func place(_ resource: ReceivedResource, _ scope: ReceivedScope) throws(Failure) -> Int {
            let origin = ArchiveCodec.Origin(resource: resource, scope: scope)
            if let last, last.origin == origin { return last.place }
            let place: Int
            if let known = origins[origin] {
                place = known
            } else {
                place = origins.count
                origins[origin] = place
                try put(.origin(origin))
            }
            last = (origin, place)
            return place
        }
        // Oldest first, so that what has no room in the next run is the oldest again.
        for trace in traces.all.sorted(by: { $0.start < $1.start }) {
            for stored in trace.spans {
                let span = traces.tables.unpack(stored, of: trace.id)
                try put(.span(span), origin: try place(span.resource, span.scope))
            }
        }
        for stored in logs.all {
            let log = traces.tables.unpack(stored)
            try put(.log(log), origin: try place(log.resource, log.scope))
        }
        try flush()
        guard rename(draft, self.path) == 0 else { throw Self.failure("cannot rename \(draft)") }
    }

    private static func failure(_ what: String) -> Failure {
        Failure(description: "\(what): \(String(cString: strerror(errno)))")
    }

    private static func append(_ number: UInt32, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
    }

    /// FNV-1a.
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        bytes.reduce(0x811c_9dc5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    }

    // MARK: Reading

    /// Hands over what the file holds, up to where it is damaged.
    ///
    /// - Returns: how many items there were; 0 where there is no file.
    func read(_ body: (ArchiveCodec.Item) -> Void) -> Int {
        guard let file = fopen(self.path, "r") else { return 0 }
        defer { fclose(file) }
        func take(_ count: Int) -> [UInt8]? {
            var bytes = [UInt8](repeating: 0, count: count)
            return fread(&bytes, 1, count, file) == count ? bytes : nil
        }
        guard take(Self.mark.count) == Self.mark else { return 0 }
        var count = 0
        var origins: [ArchiveCodec.Origin] = []
        while let head = take(8) {
            let length = Self.number(head[0..<4])
            // No item is longer than a request may be.
            guard length <= 64 << 20, let bytes = take(Int(length)), Self.checksum(bytes) == Self.number(head[4..<8])
            else { break }
            guard let item = ArchiveCodec.item(bytes, origins) else { continue }
            if case .origin(let origin) = item {
                origins.append(origin)
                continue
            }
            body(item)
            count += 1
        }
        return count
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}
