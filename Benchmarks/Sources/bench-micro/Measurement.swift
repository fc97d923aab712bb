import CAllocationCount
import Glibc

/// One operation and how often a round repeats it.
struct Operation {
    let name: String
    /// What one operation may cost at the most is a goal of docs/performance.md, in nanoseconds; nil where none is set.
    let goal: Double?
    let repetitions: Int
    /// Performs the operation as often as it is told.
    let body: (Int) -> Void

    init(_ name: String, goal: Double? = nil, repetitions: Int, _ body: @escaping (Int) -> Void) {
        self.name = name
        self.goal = goal
        self.repetitions = repetitions
        self.body = body
    }
}

/// What an operation took.
struct Measurement {
    let name: String
    let goal: Double?
    /// The fastest and the median round, in nanoseconds of the thread's processor time: a neighbour that takes the
    /// processor away does not count, though one that takes the cache away does.
    let fastest: Double
    let median: Double
    /// Calls of malloc and its relatives by the thread that performs the operation, the fewest of all rounds: a buffer
    /// that grows once does not count.
    let allocations: Double

    private static let rounds = 7
    private static let restMicroseconds: UInt32 = 20_000

    static func of(_ operation: Operation) -> Measurement {
        operation.body(operation.repetitions / 10 + 1)
        var times: [Double] = []
        var allocations = Double.infinity
        for _ in 0..<Self.rounds {
            // What the round before has left to exporters and writers is not to be paid for in this one.
            usleep(Self.restMicroseconds)
            let before = bench_own_allocations()
            let start = Self.processorNanoseconds()
            operation.body(operation.repetitions)
            let end = Self.processorNanoseconds()
            times.append(Double(end - start) / Double(operation.repetitions))
            allocations = min(allocations, Double(bench_own_allocations() - before) / Double(operation.repetitions))
        }
        times.sort()
        return Measurement(
            name: operation.name, goal: operation.goal, fastest: times[0], median: times[Self.rounds / 2],
            allocations: allocations)
    }

    private static func processorNanoseconds() -> UInt64 {
        var now = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)
        return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }
}

/// The committed number of allocations of each operation: `<allocations> <name>` a line.
struct Baseline {
    private(set) var allocations: [String: Double] = [:]

    /// Room for what is allocated once in very many repetitions.
    private static let tolerance = 0.05

    init(_ text: String) {
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: " ", maxSplits: 1)
            if parts.count == 2, let count = Double(parts[0]) { self.allocations[String(parts[1])] = count }
        }
    }

    /// Why a measurement does not pass; nil when it does.
    func failure(of measurement: Measurement) -> String? {
        guard let known = self.allocations[measurement.name] else {
            return "\(measurement.name): the baseline does not know it"
        }
        guard measurement.allocations > known + Self.tolerance else { return nil }
        return "\(measurement.name): \(Self.text(measurement.allocations)) allocations, \(Self.text(known)) allowed"
    }

    static func line(_ measurement: Measurement) -> String {
        "\(Self.text(measurement.allocations)) \(measurement.name)\n"
    }

    /// With two decimals.
    static func text(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    }
}
