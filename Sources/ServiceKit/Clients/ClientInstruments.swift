import CSystem
import HTTPCore
import Synchronization
import Telemetry

/// One upstream's client series.
final class ClientInstruments: Sendable {
    private struct Key: Hashable {
        let method: HTTPMethod
        let status: Int
        let errorType: String?
    }
    private let family: HistogramFamily
    private let address: String
    private let port: String
    // One table for each thread slot, so that loops do not contend.
    private let tables: [Table]

    private final class Table: Sendable {
        let entries = Mutex<[Key: HistogramSeries]>([:])
    }

    init(telemetry: Telemetry, serverAddress: String, serverPort: Int) {
        self.family = telemetry.metrics.dynamicHistogram(HTTPMetrics.clientDuration)
        self.address = serverAddress
        self.port = String(serverPort)
        self.tables = (0...Int(VITRINE_THREAD_SLOTS)).map { _ in Table() }
    }

    /// - Parameter status: 0 when there was no answer.
    func record(method: HTTPMethod, status: Int, errorType: String?, nanoseconds: UInt64) {
        let slot = Int(vitrine_thread_slot())
        let table = self.tables[slot < 0 ? Int(VITRINE_THREAD_SLOTS) : slot]
        let key = Key(method: method, status: status, errorType: errorType)
        let series = table.entries.withLock { entries in
            if let known = entries[key] { return known }
            let made = self.family.series([
                method.telemetryName, self.address, self.port, status == 0 ? "" : String(status), errorType ?? "",
            ])
            if entries.count < 256 { entries[key] = made }
            return made
        }
        series.record(nanoseconds: nanoseconds, in: TelemetryContext.current.spanContext)
    }
}
