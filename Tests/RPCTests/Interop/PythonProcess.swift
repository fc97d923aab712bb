import Glibc
import NetworkIO
import Synchronization

/// A script of this folder, run by the interpreter that `scripts/python-venv.sh` makes.
final class PythonProcess: Sendable {
    /// Nil where no environment can be made: no network, or no Python.
    static let interpreter: String? = {
        guard let run = try? PythonProcess("/bin/sh", ["\(PythonProcess.root)/scripts/python-venv.sh"]) else {
            return nil
        }
        let output = run.readAll()
        guard run.wait() == 0, let path = output.split(separator: "\n").last else { return nil }
        return String(path)
    }()

    private static let folder = "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/")
    private static let root = "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")

    private let pid: pid_t
    private let output: Int32
    private let input: Int32
    private let buffer = Mutex<[UInt8]>([])

    /// Runs a script of this folder.
    convenience init(script: String, _ arguments: [String] = []) throws {
        try self.init(Self.interpreter ?? "python3", ["\(Self.folder)/\(script)"] + arguments)
    }

    private init(_ program: String, _ arguments: [String]) throws {
        var outEnds: [Int32] = [0, 0]
        var inEnds: [Int32] = [0, 0]
        guard pipe(&outEnds) == 0, pipe(&inEnds) == 0 else { throw IOError(.system(errno), in: "pipe") }
        for end in outEnds + inEnds { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, inEnds[0], STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, outEnds[1], STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, outEnds[1], STDERR_FILENO)
        var argv: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for pointer in argv { free(pointer) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, program, &actions, nil, &argv, environ)
        close(inEnds[0])
        close(outEnds[1])
        guard code == 0 else { throw IOError(.system(code), in: "posix_spawn") }
        self.pid = pid
        self.output = outEnds[0]
        self.input = inEnds[1]
    }

    /// Writes a line to its input.
    func say(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = write(self.input, bytes, bytes.count)
    }

    /// The next line of its output; nil at the end. Blocks.
    func readLine() -> String? {
        while true {
            let line = self.buffer.withLock { buffer -> String? in
                guard let end = buffer.firstIndex(of: 0x0A) else { return nil }
                defer { buffer.removeSubrange(...end) }
                return String(decoding: buffer[..<end], as: UTF8.self)
            }
            if let line { return line }
            guard self.fill() else { return nil }
        }
    }

    /// All that is left of its output. Blocks.
    func readAll() -> String {
        while self.fill() {}
        return self.buffer.withLock { String(decoding: $0, as: UTF8.self) }
    }

    private func fill() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        var count = read(self.output, &bytes, bytes.count)
        while count < 0, errno == EINTR { count = read(self.output, &bytes, bytes.count) }
        guard count > 0 else { return false }
        self.buffer.withLock { $0 += bytes[..<count] }
        return true
    }

    /// Closes its input and gives its exit status, or minus the signal. Blocks.
    @discardableResult
    func wait() -> Int32 {
        close(self.input)
        var raw: Int32 = 0
        while waitpid(self.pid, &raw, 0) < 0, errno == EINTR {}
        close(self.output)
        let signal = raw & 0x7F
        return signal == 0 ? raw >> 8 & 0xFF : -signal
    }

    /// Ends it at once.
    func kill() { _ = Glibc.kill(self.pid, SIGKILL) }
}
