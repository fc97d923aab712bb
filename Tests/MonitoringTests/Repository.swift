import Glibc
import Testing

/// The files of the repository these tests were built from.
enum Repository {
    /// Two folders above this file.
    static let root: String = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }

    static func bytes(_ path: String) throws -> [UInt8] {
        let file = try #require(fopen("\(self.root)/\(path)", "r"), "\(path) cannot be read")
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&part, 1, part.count, file), count > 0 { bytes += part[..<count] }
        return bytes
    }

    static func text(_ path: String) throws -> String { String(decoding: try self.bytes(path), as: UTF8.self) }

    /// Every file below `folder` whose name ends so, as paths from the root.
    static func files(below folder: String, suffix: String) throws -> [String] {
        let directory = try #require(opendir("\(self.root)/\(folder)"), "\(folder) cannot be read")
        defer { closedir(directory) }
        var found: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasPrefix(".") { continue }
            if entry.pointee.d_type == UInt8(DT_DIR) {
                found += try self.files(below: "\(folder)/\(name)", suffix: suffix)
            } else if name.hasSuffix(suffix) {
                found.append("\(folder)/\(name)")
            }
        }
        return found.sorted()
    }
}
