import Glibc
import NetworkIO

/// Starts and signals processes.
enum ChildProcess {
    /// Starts this same executable with `arguments`, its output going to the end of the file at `logPath`.
    ///
    /// The child leads a process group of its own, so that a Ctrl-C at the terminal reaches the supervisor alone, which
    /// then stops the children in order.
    /// - Throws: `CommandFailure` when the file cannot be opened or the process not be started.
    static func start(_ arguments: [String], environment: [String: String], logPath: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, logPath, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setpgroup(&attributes, 0)
        // Each of them takes these by itself: one that comes before it is ready for it waits, and is not its end.
        var taken = TerminationSignals.set
        posix_spawnattr_setsigmask(&attributes, &taken)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))

        var argv: [UnsafeMutablePointer<CChar>?] = (["vitrine"] + arguments).map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, self.executable, &actions, &attributes, &argv, &envp)
        guard code == 0 else {
            throw CommandFailure("cannot start \(arguments.joined(separator: " ")): \(errorText(code))")
        }
        return pid
    }

    /// This program's own file: by its name, so that process lists show it.
    private static let executable: String = {
        var path = [CChar](repeating: 0, count: 4_096)
        let count = readlink("/proc/self/exe", &path, path.count)
        guard count > 0 else { return "/proc/self/exe" }
        return String(decoding: path[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }()

    /// How a process ended, from `waitpid(2)`.
    enum Exit: Sendable, Hashable, CustomStringConvertible {
        case status(Int32)
        case signal(Int32)

        init(_ raw: Int32) {
            let signal = raw & 0x7F
            self = signal == 0 ? .status((raw >> 8) & 0xFF) : .signal(signal)
        }

        var description: String {
            switch self {
            case .status(let status): "ended with status \(status)"
            case .signal(let signal): "was ended by signal \(signal)"
            }
        }
    }
}
