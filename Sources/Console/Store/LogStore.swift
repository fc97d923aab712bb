import Telemetry

/// A log record as it is held.
struct StoredLog: Sendable {
    /// Counts up: what came later has a higher one.
    let id: UInt64
    let time: UInt64
    let severity: UInt8
    let service: UInt32
    let resource: UInt32
    let traceID: TraceID?
    let spanID: UInt64
    let body: String
    let event: String
    let payload: [UInt8]

    var bytes: Int {
        MemoryLayout<StoredLog>.stride + 64 + self.body.utf8.count + self.event.utf8.count + self.payload.count
    }
}

/// The newest log records, bounded by count and bytes.
struct LogStore: Sendable {
    /// Nil for those that have gone.
    private var logs: [StoredLog?] = []
    private var first = 0
    private var nextID: UInt64 = 1
    private let limits: StoreLimits
    private(set) var bytes = 0
    private(set) var evicted = 0

    init(_ limits: StoreLimits) { self.limits = limits }

    var count: Int { self.logs.count - self.first }

    @discardableResult
    mutating func add(_ log: ReceivedLog, _ tables: inout SharedTables) -> StoredLog {
        var writer = PayloadWriter()
        writer.put(log.attributes, &tables.keys)
        let stored = StoredLog(
            id: self.nextID, time: log.time, severity: UInt8(log.severity),
            service: tables.serviceName(log.resource.service), resource: tables.number(log.resource),
            traceID: log.traceID,
            spanID: log.spanID?.rawValue ?? 0, body: log.body.text, event: log.eventName, payload: writer.bytes)
        self.nextID += 1
        self.logs.append(stored)
        self.bytes += stored.bytes
        while self.count > 1, self.bytes > self.limits.logBytesMax || self.count > self.limits.logsMax {
            self.bytes -= self.logs[self.first].take()?.bytes ?? 0
            self.first += 1
            self.evicted += 1
        }
        if self.first > 4_096, self.first * 2 > self.logs.count {
            self.logs.removeFirst(self.first)
            self.first = 0
        }
        return stored
    }

    /// Oldest first.
    var all: [StoredLog] { self.logs[self.first...].compactMap { $0 } }

    /// The newest that a condition is true of, newest first.
    func newest(_ count: Int, where isWanted: (StoredLog) -> Bool) -> [StoredLog] {
        var found: [StoredLog] = []
        for index in stride(from: self.logs.count - 1, through: self.first, by: -1) where found.count < count {
            if let log = self.logs[index], isWanted(log) { found.append(log) }
        }
        return found
    }
}
