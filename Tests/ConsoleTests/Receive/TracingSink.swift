import Console
import Synchronization
import Telemetry

/// A sink that would record what it does.
final class TracingSink: TelemetrySink {
    private let tracer: Tracer
    private let reached = Mutex(false)

    init(_ tracer: Tracer) { self.tracer = tracer }

    var isReached: Bool { self.reached.withLock { $0 } }

    func take(_: [ReceivedSpan]) -> Admission {
        self.tracer.startSpan("store").end()
        self.reached.withLock { $0 = true }
        return .all
    }

    func take(_: [ReceivedLog]) -> Admission { .all }
    func take(_: [ReceivedMetric]) -> Admission { .all }
}
