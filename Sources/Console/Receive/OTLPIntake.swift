import Telemetry

/// What decoding a request keeps to and counts, whatever the encoding.
struct OTLPIntake: Sendable {
    let limits: OTLPLimits
    /// Nanoseconds since 1970, for log records that do not say when they were made.
    let now: UInt64
    private(set) var refused: [OTLPRefusal: Int] = [:]
    private(set) var cut: [OTLPCut: Int] = [:]
    /// Why the sink did not keep what it refused.
    private var sinkReason = ""
    private var itemsSeen = 0

    init(_ limits: OTLPLimits, now: UInt64) {
        self.limits = limits
        self.now = now
    }

    /// Items refused in all.
    var refusedCount: Int { self.refused.values.reduce(0, +) }

    mutating func refuse(_ reason: OTLPRefusal, _ count: Int = 1) {
        self.refused[reason, default: 0] += count
    }

    mutating func refuse(bySink count: Int, _ reason: String) {
        self.refuse(.sink, count)
        self.sinkReason = reason
    }

    mutating func leaveOut(_ part: OTLPCut, _ count: Int = 1) {
        self.cut[part, default: 0] += count
    }

    /// Whether another item may be read; it is refused if not.
    mutating func hasRoom() -> Bool {
        guard self.itemsSeen < self.limits.itemsMax else {
            self.refuse(.tooMany)
            return false
        }
        self.itemsSeen += 1
        return true
    }

    /// The text, cut between two characters where it is too long.
    mutating func text(_ text: String) -> String {
        guard text.utf8.count > self.limits.textBytesMax else { return text }
        self.leaveOut(.text)
        var end = text.utf8.index(text.utf8.startIndex, offsetBy: self.limits.textBytesMax)
        // Back to where a scalar begins, so that what is kept is UTF-8: three steps at most.
        while text.utf8[end] & 0xC0 == 0x80 { end = text.utf8.index(before: end) }
        return String(text[..<end])
    }

    /// The bytes, cut where they are too many.
    mutating func bytes(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.count > self.limits.textBytesMax else { return bytes }
        self.leaveOut(.text)
        return Array(bytes.prefix(self.limits.textBytesMax))
    }

    /// Says why items were refused, the most frequent reason first.
    func explanation(_ signal: ReceivedSignal) -> String {
        let noun = signal.noun
        return self.refused.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
            .map { "\($0.value) \(noun)\($0.value == 1 ? "" : "s") \(self.text($0.key))" }
            .joined(separator: "; ")
    }
}

extension OTLPIntake {
    /// What refused items have in common.
    private func text(_ reason: OTLPRefusal) -> String {
        switch reason {
        case .traceID: "with a trace id that is not 16 bytes or all zero"
        case .spanID: "with a span id that is not 8 bytes or all zero"
        case .parentID: "with a parent span id that is not 8 bytes"
        case .name: "of a metric without a name"
        case .value: "without a value"
        case .tooMany: "beyond the \(self.limits.itemsMax) that are taken of a request"
        case .sink: self.sinkReason.isEmpty ? "not kept" : "not kept: \(self.sinkReason)"
        }
    }
}

extension ReceivedSignal {
    fileprivate var noun: String {
        switch self {
        case .traces: "span"
        case .logs: "log record"
        case .metrics: "data point"
        }
    }
}

// MARK: - Items

extension OTLPIntake {
    /// Keeps a span that can be told apart from others; refuses it otherwise.
    mutating func add(_ span: ReceivedSpan, hasBadParent: Bool, to spans: inout [ReceivedSpan]) {
        guard span.traceID.isValid else { return self.refuse(.traceID) }
        guard span.spanID.isValid else { return self.refuse(.spanID) }
        guard !hasBadParent else { return self.refuse(.parentID) }
        var span = span
        span.end = max(span.start, span.end)
        spans.append(span)
    }

    /// Keeps a log record, with what it says in other places than the newest ones.
    ///
    /// - Parameters:
    ///   - time: when it happened, nanoseconds since 1970; 0 where it is not known.
    ///   - observed: when it was seen, the same.
    mutating func add(_ log: ReceivedLog, time: UInt64, observed: UInt64, to logs: inout [ReceivedLog]) {
        var log = log
        log.time = time != 0 ? time : observed != 0 ? observed : self.now
        if !(0...24).contains(log.severity) { log.severity = 0 }
        // logs.proto: a record whose id is not valid belongs to no trace, and so to no span.
        if log.traceID?.isValid != true { (log.traceID, log.spanID) = (nil, nil) }
        if log.spanID?.isValid != true { log.spanID = nil }
        // Before the field there was an attribute of the convention.
        if log.eventName.isEmpty, case .string(let name) = log.attributes["event.name"] { log.eventName = name }
        logs.append(log)
    }

    /// Gives the points from `start` on the name of their metric; refuses them where it has none.
    mutating func name(_ name: String, unit: String, _ metrics: inout [ReceivedMetric], from start: Int) {
        guard !name.isEmpty else {
            if metrics.count > start { self.refuse(.name, metrics.count - start) }
            return metrics.removeSubrange(start...)
        }
        let (name, unit) = (self.text(name), self.text(unit))
        for index in start..<metrics.count {
            metrics[index].name = name
            metrics[index].unit = unit
        }
    }

    /// Keeps a metric point, unless it holds no number.
    ///
    /// - Parameter flags: bit 0 says that nothing was recorded: the series has ended, and there is no point.
    mutating func add(
        _ point: ReceivedMetric.Point?, flags: UInt64, time: UInt64, _ attributes: [ReceivedAttribute],
        to metrics: inout [ReceivedMetric]
    ) {
        guard flags & 1 == 0 else { return }
        guard let point else { return self.refuse(.value) }
        metrics.append(ReceivedMetric(name: "", point: point, time: time, attributes: attributes))
    }
}
