import CSystem
import SQLite
import Synchronization
import Telemetry

/// What one operation of one database records: its span's name and attributes, its histogram, all made once.
final class OperationTelemetry: Sendable {
    /// `SELECT products`
    let spanName: String
    private let attributes: [Attribute]
    private let labels: [String]
    private let tracer: Tracer
    private let family: HistogramFamily
    private let succeeded: HistogramSeries

    init(_ operation: DatabaseOperation, namespace: String, telemetry: Telemetry) {
        let name = "\(operation.operation)"
        let collection = "\(operation.collection)"
        self.spanName = "\(name) \(collection)"
        self.attributes = [
            .dbSystemName(Self.system), .dbNamespace(namespace), .dbOperationName(name), .dbCollectionName(collection),
        ]
        self.labels = [Self.system, namespace, name, collection]
        self.tracer = telemetry.tracer
        self.family = telemetry.metrics.dynamicHistogram(
            DatabaseDescriptors.operationDuration, seriesMax: DatabaseDescriptors.operationSeriesMax)
        self.succeeded = self.family.series(self.labels + [""])
    }

    /// An operation under way.
    struct Measurement {
        let span: ActiveSpan
        let start: UInt64
    }

    func begin() -> Measurement {
        Measurement(
            span: self.tracer.startSpan(self.spanName, kind: .client, attributes: self.attributes),
            start: vitrine_monotonic_nanoseconds())
    }

    func end(_ measurement: Measurement) {
        let duration = vitrine_monotonic_nanoseconds() &- measurement.start
        self.succeeded.record(nanoseconds: duration, in: measurement.span.context)
        measurement.span.end()
    }

    /// As `end`, for an operation that threw.
    ///
    /// An error that the body threw of its own accord, such as "out of stock", is how a caller undoes its transaction:
    /// the database did well, and neither span nor histogram calls it a failure.
    func end(_ measurement: Measurement, error: any Error) {
        guard let type = Self.errorType(error) else { return self.end(measurement) }
        let duration = vitrine_monotonic_nanoseconds() &- measurement.start
        let span = measurement.span
        self.family.series(self.labels + [type]).record(nanoseconds: duration, in: span.context)
        span.setAttribute(.errorType(type))
        if let error = error as? SQLiteError, error.extendedCode != 0 {
            span.setAttribute(.dbResponseStatusCode(String(error.extendedCode)))
        }
        span.setStatus(.error("\(error)"))
        span.end()
    }

    /// `error.type`, or nil for an error that is not the storage's.
    private static func errorType(_ error: any Error) -> String? {
        switch error {
        case let error as SQLiteError: error.code.name
        case let error as PersistenceError: error.name
        case is CancellationError: "cancelled"
        default: nil
        }
    }

    private static let system = "sqlite"
}

/// The telemetry of each operation, found by its number without a lock.
final class OperationTelemetryTable: Sendable {
    /// Operations beyond this many are found under a lock.
    private static let fastCount = 128

    private let fast: [AtomicCell]
    private let slow = Mutex<[Int: OperationTelemetry]>([:])
    private let namespace: String
    private let telemetry: Telemetry

    private final class AtomicCell: Sendable {
        let reference = AtomicLazyReference<OperationTelemetry>()
    }

    init(namespace: String, telemetry: Telemetry) {
        self.namespace = namespace
        self.telemetry = telemetry
        self.fast = (0..<Self.fastCount).map { _ in AtomicCell() }
        // The family is there before the first operation.
        _ = telemetry.metrics.dynamicHistogram(
            DatabaseDescriptors.operationDuration, seriesMax: DatabaseDescriptors.operationSeriesMax)
    }

    subscript(_ operation: DatabaseOperation) -> OperationTelemetry {
        guard operation.number < Self.fastCount else { return self.slow(operation) }
        let cell = self.fast[operation.number]
        return cell.reference.load() ?? cell.reference.storeIfNil(self.make(operation))
    }

    private func slow(_ operation: DatabaseOperation) -> OperationTelemetry {
        self.slow.withLock { table in
            if let known = table[operation.number] { return known }
            let made = self.make(operation)
            table[operation.number] = made
            return made
        }
    }

    private func make(_ operation: DatabaseOperation) -> OperationTelemetry {
        OperationTelemetry(operation, namespace: self.namespace, telemetry: self.telemetry)
    }
}
