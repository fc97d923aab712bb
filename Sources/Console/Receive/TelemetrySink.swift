/// Where received telemetry goes. Called from any thread, several at once; it must not wait.
public protocol TelemetrySink: Sendable {
    func take(_ spans: [ReceivedSpan]) -> Admission
    func take(_ logs: [ReceivedLog]) -> Admission
    func take(_ metrics: [ReceivedMetric]) -> Admission
}
