import Telemetry

/// What log records are looked for.
struct LogQuery: Sendable {
    var service: String?
    /// The least severity; see `LogSeverity`.
    var severityMin = 0
    /// Within the message or the value of an attribute.
    var text: String? { didSet { self.search = self.text.map { ByteSearch(Array($0.utf8)) } } }
    private var search: ByteSearch?
    /// Attributes, or those of the resource, as texts.
    var attributes: [(key: String, value: String)] = []
    var traceID: TraceID?
    var spanID: UInt64?
    /// Only those of before, in nanoseconds since 1970.
    var before: UInt64?
    /// Only those that came in before that one.
    var beforeID: UInt64?
    var limit = 200

    static let limitMax = 1_000

    func matches(_ log: StoredLog, _ tables: SharedTables) -> Bool {
        if let traceID = self.traceID, log.traceID != traceID { return false }
        if let spanID = self.spanID, log.spanID != spanID { return false }
        // What does not say how grave it is counts as information.
        if self.severityMin > 0, (log.severity == 0 ? 9 : Int(log.severity)) < self.severityMin { return false }
        if let before = self.before, log.time >= before { return false }
        if let id = self.beforeID, log.id >= id { return false }
        if let service = self.service, tables.names.known(service) != log.service { return false }
        if let text = self.text, let search = self.search {
            guard log.body.contains(text) || search.isIn(log.payload) else { return false }
        }
        guard !self.attributes.isEmpty else { return true }
        var reader = PayloadReader(log.payload)
        let all = reader.attributes(tables.keys) + tables.resource(log.resource).attributes
        return self.attributes.allSatisfy { wanted in
            all.contains { $0.key == wanted.key && $0.value.text == wanted.value }
        }
    }
}

/// The six names of the twenty-four severities.
///
/// Source: OpenTelemetry logs data model, "SeverityNumber".
enum LogSeverity: String, CaseIterable {
    case trace, debug, info, warn, error, fatal

    /// - Parameter number: 1 to 24; 0 counts as information.
    init(_ number: UInt8) {
        self = number == 0 ? .info : Self.allCases[min(5, (Int(number) - 1) / 4)]
    }

    /// The least number of that name.
    var least: Int { (Self.allCases.firstIndex(of: self) ?? 0) * 4 + 1 }
}
