import Glibc
import NetworkIO

/// Files of a line or two.
enum SmallFile {
    /// - Returns: the file's text without white space at its end; nil when there is no such file.
    static func read(_ path: String) throws -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw CommandFailure("cannot read \(path): \(errorText(errno))")
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { throw CommandFailure("cannot read \(path): \(errorText(errno))") }
        var text = String(decoding: bytes[..<count], as: UTF8.self)
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text
    }

    static func write(_ text: String, to path: String, mode: mode_t) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw CommandFailure("cannot write \(path): \(errorText(errno))") }
        defer { close(descriptor) }
        let bytes = Array((text + "\n").utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw CommandFailure("cannot write \(path): \(errorText(errno))")
        }
    }

    /// What is in a folder, in order, without what begins with a dot; nil when there is no such folder.
    static func names(in folder: String) -> [String]? {
        guard let handle = opendir(folder) else { return nil }
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

    /// Makes a folder and those above it, for the owner only.
    static func makeFolder(_ path: String) throws {
        var built = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            built += "/\(part)"
            if mkdir(built, 0o700) != 0 && errno != EEXIST {
                throw CommandFailure("cannot make the folder \(built): \(errorText(errno))")
            }
        }
        guard access(path, W_OK | X_OK) == 0 else {
            throw CommandFailure("cannot write to the folder \(path): \(errorText(errno))")
        }
    }
}
