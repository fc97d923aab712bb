import Console
import Synchronization

/// Keeps all that it is handed and admits as it is told.
final class RecordingSink: TelemetrySink {
    private struct State {
        var spans: [ReceivedSpan] = []
        var logs: [ReceivedLog] = []
        var metrics: [ReceivedMetric] = []
        var batches = 0
    }

    private let state = Mutex(State())
    private let admission: Admission

    init(_ admission: Admission = .all) { self.admission = admission }

    var spans: [ReceivedSpan] { self.state.withLock { $0.spans } }
    var logs: [ReceivedLog] { self.state.withLock { $0.logs } }
    var metrics: [ReceivedMetric] { self.state.withLock { $0.metrics } }
    var batches: Int { self.state.withLock { $0.batches } }

    func take(_ spans: [ReceivedSpan]) -> Admission { self.keep { $0.spans += spans } }
    func take(_ logs: [ReceivedLog]) -> Admission { self.keep { $0.logs += logs } }
    func take(_ metrics: [ReceivedMetric]) -> Admission { self.keep { $0.metrics += metrics } }

    private func keep(_ body: (inout State) -> Void) -> Admission {
        self.state.withLock { state in
            state.batches += 1
            body(&state)
        }
        return self.admission
    }
}
