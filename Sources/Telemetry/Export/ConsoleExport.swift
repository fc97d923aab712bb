import Glibc

/// `OTEL_TRACES_EXPORTER=console`: each batch as one line of OTLP JSON on standard output, for development.
enum ConsoleExport {
    static func write(_ body: [UInt8], count: Int) -> ExportOutcome {
        var line = body
        line.append(0x0a)
        var offset = 0
        while offset < line.count {
            let written = line.withUnsafeBytes {
                Glibc.write(1, $0.baseAddress?.advanced(by: offset), $0.count - offset)
            }
            if written < 0, errno != EINTR { return .failed("standard output: errno \(errno)") }
            offset += max(0, written)
        }
        return ExportOutcome(exported: count)
    }
}
