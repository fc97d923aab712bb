import Glibc

/// Runs a command line in a temporary folder of its own, with files where pipes could fill up.
public enum Shell {
    public struct Outcome: Sendable {
        public let status: Int32
        public let output: [UInt8]
        public let errors: String
        public var text: String { String(decoding: self.output, as: UTF8.self) }
    }

    /// - Parameter script: for `sh -c`; its standard input is `input`, and the folder is `$WORK`.
    public static func run(_ script: String, input: [UInt8] = []) -> Outcome {
        var template = Array("/tmp/vitrine-proto-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { return Outcome(status: -1, output: [], errors: "mkdtemp") }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { _ = self.wait("rm -rf '\(folder)'") }
        self.write(input, "\(folder)/in")
        let status = self.wait(
            "WORK='\(folder)'; { \(script)\n} <'\(folder)/in' >'\(folder)/out' 2>'\(folder)/err'")
        return Outcome(
            status: status, output: self.read("\(folder)/out"),
            errors: String(decoding: self.read("\(folder)/err"), as: UTF8.self))
    }

    private static func wait(_ script: String) -> Int32 {
        let words: [String] = ["sh", "-c", script]
        var argv: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for pointer in argv { free(pointer) } }
        var pid: pid_t = 0
        guard posix_spawn(&pid, "/bin/sh", nil, nil, &argv, environ) == 0 else { return -1 }
        var raw: Int32 = 0
        while waitpid(pid, &raw, 0) < 0 && errno == EINTR {}
        return raw & 0x7F == 0 ? (raw >> 8) & 0xFF : -(raw & 0x7F)
    }

    public static func read(_ path: String) -> [UInt8] {
        guard let file = fopen(path, "r") else { return [] }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&part, 1, part.count, file), count > 0 { bytes += part[..<count] }
        return bytes
    }

    private static func write(_ bytes: [UInt8], _ path: String) {
        guard let file = fopen(path, "w") else { return }
        defer { fclose(file) }
        fwrite(bytes, 1, bytes.count, file)
    }
}
