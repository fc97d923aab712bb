import Glibc
import Synchronization

/// Batches that could not be delivered, kept on disk until they can be: an outage of the receiver loses nothing until
/// the bound is reached, and neither does a restart.
///
/// One file a batch, written whole under a name of its own before it counts. Files are not synchronised to the disk: they
/// survive the process, `kill -9` included, though not a power cut. One process at a time owns a folder.
final class Spool: Sendable {
    private struct State: Sendable {
        var index: SpoolIndex
        /// The batch that is being sent: it makes room for no other.
        var sending: UInt64?
    }

    private let folder: String
    /// Held locked while the process lives; another process that finds it locked takes another folder.
    private let lockDescriptor: Int32
    private let state: Mutex<State>
    private let counts: ExporterCounts

    /// Folders tried before giving up: instances of one service that share a data folder.
    private static let instancesMax = 16

    /// Opens `folder/<signal>`, or the next free one beside it; nil, and the spool stays off, when none can be used.
    init?(folder: String, signal: String, bytesMax: Int, counts: ExporterCounts) {
        guard bytesMax > 0, let (path, descriptor) = Self.claim("\(folder)/\(signal)") else { return nil }
        self.folder = path
        self.lockDescriptor = descriptor
        self.counts = counts
        var index = SpoolIndex(bytesMax: bytesMax)
        var evicted: [SpoolIndex.Entry] = []
        let own = Self.scan(path)
        var found = own
        for entry in own { evicted += index.insert(entry) }
        // What instances that have ended left in folders of their own is this one's to deliver.
        for orphan in Self.adopt(beside: "\(folder)/\(signal)", into: path, after: index.newestSequence ?? 0) {
            found.append(orphan)
            evicted += index.insert(orphan)
        }
        self.state = Mutex(State(index: index))
        self.counts.begun.wrappingAdd(found.reduce(0) { $0 + $1.count }, ordering: .relaxed)
        self.discard(evicted)
    }

    deinit { close(self.lockDescriptor) }

    var byteCount: Int { self.state.withLock { $0.index.byteCount } }
    var bytesMax: Int { self.state.withLock { $0.index.bytesMax } }
    var batchCount: Int { self.state.withLock { $0.index.entries.count } }
    var isEmpty: Bool { self.batchCount == 0 }
    /// The highest number in use, so that new batches come after those of an earlier process.
    var newestSequence: UInt64 { self.state.withLock { $0.index.newestSequence } ?? 0 }

    /// Keeps a batch; the oldest go where there is no room. False when it cannot be kept: the disk refused it, or it is
    /// larger than everything that may be kept.
    @discardableResult
    func append(_ body: ExportBody) -> Bool {
        let entry = SpoolIndex.Entry(
            sequence: body.sequence, count: body.count, byteCount: body.bytes.count, isGzipped: body.isGzipped,
            wasTried: body.mayHaveArrived)
        guard entry.byteCount <= self.bytesMax, self.write(body.bytes, as: entry.fileName) else { return false }
        self.discard(self.state.withLock { $0.index.insert(entry, keeping: $0.sending) })
        return true
    }

    /// The oldest batch, which stays until `remove` is told that it has been delivered, or `putBack` that it has not. Its
    /// file says from now on that it may have arrived: should the process die, the next one knows.
    ///
    /// A file that is gone or cut short is lost, counted and passed over.
    func takeOldest() -> DeliveryQueue.Next {
        while true {
            let oldest = self.state.withLock { state in
                state.sending = state.index.oldest?.sequence
                return state.index.oldest
            }
            guard let oldest else { return .nothing }
            switch self.read(oldest) {
            case .bytes(let bytes):
                self.mark(oldest, tried: true)
                return .body(
                    ExportBody(
                        sequence: oldest.sequence, count: oldest.count, bytes: bytes, isGzipped: oldest.isGzipped,
                        mayHaveArrived: oldest.wasTried))
            case .damaged:
                self.remove(oldest.sequence)
                self.counts.lose(oldest.count, .spoolFailed)
            case .failed:
                self.state.withLock { $0.sending = nil }
                return .unreadable
            }
        }
    }

    /// A batch that was taken was not delivered.
    func putBack(_ sequence: UInt64, wasTried: Bool) {
        if let entry = self.state.withLock({ $0.index.entry(sequence) }) { self.mark(entry, tried: wasTried) }
        self.state.withLock { if $0.sending == sequence { $0.sending = nil } }
    }

    /// Forgets a batch that was delivered or refused for good; false when there is no such batch.
    @discardableResult
    func remove(_ sequence: UInt64) -> Bool {
        let entry = self.state.withLock { state in
            defer {
                state.index.remove(sequence)
                if state.sending == sequence { state.sending = nil }
            }
            return state.index.entry(sequence)
        }
        guard let entry else { return false }
        unlink("\(self.folder)/\(entry.fileName)")
        return true
    }

