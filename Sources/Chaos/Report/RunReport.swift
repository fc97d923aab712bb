/// What a run came to.
public struct RunReport: Sendable {
    /// How it ended.
    public enum Ending: Sendable, Hashable {
        case complete
        case interrupted
        case cannotRun(String)
    }

    public enum Verdict: String, Sendable {
        case passed, failed
        case interrupted
        case cannotRun = "cannot_run"
    }

    public let experiment: Experiment
    public let target: String
    public let ending: Ending
    public let findings: [Finding]
    public let record: RunRecord

    public init(
        experiment: Experiment, target: String, ending: Ending, findings: [Finding], record: RunRecord
    ) {
        self.experiment = experiment
        self.target = target
        self.ending = ending
        self.findings = findings
        self.record = record
    }

    public var verdict: Verdict {
        switch self.ending {
        case .cannotRun: .cannotRun
        case .interrupted: .interrupted
        case .complete: self.findings.allSatisfy(\.passed) ? .passed : .failed
        }
    }

    /// 0 passed, 1 failed or interrupted, 2 could not be run.
    public var exitStatus: Int32 {
        switch self.verdict {
        case .passed: 0
        case .failed, .interrupted: 1
        case .cannotRun: 2
        }
    }

    /// The verdict with what led to it, a line each, for a terminal.
    public var lines: [String] {
        var lines = self.findings.map { "\($0.passed ? "  ok    " : "  FAIL  ")\($0.claim): \($0.measured)" }
        switch self.ending {
        case .complete: lines.append("\(self.experiment.name): \(self.verdict.rawValue)")
        case .interrupted: lines.append("\(self.experiment.name): interrupted; everything was undone")
        case .cannotRun(let reason): lines.append("\(self.experiment.name): cannot run: \(reason)")
        }
        return lines
    }

    /// Traces worth a look: a failed request of each step, first in the fault's phase, 8 at most.
    public var sampleTraces: [RequestOutcome] {
        let fault = self.record.phases[.fault] ?? .init(begin: 0)
        let failed = self.record.outcomes.filter { $0.isError && $0.traceID != nil && $0.at >= fault.begin }
        var seen: Set<String> = []
        return Array(failed.filter { seen.insert("\($0.step) \($0.status)").inserted }.prefix(8))
    }
}
