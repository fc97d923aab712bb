import CSystem
import Faults
import Glibc
import NetworkIO
import Synchronization

/// The faults of point `process`, each on a thread of its own, which ends with the fault or when it is told to.
final class ProcessFaults: Sendable {
    private let running = Mutex<[String: StopSignal]>([:])
    private let threads = Atomic<Int>(0)
    private let loops: [EventLoop]
    private let registry: FaultRegistry

    /// - Parameter loops: those that are blocked; not the admin listener's, or nobody could end it.
    init(loops: [EventLoop], registry: FaultRegistry) {
        self.loops = loops
        self.registry = registry
    }

    /// Threads that have not ended yet.
    var threadCount: Int { self.threads.load(ordering: .acquiring) }

    /// Begins a fault in place of the one with the same id.
    func begin(_ fault: ActiveFault) throws(IOError) {
        self.end(fault.id)
        let signal = StopSignal(endsAt: fault.endsAt)
        let work: @Sendable () -> Void
        switch fault.spec.effect {
        case .cpuBurn(let share): work = { Self.burn(share, signal) }
        case .memoryGrowth(let mebibytes): work = { Self.hold(mebibytes, signal) }
        case .loopBlock(let block, let every): work = { self.block(fault, block, every, signal) }
        default: return
        }
        self.running.withLock { $0[fault.id] = signal }
        self.threads.add(1, ordering: .relaxed)
        do throws(IOError) {
            try startThread(named: "fault-\(fault.spec.kind.rawValue)") {
                work()
                self.threads.subtract(1, ordering: .releasing)
            }
        } catch {
            self.threads.subtract(1, ordering: .relaxed)
            self.end(fault.id)
            throw error
        }
        if case .loopBlock = fault.spec.effect { return }
        self.registry.count(fault)
    }

    func end(_ id: String) { self.running.withLock { $0.removeValue(forKey: id) }?.stop() }

    func endAll() {
        let signals = self.running.withLock { running in
            defer { running = [:] }
            return Array(running.values)
        }
        for signal in signals { signal.stop() }
    }

    // MARK: What the threads do

    private static let period: UInt64 = 10_000_000

    private static func burn(_ share: Double, _ signal: StopSignal) {
        let busy = UInt64(share * Double(self.period))
        while !signal.isStopped {
            let start = vitrine_monotonic_nanoseconds()
            while vitrine_monotonic_nanoseconds() &- start < busy {}
            if busy < self.period { usleep(UInt32((self.period - busy) / 1_000)) }
        }
    }

    private static func hold(_ mebibytes: Int, _ signal: StopSignal) {
        let size = 1 << 20
        var pieces: [UnsafeMutableRawPointer] = []
        // Memory of the system's own rather than the allocator's, which would keep it afterwards.
        defer { for piece in pieces { munmap(piece, size) } }
        while pieces.count < mebibytes, !signal.isStopped {
            let piece = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
            guard let piece, piece != MAP_FAILED else { break }
            // A page that nobody has written to takes no memory.
            for offset in stride(from: 0, to: size, by: 4_096) {
                piece.storeBytes(of: 1, toByteOffset: offset, as: UInt8.self)
            }
            pieces.append(piece)
        }
        signal.wait()
    }

    private func block(_ fault: ActiveFault, _ block: Duration, _ every: Duration, _ signal: StopSignal) {
        while !signal.isStopped {
            let start = vitrine_monotonic_nanoseconds()
            let outstanding = LoopCount(self.loops.count)
            for loop in self.loops {
                loop.execute {
                    signal.wait(until: vitrine_monotonic_nanoseconds() &+ block.wholeNanoseconds)
                    outstanding.leave()
                }
            }
            self.registry.count(fault)
            signal.wait(until: start &+ every.wholeNanoseconds)
            // A loop that is late gets no second block behind the first.
            while outstanding.isAny, !signal.isStopped { usleep(1_000) }
        }
    }
}

/// Loops that still stand still.
private final class LoopCount: Sendable {
    private let count: Atomic<Int>

    init(_ count: Int) { self.count = Atomic(count) }

    func leave() { self.count.subtract(1, ordering: .relaxed) }
    var isAny: Bool { self.count.load(ordering: .relaxed) > 0 }
}

/// Tells a thread that its fault is over: by time, whoever set it may be gone, or before.
private final class StopSignal: Sendable {
    private let stopped = Atomic<Bool>(false)
    private let endsAt: UInt64
    /// How late a thread may notice.
    private static let slice: UInt32 = 5_000

    init(endsAt: UInt64) { self.endsAt = endsAt }

    func stop() { self.stopped.store(true, ordering: .relaxed) }

    var isStopped: Bool {
        self.stopped.load(ordering: .relaxed) || vitrine_monotonic_nanoseconds() >= self.endsAt
    }

    /// Blocks the calling thread until the fault is over, or until an instant of the monotonic clock.
    func wait(until instant: UInt64 = .max) {
        while !self.isStopped {
            let now = vitrine_monotonic_nanoseconds()
            guard now < instant else { return }
            usleep(min(Self.slice, UInt32(clamping: (instant - now) / 1_000 + 1)))
        }
    }
}
