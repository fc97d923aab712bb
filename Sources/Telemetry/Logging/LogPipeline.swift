import CSystem
import Synchronization

/// Formats lines into the calling thread slot's buffer; the writer thread carries the buffers away.
///
/// One lives as long as the process: loggers point at it without counting references.
/// Invariant of `@unchecked`: `shards` is set once and points at memory that is never freed; each is a `Mutex`.
@usableFromInline
final class LogPipeline: @unchecked Sendable {
    struct ShardState: ~Copyable, Sendable {
        var lines = ByteSink(capacity: 4_096)
        var lineCount = 0
        var timestamp = TimestampText()
    }

    struct Shard: ~Copyable, Sendable {
        let state: Mutex<ShardState>
        init() { self.state = Mutex(ShardState()) }
    }

    private enum Output: Sendable {
        case writer(LogWriter)
        case memory(LogMemory)
        case discard
    }

    /// Bytes that may wait in one slot's buffer before lines are dropped.
    static let shardBytesMax = 1 << 20
    /// Bytes in one slot's buffer at which the writer is woken early.
    static let wakeBytes = 64 * 1_024

    private let clock: TelemetryClock
    /// `,"service.name":"…"`
    private let service: [UInt8]
    private let output: Output
    private let records: BatchQueue<LogRecord>?
    private let shards: UnsafeMutablePointer<Shard>
    private let dropped = Atomic<Int>(0)

    init(clock: TelemetryClock, serviceName: String, sink: LogSink, records: BatchQueue<LogRecord>?) {
        self.clock = clock
        var service = ByteSink()
        service.append(",\"service.name\":" as StaticString)
        service.append(jsonString: serviceName)
        self.service = service.bytes
        self.records = records
        let count = Int(VITRINE_THREAD_SLOTS) + 1
        self.shards = .allocate(capacity: count)
        for index in 0..<count { (self.shards + index).initialize(to: Shard()) }
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
            let waiting = self.shards[Int(vitrine_thread_slot()) + 1].state.withLock { shard in
                self.append(now, level, message, attributes, context, to: &shard)
            }
            writer.linesWait(bytes: waiting)
        }
    }

    /// Moves what each slot holds into `spare`s and gives it to `body`; no lock is held meanwhile.
    func drain(into spare: inout ByteSink, _ body: (UnsafeBufferPointer<UInt8>, _ lines: Int) -> Void) -> Bool {
        var found = false
        for index in 0...Int(VITRINE_THREAD_SLOTS) {
            spare.clear()
            let lines = self.shards[index].state.withLock { shard -> Int in
                guard shard.lineCount > 0 else { return 0 }
                swap(&shard.lines, &spare)
                defer { shard.lineCount = 0 }
                return shard.lineCount
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
        to shard: inout ShardState
    ) -> Int {
        guard shard.lines.count < Self.shardBytesMax else {
            self.dropped.wrappingAdd(1, ordering: .relaxed)
            return shard.lines.count
        }
        LogLine.append(
            unixNanoseconds: now, level: level, message: message, attributes: attributes, context: context,
            service: self.service, timestamp: &shard.timestamp, to: &shard.lines)
        shard.lineCount &+= 1
        return shard.lines.count
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
