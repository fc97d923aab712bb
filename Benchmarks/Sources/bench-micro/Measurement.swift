import CAllocationCount
import CBenchSystem
import Glibc

/// What an operation took.
struct Measurement {
    let name: String
    let goal: Double?
    /// The fastest and the median round, in nanoseconds of the thread's processor time: a neighbour that takes the
    /// processor away does not count, though one that takes the cache away does.
    let fastest: Double
    let median: Double
    /// The fastest round as a multiple of a step of the yardstick, which ran before and after each.
    let steps: Double
    /// Calls of malloc and its relatives by the thread that performs the operation, the fewest of all rounds: a buffer
    /// that grows once does not count.
    let allocations: Double

    private static let rounds = 7
    private static let restMicroseconds: UInt32 = 20_000
    private static let yardstick = Yardstick()
    /// About a millisecond.
    private static let yardstickRepetitions = 200

    static func of(_ operation: Operation) async -> Measurement {
        await operation.body(operation.repetitions / 10 + 1)
        let operations = Double(operation.repetitions * operation.batch)
        var times: [Double] = []
        var step = Double.infinity
        var allocations = Double.infinity
        for _ in 0..<Self.rounds {
            // What the round before has left to exporters and writers is not to be paid for in this one.
            usleep(Self.restMicroseconds)
            step = min(step, Self.step())
            let before = bench_own_allocations()
            let start = bench_processor_nanoseconds()
            await operation.body(operation.repetitions)
            let end = bench_processor_nanoseconds()
            times.append(Double(end - start) / operations)
            allocations = min(allocations, Double(bench_own_allocations() - before) / operations)
            step = min(step, Self.step())
        }
        times.sort()
        return Measurement(
            name: operation.name, goal: operation.goal, fastest: times[0], median: times[Self.rounds / 2],
            steps: times[0] / step, allocations: allocations)
    }

    /// The faster one, with the fewer allocations of both.
    func better(of other: Measurement) -> Measurement {
        let faster = self.steps <= other.steps ? self : other
        return Measurement(
            name: faster.name, goal: faster.goal, fastest: faster.fastest, median: faster.median, steps: faster.steps,
            allocations: min(self.allocations, other.allocations))
    }

    /// The nanoseconds that a step of the yardstick takes now.
    static func step() -> Double {
        let start = bench_processor_nanoseconds()
        self.yardstick.run(self.yardstickRepetitions)
        return Double(bench_processor_nanoseconds() - start) / Double(self.yardstickRepetitions * Yardstick.steps)
    }
}
