import Chaos
import Glibc
import NetworkIO

/// A file's bytes.
enum WholeFile {
    static let bytesMax = 1 << 20

    /// What cannot be read is an experiment with a mistake.
    static func read(_ path: String) throws(ExperimentError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ExperimentError(mistakes: ["cannot be opened"]) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: self.bytesMax)
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(descriptor, buffer.baseAddress! + filled, buffer.count - filled)
            }
            if count <= 0 { break }
            filled += count
        }
        return Array(bytes[..<filled])
    }

    /// - Throws: `CommandFailure` when not all of it could be written.
    static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw CommandFailure("cannot write \(path): \(errorText(errno))") }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw CommandFailure("cannot write \(path): \(errorText(errno))") }
            rest = rest.dropFirst(count)
        }
    }
}
