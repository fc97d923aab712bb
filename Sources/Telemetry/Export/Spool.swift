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
        let (index, evicted) = Self.scan(path, bytesMax: bytesMax)
        self.state = Mutex(State(index: index))
        self.counts.begun.wrappingAdd((index.entries + evicted).reduce(0) { $0 + $1.count }, ordering: .relaxed)
        self.discard(evicted)
    }

    deinit { close(self.lockDescriptor) }

    var byteCount: Int { self.state.withLock { $0.index.byteCount } }
    var bytesMax: Int { self.state.withLock { $0.index.bytesMax } }
    var batchCount: Int { self.state.withLock { $0.index.entries.count } }
    var isEmpty: Bool { self.batchCount == 0 }
    /// The highest number in use, so that new batches come after those of an earlier process.
    var newestSequence: UInt64 { self.state.withLock { $0.index.newestSequence } ?? 0 }

    /// Keeps a batch; the oldest go where there is no room. False when the disk refused it, and it is lost.
    @discardableResult
    func append(_ body: ExportBody) -> Bool {
        let entry = SpoolIndex.Entry(
            sequence: body.sequence, count: body.count, byteCount: body.bytes.count, isGzipped: body.isGzipped,
            wasTried: body.mayHaveArrived)
        guard self.write(body.bytes, as: entry.fileName) else {
            self.counts.lose(body.count, .spoolFailed)
            return false
        }
        self.discard(self.state.withLock { $0.index.insert(entry) })
        return true
    }

    /// The oldest batch, which stays until `remove` is told that it has been delivered. A file that cannot be read is
    /// lost, counted and passed over.
    func oldest() -> ExportBody? {
        while let entry = self.state.withLock({ $0.index.oldest }) {
            if let bytes = self.read(entry.fileName) {
                return ExportBody(
                    sequence: entry.sequence, count: entry.count, bytes: bytes, isGzipped: entry.isGzipped,
                    mayHaveArrived: entry.wasTried)
            }
            self.counts.lose(entry.count, .spoolFailed)
            self.state.withLock { $0.index.remove(entry.sequence) }
        }
        return nil
    }

    /// Notes in the file's name whether the batch may have arrived: should the process die while it is being sent, the
    /// next one knows.
    func mark(_ sequence: UInt64, tried: Bool) {
        let entry = self.state.withLock { $0.index.entries.first { $0.sequence == sequence } }
        guard let entry, entry.wasTried != tried else { return }
        var marked = entry
        marked.wasTried = tried
        guard rename("\(self.folder)/\(entry.fileName)", "\(self.folder)/\(marked.fileName)") == 0 else { return }
        self.state.withLock { $0.index.mark(sequence, tried: tried) }
    }

    /// Forgets a batch that was delivered or refused for good.
    func remove(_ sequence: UInt64) {
        let entry = self.state.withLock { state in
            defer { state.index.remove(sequence) }
            return state.index.entries.first { $0.sequence == sequence }
        }
        if let entry { unlink("\(self.folder)/\(entry.fileName)") }
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
            let path = instance == 1 ? base : "\(base)-\(instance)"
            guard self.makeFolders(path) else { return nil }
            let descriptor = open("\(path)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { return nil }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return (path, descriptor) }
            close(descriptor)
        }
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

    /// What an earlier process left; half-written files are removed.
    private static func scan(_ path: String, bytesMax: Int) -> (SpoolIndex, evicted: [SpoolIndex.Entry]) {
        var index = SpoolIndex(bytesMax: bytesMax)
        var evicted: [SpoolIndex.Entry] = []
        guard let folder = opendir(path) else { return (index, []) }
        defer { closedir(folder) }
        while let found = readdir(folder) {
            let name = withUnsafePointer(to: &found.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            var status = stat()
            guard stat("\(path)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            if let entry = SpoolIndex.Entry(fileName: name, byteCount: Int(status.st_size)) {
                evicted += index.insert(entry)
            } else if name.hasSuffix(".part") {
                unlink("\(path)/\(name)")
            }
        }
        return (index, evicted)
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

    private func read(_ name: String) -> [UInt8]? {
        let descriptor = open("\(self.folder)/\(name)", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        let size = Int(status.st_size)
        var isWhole = true
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let got = Glibc.read(descriptor, buffer.baseAddress! + count, size - count)
                if got > 0 { count += got } else if got == 0 || errno != EINTR { break }
            }
            isWhole = count == size
        }
        return isWhole ? bytes : nil
    }
}
