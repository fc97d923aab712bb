import Synchronization

/// Everything a log pipeline is made from.
struct LogPipelineSettings: Sendable {
    var serviceName: String
    var format = LogFormat.automatic
    var repeats = LogRepeats()
    var limits = LogLimits()
}

/// Formats lines into the calling thread slot's buffer; the writer thread carries the buffers away.
///
/// One lives as long as the process: loggers point at it without counting references.
@usableFromInline
final class LogPipeline: Sendable {
    struct Lines: ~Copyable {
        var bytes = ByteSink(capacity: 4_096)
        var count = 0
        var timestamp = TimestampText()
        var repeats = RepeatLimiter()
        /// Lines of this slot that were admitted, and those left out because their message repeats.
        var created = 0
        var skipped = 0
        /// Lines of this slot that were put out, by level.
        var written = InlineArray<4, Int>(repeating: 0)
    }

    /// What became of lines, over all slots since the start.
    struct Counts: Sendable {
        /// Admitted, those left out included.
        var created = 0
        /// Left out because their message repeats.
        var skipped = 0
        /// Put out, by the number of their level.
        var written = [Int](repeating: 0, count: LogLevel.count)
    }

    private enum Output: Sendable {
        case writer(LogWriter)
        case memory(LogMemory)
        case discard
    }

    /// Bytes that may wait in one slot's buffer before lines are dropped.
    static let slotBytesMax = 1 << 20
    /// Bytes in one slot's buffer at which the writer is woken early.
    static let wakeBytes = 64 * 1_024

    private let clock: TelemetryClock
    /// `,"service.name":"…"` in JSON, the bare name in text.
    private let service: [UInt8]
    private let style: LogStyle
    private let repeats: LogRepeats
    private let limits: LogLimits
    private let output: Output
    private let records: BatchQueue<LogRecord>?
    private let slots: PerSlot<Lines>
    private let dropped = Atomic<Int>(0)

    init(
        clock: TelemetryClock, settings: LogPipelineSettings, sink: LogSink, records: BatchQueue<LogRecord>?,
        costs: TelemetryCosts
    ) {
        self.clock = clock
        self.repeats = settings.repeats
        self.limits = settings.limits
        self.records = records
        self.slots = PerSlot { Lines() }
        switch sink {
        case .standardOutput:
            self.output = .writer(LogWriter(descriptor: 1, costs: costs))
            self.style = LogStyle(settings.format, descriptor: 1)
        case .descriptor(let descriptor):
            self.output = .writer(LogWriter(descriptor: descriptor, costs: costs))
            self.style = LogStyle(settings.format, descriptor: descriptor)
        case .memory(let memory):
            self.output = .memory(memory)
            self.style = LogStyle(settings.format, descriptor: nil)
        case .discard:
            self.output = .discard
            self.style = .json
        }
        self.service = Self.service(settings.serviceName, self.style)
        _ = Unmanaged.passRetained(self)
        if case .writer(let writer) = self.output { writer.start(self) }
    }

    private static func service(_ name: String, _ style: LogStyle) -> [UInt8] {
        var sink = ByteSink()
        if style == .json { sink.append(",\"service.name\":" as StaticString) }
        if style == .json { sink.append(jsonString: name) } else { sink.append(text: name) }
        return sink.bytes
    }

    /// Lines dropped because a buffer was full or the descriptor failed.
    var droppedCount: Int {
        if case .writer(let writer) = self.output {
            return self.dropped.load(ordering: .relaxed) + writer.lostCount
        }
        return self.dropped.load(ordering: .relaxed)
    }

    var counts: Counts {
        var sum = Counts()
        for index in 0..<PerSlot<Lines>.count {
            let (created, skipped, written) = self.slots.with(index) { ($0.created, $0.skipped, $0.written) }
            sum.created += created
            sum.skipped += skipped
            for level in written.indices { sum.written[level] += written[level] }
        }
        return sum
    }

