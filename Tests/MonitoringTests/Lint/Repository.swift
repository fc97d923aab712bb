import Glibc
import Monitoring
import ShellTesting

/// The files of the repository these tests were built from.
enum Repository {
    /// Three folders above this file's own.
    static let root: String = #filePath.split(separator: "/").dropLast(4).reduce("") { "\($0)/\($1)" }

    /// Every file below a folder whose name ends so; none where there is no such folder.
    static func files(below folder: String, suffix: String) -> [GeneratedFile] {
        guard let directory = opendir("\(self.root)/\(folder)") else { return [] }
        defer { closedir(directory) }
        var found: [GeneratedFile] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasPrefix(".") { continue }
            let path = "\(folder)/\(name)"
            if entry.pointee.d_type == UInt8(DT_DIR) {
                found += self.files(below: path, suffix: suffix)
            } else if name.hasSuffix(suffix) {
                let text = String(decoding: Shell.read("\(self.root)/\(path)"), as: UTF8.self)
                found.append(GeneratedFile(path: path, text: text))
            }
        }
        return found.sorted { $0.path < $1.path }
    }

    /// Whatever asks Prometheus for something.
    static let queried: [GeneratedFile] =
        files(below: "otel/prometheus/rules", suffix: ".yml") + files(below: "dashboards", suffix: ".json")
        + files(below: "docs", suffix: ".md")
}