    private func mark(_ entry: SpoolIndex.Entry, tried: Bool) {
        guard entry.wasTried != tried else { return }
        var marked = entry
        marked.wasTried = tried
        guard rename("\(self.folder)/\(entry.fileName)", "\(self.folder)/\(marked.fileName)") == 0 else { return }
        self.state.withLock { $0.index.mark(entry.sequence, tried: tried) }
    }

    private func discard(_ entries: [SpoolIndex.Entry]) {
        for entry in entries {
            unlink("\(self.folder)/\(entry.fileName)")
            self.counts.lose(entry.count, .spoolFull)
        }
    }

    // MARK: Files

    private static func claim(_ base: String) -> (String, Int32)? {
        for instance in 1...self.instancesMax {
            let path = self.path(base, instance)
            guard self.makeFolders(path) else { return nil }
            if let descriptor = self.lock(path, flags: O_RDWR | O_CREAT) { return (path, descriptor) }
        }
        return nil
    }

    private static func path(_ base: String, _ instance: Int) -> String {
        instance == 1 ? base : "\(base)-\(instance)"
    }

    /// The locked file of a folder; nil when there is none, or another process holds it.
    private static func lock(_ path: String, flags: Int32) -> Int32? {
        let descriptor = open("\(path)/lock", flags | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return descriptor }
        close(descriptor)
        return nil
    }

    private static func makeFolders(_ path: String) -> Bool {
        var built = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            built += "/\(part)"
            if mkdir(built, 0o700) != 0 && errno != EEXIST { return false }
        }
        return true
    }

    /// The batches in a folder, the oldest first; half-written files are removed.
    private static func scan(_ path: String) -> [SpoolIndex.Entry] {
        var entries: [SpoolIndex.Entry] = []
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        while let found = readdir(folder) {
            let name = withUnsafePointer(to: &found.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            var status = stat()
            guard stat("\(path)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            if let entry = SpoolIndex.Entry(fileName: name, byteCount: Int(status.st_size)) {
                entries.append(entry)
            } else if name.hasSuffix(".part") {
                unlink("\(path)/\(name)")
            }
        }
        return entries.sorted { $0.sequence < $1.sequence }
    }

    /// Moves the batches of folders that no process holds into this one's, behind `sequence`.
    private static func adopt(beside base: String, into own: String, after sequence: UInt64) -> [SpoolIndex.Entry] {
        var adopted: [SpoolIndex.Entry] = []
        for instance in 1...self.instancesMax {
            let path = self.path(base, instance)
            guard path != own, let descriptor = self.lock(path, flags: O_RDWR) else { continue }
            defer { close(descriptor) }
            for entry in self.scan(path) {
                let moved = SpoolIndex.Entry(
                    sequence: sequence + UInt64(adopted.count) + 1, count: entry.count, byteCount: entry.byteCount,
                    isGzipped: entry.isGzipped, wasTried: entry.wasTried)
                if rename("\(path)/\(entry.fileName)", "\(own)/\(moved.fileName)") == 0 { adopted.append(moved) }
            }
        }
        return adopted
    }

    private func write(_ bytes: [UInt8], as name: String) -> Bool {
        let part = "\(self.folder)/\(name).part"
        let descriptor = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written > 0 { rest = rest.dropFirst(written) } else if written < 0 && errno != EINTR { break }
        }
        let isWhole = close(descriptor) == 0 && rest.isEmpty
        if isWhole, rename(part, "\(self.folder)/\(name)") == 0 { return true }
        unlink(part)
        return false
    }

    private enum Reading {
        case bytes([UInt8])
        /// Not there, or not what was written.
        case damaged
        /// No descriptor, or the disk has trouble: it may work later.
        case failed
    }

    private func read(_ entry: SpoolIndex.Entry) -> Reading {
        let descriptor = open("\(self.folder)/\(entry.fileName)", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return errno == ENOENT ? .damaged : .failed }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return .failed }
        guard Int(status.st_size) == entry.byteCount else { return .damaged }
        var isWhole = true
        let bytes = [UInt8](unsafeUninitializedCapacity: entry.byteCount) { buffer, count in
            while count < entry.byteCount {
                let got = Glibc.read(descriptor, buffer.baseAddress! + count, entry.byteCount - count)
                if got > 0 { count += got } else if got == 0 || errno != EINTR { break }
            }
            isWhole = count == entry.byteCount
        }
        return isWhole ? .bytes(bytes) : .failed
    }
}
