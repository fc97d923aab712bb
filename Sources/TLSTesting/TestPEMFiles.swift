import Glibc

/// A folder of PEM files that is removed when the last reference goes.
@safe public final class TestPEMFiles: @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: nothing changes after `init` but files of names of their own.
    public let folder: String

    public init() {
        var template: [CChar] = Array("/tmp/vitrine-pem-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { preconditionFailure("mkdtemp failed with error \(errno)") }
        self.folder = unsafe template.withUnsafeBufferPointer { unsafe String(cString: $0.baseAddress!) }
    }

    deinit {
        guard let folder = unsafe opendir(self.folder) else { return }
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != "." && name != ".." { unsafe unlink("\(self.folder)/\(name)") }
        }
        unsafe closedir(folder)
        unsafe rmdir(self.folder)
    }

    /// Writes a file.
    /// - Returns: its path.
    @discardableResult
    public func write(_ text: String, as name: String) -> String {
        let path = "\(self.folder)/\(name)"
        guard let file = unsafe fopen(path, "w") else { preconditionFailure("cannot write \(path): \(errno)") }
        unsafe fputs(text, file)
        unsafe fclose(file)
        return path
    }
}
