/// What the benchmarks need of the encoders, which stay internal: a batch to encode over and over, as an exporter does.
/// Each call answers the bytes of the request.
@_spi(Benchmarks)
extension Telemetry {
    public func encoding(of spans: [ActiveSpan]) -> () -> Int {
        let batch = spans.compactMap { $0 as? RecordingSpan }
        let encoder = OTLPTraceEncoder(
            resource: self.resource, scopeName: "bench", scopeVersion: "0", limits: self.configuration.spanLimits)
        return { encoder.encode(batch).count }
    }

    public func encoding(ofRecords attributes: [[Attribute]], in context: SpanContext) -> () -> Int {
        let batch = attributes.map {
            LogRecord(
                LogEntry(
                    unixNanoseconds: 1, level: .info, message: "request", eventName: nil, attributes: $0,
                    context: context))
        }
        let encoder = OTLPLogEncoder(resource: self.resource, scopeName: "bench", scopeVersion: "0")
        return { encoder.encode(batch).count }
    }
}