    /// - Parameter isLimited: Whether the line is left out when its message repeats too often; false for the record of
    ///   a request, which must be whole.
    @usableFromInline
    func write(
        _ level: LogLevel, _ message: StaticString, _ attributes: [Attribute], _ context: SpanContext?,
        at monotonic: UInt64?, isLimited: Bool = true, eventName: StaticString? = nil
    ) {
        let now = self.clock.unixNanoseconds(at: monotonic ?? self.clock.monotonicNanoseconds())
        var entry = LogEntry(
            unixNanoseconds: now, level: level, message: message, eventName: eventName, attributes: attributes,
            context: context ?? TelemetryContext.current.spanContext)
        let waiting = self.slots.withOwn { lines -> Int? in
            guard self.admit(&entry, isLimited, &lines) else { return nil }
            return self.append(entry, to: &lines)
        }
        guard let waiting else { return }
        if let records, !TelemetryContext.current.isSuppressed { records.append(LogRecord(entry)) }
        switch self.output {
        case .discard: return
        case .memory(let memory): self.keep(entry, memory)
        case .writer(let writer): writer.linesWait(bytes: waiting)
        }
    }

    /// Moves what each slot holds into `spare`s and gives it to `body`; no lock is held meanwhile.
    func drain(into spare: inout ByteSink, _ body: (UnsafeBufferPointer<UInt8>, _ lines: Int) -> Void) -> Bool {
        var found = false
        for index in 0..<PerSlot<Lines>.count {
            spare.clear()
            let lines = self.slots.with(index) { lines -> Int in
                guard lines.count > 0 else { return 0 }
                swap(&lines.bytes, &spare)
                defer { lines.count = 0 }
                return lines.count
            }
            guard lines > 0 else { continue }
            found = true
            body(spare.buffer, lines)
        }
        return found
    }

    /// Returns once everything written before has reached the descriptor, or after `timeout`.
    func flush(timeout: Duration) async {
        if case .writer(let writer) = self.output { await writer.flush(timeout: timeout) }
    }

    @inline(__always)
    private func admit(_ entry: inout LogEntry, _ isLimited: Bool, _ lines: inout Lines) -> Bool {
        lines.created &+= 1
        guard isLimited else { return true }
        let key = UInt(bitPattern: entry.message.utf8Start)
        switch lines.repeats.admit(key, now: entry.unixNanoseconds, self.repeats) {
        case .write(let skipped):
            entry.skipped = skipped
            return true
        case .skip:
            lines.skipped &+= 1
            return false
        }
    }

    /// Bytes now waiting in the slot's buffer; 0 where no writer takes them.
    @inline(__always)
    private func append(_ entry: LogEntry, to lines: inout Lines) -> Int {
        if case .writer = self.output {
            guard lines.bytes.count < Self.slotBytesMax else {
                self.dropped.wrappingAdd(1, ordering: .relaxed)
                return lines.bytes.count
            }
            self.format(entry, &lines.timestamp, &lines.bytes)
            lines.count &+= 1
        }
        // Within the slot's own lock, which is held anyway: one addition.
        lines.written[Int(entry.level.rawValue)] &+= 1
        return lines.bytes.count
    }

    @inline(__always)
    private func format(_ entry: LogEntry, _ timestamp: inout TimestampText, _ sink: inout ByteSink) {
        switch self.style {
        case .json:
            LogLine.append(entry, service: self.service, limits: self.limits, timestamp: &timestamp, to: &sink)
        case .text(let inColour):
            LogText.append(
                entry, service: self.service, limits: self.limits, inColour: inColour, timestamp: &timestamp, to: &sink)
        }
    }

    private func keep(_ entry: LogEntry, _ memory: LogMemory) {
        var sink = ByteSink(capacity: 512)
        var timestamp = TimestampText()
        self.format(entry, &timestamp, &sink)
        memory.append(sink.buffer)
    }
}
