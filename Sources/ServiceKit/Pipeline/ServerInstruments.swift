import CSystem
import HTTPCore
import Routing
import Synchronization
import Telemetry

/// The server's series, found without a lock: every event loop keeps the handles it has used in a table of its own.
final class ServerInstruments: Sendable {
    private let duration: HistogramFamily
    private let activeSeries: [UpDownCounterSeries]
    private let tables: [SeriesTable]
    private let shared: Mutex<Void> = Mutex(())

    private static let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "_OTHER"]
    /// Loops beyond this many share the slow path.
    private static let loopsMax = 64

    init(telemetry: Telemetry, routes: [Route]) {
        self.duration = telemetry.metrics.dynamicHistogram(HTTPMetrics.serverDuration)
        let active = telemetry.metrics.dynamicUpDownCounter(HTTPMetrics.serverActive)
        self.activeSeries = Self.methods.map { active.series([$0, "http"]) }
        self.tables = (0..<Self.loopsMax).map { _ in SeriesTable(routeCount: routes.count) }
    }

    func active(_ method: HTTPMethod) -> UpDownCounterSeries {
        switch method {
        case .get: self.activeSeries[0]
        case .head: self.activeSeries[1]
        case .post: self.activeSeries[2]
        case .put: self.activeSeries[3]
        case .patch: self.activeSeries[4]
        case .delete: self.activeSeries[5]
        case .options: self.activeSeries[6]
        case .trace: self.activeSeries[7]
        case .connect, .other: self.activeSeries[8]
        }
    }

    func record(
        _ method: HTTPMethod, _ route: Route?, status: Int, errorType: String?, nanoseconds: UInt64, span: SpanContext
    ) {
        let loop = Int(vitrine_loop_index())
        let series: HistogramSeries
        // The table keys by route; HEAD answered by a GET route is rare and takes the slow path.
        if loop >= 0, loop < Self.loopsMax, let route, route.method == method {
            series = self.tables[loop].series(route.index, status, errorType) {
                self.make(method, route, status, errorType)
            }
        } else {
            series = self.make(method, route, status, errorType)
        }
        series.record(nanoseconds: nanoseconds, in: span)
    }

    private func make(_ method: HTTPMethod, _ route: Route?, _ status: Int, _ errorType: String?) -> HistogramSeries {
        self.duration.series([
            method.telemetryName, route?.template ?? "", String(status), "http", errorType ?? "",
        ])
    }
}

/// The handles one loop has used, by route, then by status and error type.
private final class SeriesTable: @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: a table is touched on the thread of its own loop only; `ServerInstruments`
    // chooses it by `vitrine_loop_index()`.
    private struct Entry {
        let status: Int
        let errorType: String?
        let series: HistogramSeries
    }
    private var routes: [[Entry]]
    /// Error types come from code, not from callers, but a bound costs nothing.
    private static let entriesMax = 64

    init(routeCount: Int) { self.routes = Array(repeating: [], count: routeCount) }

    func series(
        _ route: Int, _ status: Int, _ errorType: String?, make: () -> HistogramSeries
    ) -> HistogramSeries {
        for entry in self.routes[route] where entry.status == status && entry.errorType == errorType {
            return entry.series
        }
        let series = make()
        if self.routes[route].count < Self.entriesMax {
            self.routes[route].append(Entry(status: status, errorType: errorType, series: series))
        }
        return series
    }
}
