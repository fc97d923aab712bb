import Glibc

/// `OTEL_TRACES_EXPORTER=console` and `OTEL_METRICS_EXPORTER=console`: each batch as one line of OTLP JSON on standard
/// output, for development.
struct ConsoleTransport: OTLPTransport {
    func send(_ request: OTLPRequest) async throws -> OTLPResponse {
        let line = request.body + [0x0a]
        var offset = 0
        while offset < line.count {
            let written = line.withUnsafeBytes { write(1, $0.baseAddress?.advanced(by: offset), $0.count - offset) }
            if written < 0, errno != EINTR { throw OTLPNotSent("standard output: errno \(errno)") }
            offset += max(0, written)
        }
        return OTLPResponse(status: 200)
    }
}
