import Glibc

/// The end of a log file.
enum LogTail {
    private static let bytesMax = 4_096

    /// The last lines; none where there is no file.
    static func lines(_ path: String) -> [String] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        lseek(descriptor, max(0, lseek(descriptor, 0, SEEK_END) - off_t(self.bytesMax)), SEEK_SET)
        var bytes = [UInt8](repeating: 0, count: self.bytesMax)
        let count = read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes[..<max(0, count)], as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
