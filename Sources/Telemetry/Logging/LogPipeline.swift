import Synchronization

/// Formats lines into the calling thread slot's buffer; the writer thread carries the buffers away.
///
/// One lives as long as the process: loggers point at it without counting references.
@usableFromInline
final class LogPipeline: Sendable {
    struct Lines: ~Copyable {
        var bytes = ByteSink(capacity: 4_096)
        var count = 0
        var timestamp = TimestampText()
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
    /// `,"service.name":"…"`
    private let service: [UInt8]
    private let output: Output
    private let records: BatchQueue<LogRecord>?
    private let slots: PerSlot<Lines>
    private let dropped = Atomic<Int>(0)

    init(clock: TelemetryClock, serviceName: String, sink: LogSink, records: BatchQueue<LogRecord>?) {
        self.clock = clock
        var service = ByteSink()
        service.append(",\"service.name\":" as StaticString)
        service.append(jsonString: serviceName)
        self.service = service.bytes
        self.records = records
        self.slots = PerSlot { Lines() }
        switch sink {
        case .standardOutput: self.output = .writer(LogWriter(descriptor: 1))
        case .descriptor(let descriptor): self.output = .writer(LogWriter(descriptor: descriptor))
        case .memory(let memory): self.output = .memory(memory)
        case .discard: self.output = .discard
        }
        _ = Unmanaged.passRetained(self)
        if case .writer(let writer) = self.output { writer.start(self) }
    }

    /// Lines dropped because a buffer was full or the descriptor failed.
    var droppedCount: Int {
        if case .writer(let writer) = self.output {
            return self.dropped.load(ordering: .relaxed) + writer.lostCount
        }
        return self.dropped.load(ordering: .relaxed)
    }

    @usableFromInline
    func write(
        _ level: LogLevel, _ message: StaticString, _ attributes: [Attribute], _ context: SpanContext?,
        at monotonic: UInt64?
    ) {
        let context = context ?? TelemetryContext.current.spanContext
        let now = self.clock.unixNanoseconds(at: monotonic ?? self.clock.monotonicNanoseconds())
        if let records, !TelemetryContext.current.isSuppressed {
            records.append(
                LogRecord(
                    unixNanoseconds: now, level: level, message: message, attributes: attributes, context: context))
        }
        switch self.output {
        case .discard: return
        case .memory(let memory): self.keep(now, level, message, attributes, context, memory)
        case .writer(let writer):
            let waiting = self.slots.withOwn { lines in
                self.append(now, level, message, attributes, context, to: &lines)
            }
            writer.linesWait(bytes: waiting)
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

    /// Bytes now waiting in the slot's buffer.
    private func append(
        _ now: UInt64, _ level: LogLevel, _ message: StaticString, _ attributes: [Attribute], _ context: SpanContext?,
        to lines: inout Lines
    ) -> Int {
        guard lines.bytes.count < Self.slotBytesMax else {
            self.dropped.wrappingAdd(1, ordering: .relaxed)
            return lines.bytes.count
        }
        LogLine.append(
            unixNanoseconds: now, level: level, message: message, attributes: attributes, context: context,
            service: self.service, timestamp: &lines.timestamp, to: &lines.bytes)
        lines.count &+= 1
        return lines.bytes.count
    }

    private func keep(
        _ now: UInt64, _ level: LogLevel, _ message: StaticString, _ attributes: [Attribute], _ context: SpanContext?,
        _ memory: LogMemory
    ) {
        var sink = ByteSink(capacity: 512)
        var timestamp = TimestampText()
        LogLine.append(
            unixNanoseconds: now, level: level, message: message, attributes: attributes, context: context,
            service: self.service, timestamp: &timestamp, to: &sink)
        memory.append(sink.buffer)
    }
}
