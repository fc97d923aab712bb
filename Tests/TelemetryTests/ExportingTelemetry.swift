import Telemetry
import TelemetryTesting

/// A `Telemetry` that exports over a recording transport, with every clock in the test's hands.
struct ExportingTelemetry {
    let telemetry: Telemetry
    let lines = LogMemory()
    private let time = ManualTime(startUnixNanoseconds: TestTelemetry.startUnixNanoseconds)

    /// - Parameter environment: spans alone are exported unless it says otherwise, so that requests can be counted.
    init(
        transport: any OTLPTransport, clock: ManualClock, environment: [String: String] = [:],
        spool: SpoolSettings? = nil
    )
        throws
    {
        var configuration = try TelemetryConfiguration(
            environment: ["OTEL_LOGS_EXPORTER": "none"].merging(environment) { $1 }, serviceName: "test",
            serviceVersion: "1.2.3")
        configuration.spool = spool
        self.telemetry = Telemetry(
            configuration, logSink: .memory(self.lines), transport: transport, timer: ExportTimer(clock),
            manual: self.time, keepsSpans: false)
    }

    func advance(by duration: Duration) { self.time.advance(nanoseconds: UInt64(duration / .nanoseconds(1))) }

    /// The value of an `otel_sdk_*` series by its `error_type`; nil for the one without.
    func count(_ name: String, errorType: String? = nil) throws -> Double? {
        let text = try PrometheusText(parsing: String(decoding: self.telemetry.metrics.exposition(), as: UTF8.self))
        return text.series(name).first { $0.labels["error_type"] == errorType }?.value
    }
}
