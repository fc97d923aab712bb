import Glibc
import NetworkIO

/// Files that everybody may read, of whatever size.
enum TextFile {
    /// - Returns: nil when there is no such file.
    static func read(_ path: String) throws -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw CommandFailure("cannot read \(path): \(errorText(errno))")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &part, part.count)
            guard count >= 0 else { throw CommandFailure("cannot read \(path): \(errorText(errno))") }
            if count == 0 { return bytes }
            bytes += part[..<count]
        }
    }

    static func write(_ bytes: [UInt8], to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw CommandFailure("cannot write \(path): \(errorText(errno))") }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw CommandFailure("cannot write \(path): \(errorText(errno))") }
            rest = rest.dropFirst(count)
        }
    }

    /// The folders that a path leads through, and the root they are below.
    static func makeFolders(above path: String, below root: String) throws {
        var built = root
        for part in [""] + path.split(separator: "/").dropLast().map(String.init) {
            if !part.isEmpty { built += "/\(part)" }
            guard mkdir(built, 0o755) == 0 || errno == EEXIST else {
                throw CommandFailure("cannot make the folder \(built): \(errorText(errno))")
            }
        }
    }

    /// The names in a folder, hidden ones left out, in order; none where there is no such folder.
    static func names(in folder: String) -> [String] {
        guard let handle = opendir(folder) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }
}
