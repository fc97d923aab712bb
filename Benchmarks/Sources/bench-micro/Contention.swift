import CBenchSystem
import Glibc
import Synchronization

/// What two threads do at once, each on a core of its own.
struct ContendedOperation: Sendable {
    let name: String
    /// What one operation may cost at the most beside another thread's, in nanoseconds; nil where none is set.
    let goal: Double?
    /// Repetitions of each thread in a round: few enough that nothing overflows while no exporter runs.
    let repetitions: Int
    let body: @Sendable (Int) -> Void
    /// Runs between rounds: takes away what a round has left.
    let tidy: @Sendable () async -> Void

    init(
        _ name: String, goal: Double? = nil, repetitions: Int, tidy: @escaping @Sendable () async -> Void = {},
        _ body: @escaping @Sendable (Int) -> Void
    ) {
        self.name = name
        self.goal = goal
        self.repetitions = repetitions
        self.body = body
        self.tidy = tidy
    }
}

/// The best rounds of one thread and of two, in operations a second of the wall clock.
struct Contention {
    let name: String
    let goal: Double?
    let one: Double
    let two: Double

    /// A goal of docs/performance.md.
    static let gainGoal = 1.7
    private static let rounds = 25
    private static let restMicroseconds: UInt32 = 3_000

    var gain: Double { self.two / self.one }

    /// Whether two threads hinder each other: less than a third of what the same machine, at the same time, gains
    /// with two threads that share nothing. A lock or a counter that all threads share costs more than that; a neighbour
    /// costs both alike.
    func isContended(beside yardstick: Contention?) -> Bool {
        yardstick.map { self.gain < $0.gain / 3 } ?? false
    }

    static func of(_ operation: ContendedOperation, _ pair: ThreadPair) async -> Contention {
        var best = [0.0, 0.0]
        for round in 0..<Self.rounds {
            for threads in 1...2 {
                let nanoseconds = pair.run(threads: threads, operation.repetitions, operation.body)
                let rate = Double(threads * operation.repetitions) * 1e9 / Double(nanoseconds)
                // The first round of each warms the caches of both cores.
                if round > 0 { best[threads - 1] = max(best[threads - 1], rate) }
                await operation.tidy()
                usleep(Self.restMicroseconds)
            }
        }
        return Contention(name: operation.name, goal: operation.goal, one: best[0], two: best[1])
    }
}

/// Two threads, bound to a core each, that start what they are given at the same moment.
///
/// Invariant of `@unchecked`: `job` and `active` change only while both threads wait for `begin`; a thread writes its own
/// start and end alone, and they are read after it has posted `done`.
final class ThreadPair: @unchecked Sendable {
    private let begin: [UnsafeMutablePointer<sem_t>]
    private let done: UnsafeMutablePointer<sem_t>
    /// Threads that have arrived at the starting line.
    private let ready = Atomic<Int>(0)
    /// When each thread began and ended its part of the round.
    private let starts = UnsafeMutablePointer<UInt64>.allocate(capacity: 2)
    private let ends = UnsafeMutablePointer<UInt64>.allocate(capacity: 2)
    private var job: (repetitions: Int, body: @Sendable (Int) -> Void) = (0, { _ in })
    private var active = 0

    /// Nil on one core.
    init?() {
        var cores: [Int32] = [0, 0]
        guard bench_cores(&cores, 2) == 2 else { return nil }
        self.begin = (0..<2).map { _ in Self.semaphore() }
        self.done = Self.semaphore()
        for index in 0..<2 {
            let seat = Unmanaged.passRetained(Seat(pair: self, index: index, core: cores[index]))
            var thread = pthread_t()
            let code = pthread_create(
                &thread, nil,
                { argument in
                    guard let argument else { return nil }
                    Unmanaged<Seat>.fromOpaque(argument).takeRetainedValue().run()
                }, seat.toOpaque())
            precondition(code == 0, "no thread can be made")
            pthread_detach(thread)
        }
    }

    /// - Returns: nanoseconds from the first thread's start to the last one's end.
    func run(threads: Int, _ repetitions: Int, _ body: @escaping @Sendable (Int) -> Void) -> UInt64 {
        self.job = (repetitions, body)
        self.active = threads
        self.ready.store(0, ordering: .relaxed)
        for index in 0..<threads { sem_post(self.begin[index]) }
        for _ in 0..<threads { while sem_wait(self.done) != 0 {} }
        return (0..<threads).reduce(0) { max($0, self.ends[$1]) }
            - (0..<threads).reduce(.max) { min($0, self.starts[$1]) }
    }

    fileprivate func work(_ index: Int) {
        while sem_wait(self.begin[index]) != 0 {}
        self.ready.wrappingAdd(1, ordering: .acquiringAndReleasing)
        while self.ready.load(ordering: .acquiring) < self.active {}
        self.starts[index] = bench_nanoseconds()
        self.job.body(self.job.repetitions)
        self.ends[index] = bench_nanoseconds()
        sem_post(self.done)
    }

    private static func semaphore() -> UnsafeMutablePointer<sem_t> {
        let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
        sem_init(semaphore, 0, 0)
        return semaphore
    }
}

/// What a thread of a pair starts with.
private final class Seat: Sendable {
    let pair: ThreadPair
    let index: Int
    let core: Int32

    init(pair: ThreadPair, index: Int, core: Int32) {
        self.pair = pair
        self.index = index
        self.core = core
    }

    func run() -> Never {
        precondition(bench_bind(self.core) == 0, "core \(self.core) cannot be had")
        while true { self.pair.work(self.index) }
    }
}
