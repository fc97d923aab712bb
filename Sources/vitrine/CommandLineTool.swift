import Glibc
import ServiceKit

/// The subcommands of `vitrine`.
enum CommandLineTool {
    /// Exit statuses: 0 done, 1 failed, 2 wrong use.
    static func run(_ arguments: [String]) async -> Int32 {
        guard let first = arguments.first else {
            Terminal.error(Help.overview)
            return 2
        }
        let rest = Array(arguments.dropFirst())
        switch first {
        case "-h", "--help", "help":
            print(rest.first.flatMap { Help.command[$0] } ?? Help.overview)
            return 0
        case "-V", "--version", "version":
            print("vitrine \(Version.current)")
            return 0
        default:
            break
        }
        guard let help = Help.command[first] else {
            Terminal.error("vitrine: there is no command '\(first)'; see vitrine --help")
            return 2
        }
        if rest.contains("--help") || rest.contains("-h") {
            print(help)
            return 0
        }
        do {
            try await self.dispatch(first, rest)
            return 0
        } catch let usage as UsageError {
            Terminal.error("vitrine \(first): \(usage.description)\n\(help.prefix { $0 != "\n" })")
            return 2
        } catch let failure as CommandFailure {
            for line in failure.description.split(separator: "\n") { Terminal.error("vitrine \(first): \(line)") }
            return failure.status
        } catch {
            for line in "\(error)".split(separator: "\n") { Terminal.error("vitrine \(first): \(line)") }
            return 1
        }
    }

    private static func dispatch(_ command: String, _ arguments: [String]) async throws {
        switch command {
        case "up": try await UpCommand.run(arguments)
        case "serve": try await ServeCommand.run(arguments)
        case "migrate": try await MigrateCommand.run(arguments)
        case "seed": try await SeedCommand.run(arguments)
        case "chaos": try await ChaosCommand.run(arguments)
        case "load": try await LoadCommand.run(arguments)
        case "telemetry": try await TelemetryCommand.run(arguments)
        case "exec": try ExecCommand.run(arguments)
        case "dashboards": try await DashboardsCommand.run(arguments)
        case "doctor": try await DoctorCommand.run(arguments)
        default: try await HealthcheckCommand.run(arguments)
        }
    }
}

/// The command line is not understood; exit status 2.
struct UsageError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// The command could not do its work. Empty when what is wrong has been printed already.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String
    /// The exit status: 1 where the command has no finer ones.
    let status: Int32

    init(_ description: String, status: Int32 = 1) {
        self.description = description
        self.status = status
    }
}

enum Terminal {
    /// Writes a line to standard error.
    static func error(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }

    static var isInteractive: Bool { isatty(STDOUT_FILENO) == 1 }

    static func bold(_ text: String) -> String { self.isInteractive ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
}
