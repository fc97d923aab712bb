import Chaos
import Console
import CSystem
import Glibc
import NetworkIO
import Synchronization

/// Runs experiments for whoever clicks at them in the console: each in a process of its own, as somebody at a terminal
/// would, so that it mends what it broke whatever becomes of the console.
final class LabExperiments: ExperimentLauncher {
    let experiments: [ShippedExperiment]
    private let folder: String
    private let environment: [String: String]
    private let now = Mutex(Now())
    /// A thread that waits for the process' end.
    private let waiter = BlockingExecutor(name: "experiment", threads: 1, queueLimit: 4)

    private struct Now: Sendable {
        var pid: pid_t?
        var state = ExperimentState()
    }

    /// - Parameters:
    ///   - shelf: where experiments are; one that needs a lab of another kind is left out.
    ///   - folder: the lab's.
    /// - Throws: `CommandFailure` for a file that is no experiment.
    init(shelf: ExperimentShelf, folder: String, environment: [String: String]) throws {
        self.experiments = try shelf.all().filter { $0.needs.instances.isEmpty && !$0.needs.collector }.map {
            ShippedExperiment(name: $0.name, title: $0.title, text: $0.description, secondsMax: $0.secondsMax)
        }
        self.folder = folder
        self.environment = environment
    }

    var state: ExperimentState { self.now.withLock { $0.state } }

    private static var milliseconds: Int { Int(vitrine_realtime_nanoseconds() / 1_000_000) }

    private var logPath: String { "\(self.folder)/logs/experiments.log" }

    func start(_ name: String) throws {
        try self.now.withLock { now in
            if let running = now.state.running { throw LaunchRefusal("\(running.name) is running; one at a time.") }
            let pid: pid_t
            do {
                pid = try ChildProcess.start(
                    ["chaos", "run", name, "--data", self.folder], environment: self.environment, logPath: self.logPath)
            } catch { throw LaunchRefusal("\(error)") }
            now.pid = pid
            now.state.running = .init(name: name, phase: "running", since: Self.milliseconds)
            _ = self.waiter.submit { self.wait(pid, name) }
        }
    }

    func stop(_ name: String) {
        self.now.withLock { now in
            guard let pid = now.pid, now.state.running?.name == name else { return }
            kill(pid, SIGINT)
        }
    }

    private func wait(_ pid: pid_t, _ name: String) {
        var raw: Int32 = 0
        while waitpid(pid, &raw, 0) < 0 && errno == EINTR {}
        let verdict =
            switch ChildProcess.Exit(raw) {
            case .status(0): "passed"
            case .status(1): "failed"
            case .status(let status): "could not be run (status \(status)); see \(self.logPath)"
            case .signal(let signal): "was ended by signal \(signal)"
            }
        self.now.withLock { now in
            now.pid = nil
            now.state.running = nil
            now.state.last = .init(name: name, verdict: verdict, at: Self.milliseconds)
        }
    }
}
