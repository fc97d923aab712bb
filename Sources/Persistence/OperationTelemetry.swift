import CSystem
import SQLite
import Synchronization
import Telemetry

/// What one operation of one database records: its span's name and attributes, its histogram, all made once.
final class OperationTelemetry: Sendable {
    let spanName: String
    let attributes: [Attribute]
    private let labels: [String]
    private let family: HistogramFamily
    private let succeeded: HistogramSeries

    init(_ operation: DatabaseOperation, namespace: String, registry: MetricRegistry) {
        let name = "\(operation.operation)"
        let collection = "\(operation.collection)"
        self.spanName = "\(name) \(collection)"
        self.attributes = [
            Attribute("db.system.name", "sqlite"), Attribute("db.namespace", namespace),
            Attribute("db.operation.name", name), Attribute("db.collection.name", collection),
        ]
        self.labels = ["sqlite", namespace, name, collection]
        self.family = registry.dynamicHistogram(DatabaseDescriptors.operationDuration)
        self.succeeded = self.family.series(self.labels + [""])
    }

    /// Ends `span` and records its duration.
    func end(_ span: ActiveSpan, since start: UInt64) {
        let now = vitrine_monotonic_nanoseconds()
        self.succeeded.record(nanoseconds: now &- start)
        span.end(at: now)
    }

    /// As `end`, for an operation that threw.
    ///
    /// An error that the body threw of its own accord, such as "out of stock", is how a caller undoes its transaction: the database
    /// did well, and neither span nor histogram calls it a failure.
    func end(_ span: ActiveSpan, since start: UInt64, error: any Error) {
        guard let type = Self.errorType(error) else { return self.end(span, since: start) }
        let now = vitrine_monotonic_nanoseconds()
        self.family.series(self.labels + [type]).record(nanoseconds: now &- start)
        var attributes = [Attribute("error.type", type)]
        if let error = error as? SQLiteError, error.extendedCode != 0 {
            attributes.append(Attribute("db.response.status_code", String(error.extendedCode)))
        }
        span.end(at: now, attributes: attributes, status: .error("\(error)"))
    }

    /// `error.type`, or nil for an error that is not the storage's.
    static func errorType(_ error: any Error) -> String? {
        switch error {
        case let error as SQLiteError: error.code.name
        case let error as PersistenceError: error.name
        case is CancellationError: "cancelled"
        default: nil
        }
    }
}

/// The telemetry of each operation, found by its number without a lock.
final class OperationTelemetryTable: Sendable {
    /// Operations beyond this many are found under a lock.
    private static let fastCount = 128

    private let fast: [AtomicCell]
    private let slow = Mutex<[Int: OperationTelemetry]>([:])
    private let namespace: String
    private let registry: MetricRegistry

    private final class AtomicCell: Sendable {
        let reference = AtomicLazyReference<OperationTelemetry>()
    }

    init(namespace: String, registry: MetricRegistry) {
        self.namespace = namespace
        self.registry = registry
        self.fast = (0..<Self.fastCount).map { _ in AtomicCell() }
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
        OperationTelemetry(operation, namespace: self.namespace, registry: self.registry)
    }
}
