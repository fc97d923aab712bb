import Lab
import Synchronization

/// What the supervisor keeps of alerts and experiments, shared by those who write it and those who scrape it.
final class LabBooks: Sendable {
    private struct State: Sendable {
        var alerts = AlertBook()
        var experiments = ExperimentBook()
    }
    private let state = Mutex(State())

    func alerts() -> AlertBook { self.state.withLock { $0.alerts } }

    /// Those whose time is over are given up before one looks.
    func experiments() -> [(name: ExperimentName, record: ExperimentBook.Record)] {
        self.state.withLock { state in
            state.experiments.expire(now: .now)
            return state.experiments.all
        }
    }

    /// - Returns: what changed.
    func take(_ notification: AlertNotification, at microseconds: Int) -> [AlertBook.Change] {
        self.state.withLock { $0.alerts.take(notification, at: microseconds) }
    }

    func refusedAlerts() { self.state.withLock { $0.alerts.refused() } }

    func begin(_ experiment: ExperimentName, for duration: Duration) throws(ExperimentBook.Refusal) {
        try self.state.withLock { state throws(ExperimentBook.Refusal) in
            try state.experiments.begin(experiment, for: duration, now: .now)
        }
    }

    func end(_ experiment: ExperimentName, _ verdict: LabVerdict) throws(ExperimentBook.Refusal) {
        try self.state.withLock { state throws(ExperimentBook.Refusal) in
            try state.experiments.end(experiment, verdict, now: .now)
        }
    }
}
