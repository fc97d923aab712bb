import CSystem
import Synchronization
import Telemetry

/// The series of a server's or client's calls, found without a lock: every event loop keeps the handles it has used in a
/// table of its own.
final class RPCCallSeries: Sendable {
    private let family: HistogramFamily
    private let tables: [RPCSeriesTable]
    /// Loops beyond this many share the slow path.
    private static let loopsMax = 64

    init(_ family: HistogramFamily, methodCount: Int) {
        self.family = family
        self.tables = (0..<Self.loopsMax).map { _ in RPCSeriesTable(methodCount: methodCount) }
    }

    /// - Parameter index: the method's place; nil for one without.
    func record(
        _ method: String, index: Int?, code: RPCCode, errorType: String?, nanoseconds: UInt64, in span: SpanContext?
    ) {
        let loop = Int(vitrine_loop_index())
        let series: HistogramSeries
        if loop >= 0, loop < Self.loopsMax, let index {
            series = self.tables[loop].series(index, code, errorType) { self.make(method, code, errorType) }
        } else {
            series = self.make(method, code, errorType)
        }
        series.record(nanoseconds: nanoseconds, in: span)
    }

    private func make(_ method: String, _ code: RPCCode, _ errorType: String?) -> HistogramSeries {
        self.family.series([RPCTelemetryName.system, method, code.name, errorType ?? ""])
    }
}

/// The handles one loop has used, by method, then by status and error type.
private final class RPCSeriesTable: @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: a table is touched on the thread of its own loop only; `RPCCallSeries` chooses
    // it by `vitrine_loop_index()`.
    private struct Entry {
        let code: RPCCode
        let errorType: String?
        let series: HistogramSeries
    }
    private var methods: [[Entry]]
    private static let entriesMax = 64

    init(methodCount: Int) { self.methods = Array(repeating: [], count: methodCount) }

    func series(
        _ method: Int, _ code: RPCCode, _ errorType: String?, make: () -> HistogramSeries
    ) -> HistogramSeries {
        for entry in self.methods[method] where entry.code == code && entry.errorType == errorType {
            return entry.series
        }
        let series = make()
        if self.methods[method].count < Self.entriesMax {
            self.methods[method].append(Entry(code: code, errorType: errorType, series: series))
        }
        return series
    }
}
