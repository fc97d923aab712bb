import CSystem
import Glibc
import Synchronization

/// A measured value and the span it was measured in.
public struct Exemplar: Sendable, Hashable {
    public let traceID: TraceID
    public let spanID: SpanID
    public let value: Double
    /// To a few milliseconds: the kernel's coarse clock.
    public let unixNanoseconds: UInt64
}

/// Which measurements may become exemplars: `OTEL_METRICS_EXEMPLAR_FILTER`.
public enum ExemplarFilter: String, Sendable {
    /// Those of sampled spans; the default.
    case traceBased = "trace_based"
    case alwaysOn = "always_on"
    case alwaysOff = "always_off"
}

/// The last exemplar of each bucket, one set per thread slot, each guarded by a sequence number: the owner of the slot
/// writes without waiting, a reader that meets a write in progress looks elsewhere.
@usableFromInline
struct ExemplarCells: Sendable {
    @usableFromInline
    let table: CellTable
    let filter: ExemplarFilter
    /// Sequence, trace id (2), span id, value, time.
    private static let words = 6

    init(count: Int, filter: ExemplarFilter) {
        self.filter = filter
        self.table = CellTable(cellCount: filter == .alwaysOff ? 1 : count * Self.words)
    }

    @usableFromInline
    func keep(_ value: Double, _ index: Int, _ context: SpanContext) {
        guard self.filter == .alwaysOn || self.filter == .traceBased && context.isSampled else { return }
        // A thread without a slot has no cells of its own to write unguarded, so it leaves no exemplar.
        guard let cells = self.table.own() else { return }
        let first = cells + index * Self.words
        let sequence = first[0].load(ordering: .relaxed)
        first[0].store(sequence &+ 1, ordering: .relaxed)
        atomicMemoryFence(ordering: .releasing)
        first[1].store(context.traceID.high, ordering: .relaxed)
        first[2].store(context.traceID.low, ordering: .relaxed)
        first[3].store(context.spanID.rawValue, ordering: .relaxed)
        first[4].store(value.bitPattern, ordering: .relaxed)
        first[5].store(Self.coarseUnixNanoseconds(), ordering: .relaxed)
        first[0].store(sequence &+ 2, ordering: .releasing)
    }

    /// The newest exemplar of a bucket over all slots.
    func newest(_ index: Int) -> Exemplar? {
        guard self.filter != .alwaysOff else { return nil }
        var newest: Exemplar?
        self.table.forEachBlock { cells in
            guard let found = Self.read(cells + index * Self.words) else { return }
            if newest.map({ $0.unixNanoseconds <= found.unixNanoseconds }) ?? true { newest = found }
        }
        return newest
    }

    private static func read(_ first: UnsafeMutablePointer<CellTable.Cell>) -> Exemplar? {
        let sequence = first[0].load(ordering: .acquiring)
        guard sequence != 0, sequence & 1 == 0 else { return nil }
        let exemplar = Exemplar(
            traceID: TraceID(high: first[1].load(ordering: .relaxed), low: first[2].load(ordering: .relaxed)),
            spanID: SpanID(rawValue: first[3].load(ordering: .relaxed)),
            value: Double(bitPattern: first[4].load(ordering: .relaxed)),
            unixNanoseconds: first[5].load(ordering: .relaxed))
        atomicMemoryFence(ordering: .acquiring)
        return first[0].load(ordering: .relaxed) == sequence ? exemplar : nil
    }

    private static func coarseUnixNanoseconds() -> UInt64 {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME_COARSE, &now)
        return UInt64(now.tv_sec) &* 1_000_000_000 &+ UInt64(now.tv_nsec)
    }
}
