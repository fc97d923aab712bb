public import CSystem
import Glibc
public import Synchronization

/// The numbers of one metric family: one block of cells for each thread slot, and one that all other threads share.
///
/// A slot's cells are written by the thread that owns the slot and by no other, with plain loads and stores: recording
/// needs no locked instruction, and no two threads write the same cache line. Reading sums the blocks.
/// The memory is never freed, so that a handle is a plain pointer that costs nothing to copy.
///
/// Invariant of `@unchecked`: `blocks` is set once; its entries go from null to a block once, published with release.
@usableFromInline
struct CellTable: @unchecked Sendable {
    @usableFromInline
    typealias Cell = Atomic<UInt64>

    /// Entry 0 is the shared block, entry n + 1 that of slot n, as addresses; 0 until the slot first records.
    @usableFromInline
    let blocks: UnsafeMutablePointer<Atomic<UInt>>
    @usableFromInline
    let cellCount: Int

    init(cellCount: Int) {
        self.cellCount = cellCount
        let entries = Int(VITRINE_THREAD_SLOTS) + 1
        self.blocks = .allocate(capacity: entries)
        for index in 0..<entries { (self.blocks + index).initialize(to: Atomic(0)) }
        self.blocks[0].store(UInt(bitPattern: Self.makeBlock(cellCount)), ordering: .releasing)
    }

    /// The calling thread's own cells; nil on a thread without a slot.
    @inlinable
    @inline(__always)
    func own() -> UnsafeMutablePointer<Cell>? {
        let slot = Int(vitrine_thread_slot())
        guard slot >= 0 else { return nil }
        // Only this thread writes this entry, so nothing has to be acquired.
        let address = self.blocks[slot + 1].load(ordering: .relaxed)
        if let cells = UnsafeMutablePointer<Cell>(bitPattern: address) { return cells }
        return self.activate(slot)
    }

    /// The block of threads without a slot; written with atomic additions.
    @inlinable
    var shared: UnsafeMutablePointer<Cell> {
        let address = self.blocks[0].load(ordering: .relaxed)
        return UnsafeMutablePointer(bitPattern: address).unsafelyUnwrapped
    }

    @usableFromInline
    @inline(never)
    func activate(_ slot: Int) -> UnsafeMutablePointer<Cell> {
        let cells = Self.makeBlock(self.cellCount)
        self.blocks[slot + 1].store(UInt(bitPattern: cells), ordering: .releasing)
        return cells
    }

    /// Adds to a whole number.
    @inlinable
    @inline(__always)
    func add(_ amount: UInt64, at index: Int) {
        if let cells = self.own() {
            let sum = cells[index].load(ordering: .relaxed) &+ amount
            cells[index].store(sum, ordering: .relaxed)
        } else {
            self.shared[index].wrappingAdd(amount, ordering: .relaxed)
        }
    }

    /// The sum of a whole number's cells.
    func sum(at index: Int) -> UInt64 {
        var total: UInt64 = 0
        self.forEachBlock { total &+= $0[index].load(ordering: .relaxed) }
        return total
    }

    /// The sum of a floating-point number's cells.
    func sumDouble(at index: Int) -> Double {
        var total = 0.0
        self.forEachBlock { total += Double(bitPattern: $0[index].load(ordering: .relaxed)) }
        return total
    }

    @inline(__always)
    func forEachBlock(_ body: (UnsafeMutablePointer<Cell>) -> Void) {
        for entry in 0...Int(VITRINE_THREAD_SLOTS) {
            let address = self.blocks[entry].load(ordering: .acquiring)
            if let cells = UnsafeMutablePointer<Cell>(bitPattern: address) { body(cells) }
        }
    }

    /// The blocks that exist now: looked up once for a family, not once for each number.
    var activeBlocks: [UnsafeMutablePointer<Cell>] {
        var blocks: [UnsafeMutablePointer<Cell>] = []
        self.forEachBlock { blocks.append($0) }
        return blocks
    }

    /// Zeroed, and on pairs of cache lines of its own, because neighbouring lines are fetched in pairs. A large block
    /// touches no memory before its cells are used.
    private static func makeBlock(_ cellCount: Int) -> UnsafeMutablePointer<Cell> {
        let pairs = (cellCount * MemoryLayout<UInt64>.size + 127) / 128 + 1
        let raw = calloc(pairs, 128).unsafelyUnwrapped
        let aligned = raw.alignedUp(toMultipleOf: 128)
        return aligned.bindMemory(to: Cell.self, capacity: cellCount)
    }
}
