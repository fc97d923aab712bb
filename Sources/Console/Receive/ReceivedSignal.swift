public import Telemetry

/// What is received.
public enum ReceivedSignal: String, MetricLabel {
    case traces, logs, metrics

    public static var labelName: String { "signal" }

    /// - Parameter path: as OTLP/HTTP has it, such as `/v1/traces`.
    init?(path: String) {
        switch path {
        case "/v1/traces": self = .traces
        case "/v1/logs": self = .logs
        case "/v1/metrics": self = .metrics
        default: return nil
        }
    }

    /// The field of `partialSuccess` that counts what was refused, in JSON. In Protobuf all three have the number 1.
    var refusedField: String {
        switch self {
        case .traces: "rejectedSpans"
        case .logs: "rejectedLogRecords"
        case .metrics: "rejectedDataPoints"
        }
    }
}
