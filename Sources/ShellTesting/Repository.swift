import Glibc

/// The files of the repository that this was built from.
public enum Repository {
    /// A file or folder that is not there, or may not be read.
    public struct Unreadable: Error, CustomStringConvertible {
        public let path: String
        public var description: String { "\(self.path) cannot be read" }
    }

    /// Two folders above this file.
    public static let root: String = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }

    public static func bytes(_ path: String) throws -> [UInt8] {
        guard let file = fopen("\(self.root)/\(path)", "r") else { throw Unreadable(path: path) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&part, 1, part.count, file), count > 0 { bytes += part[..<count] }
        return bytes
    }

    public static func text(_ path: String) throws -> String { String(decoding: try self.bytes(path), as: UTF8.self) }

    /// Every file below `folder` whose name ends so, as paths from the root.
    public static func files(below folder: String, suffix: String) throws -> [String] {
        guard let directory = opendir("\(self.root)/\(folder)") else { throw Unreadable(path: folder) }
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
