import Glibc
import Telemetry

/// One run: the table of single operations, that of two threads, and what does not pass.
struct MicroBenchmark {
    private let options: Options
    private let telemetry = BenchTelemetry()
    private var baseline: Baseline?
    private var failures: [String] = []

    /// A neighbour spoils one measurement, hardly three.
    private static let attempts = 3

    init(_ options: Options) {
        self.options = options
        self.baseline = options.baseline.map { Baseline(Files.contents(of: $0) ?? "") }
    }

    /// - Returns: the exit status.
    mutating func run() async throws -> Int32 {
        let telemetry = self.telemetry
        let recording = RecordingOperations(telemetry: telemetry)
        let exporting = Task.detached { await telemetry.exporting.run() }
        await self.measure(
            recording.all + PropagationOperations.all + ExportOperations.all(telemetry)
                + ResilienceOperations(telemetry: telemetry).all + (try RequestOperations.all()))
        exporting.cancel()
        await exporting.value
        await self.contend(recording.contended)
        if case let dropped = telemetry.droppedCount, dropped > 0 {
            self.failures.append("\(dropped) spans, records or lines were dropped: nothing says what they cost")
        }
        return self.finish()
    }

    private mutating func measure(_ operations: [Operation]) async {
        Report.printHead()
        for operation in operations where self.options.wants(operation.name) {
            var measurement = await Measurement.of(operation)
            for _ in 1..<Self.attempts where self.options.accepts || self.baseline?.isTooSlow(measurement) ?? false {
                measurement = measurement.better(of: await Measurement.of(operation))
            }
            if self.options.accepts {
                self.baseline?.accept(
                    measurement, allocations: self.options.acceptsAllocations, times: self.options.acceptsTimes)
            } else {
                self.failures += self.baseline?.failures(of: measurement) ?? []
            }
            Report.print(measurement, allowed: self.baseline?.allowedSteps(of: measurement.name))
        }
        self.baseline?.keep(only: operations.map(\.name))
    }

    private mutating func contend(_ operations: [ContendedOperation]) async {
        guard let pair = ThreadPair() else { return }
        Report.printContentionHead()
        var yardstick: Contention?
        // The yardstick comes first and is wanted always.
        for operation in operations where yardstick == nil || self.options.wants(operation.name) {
            var measurement = await Contention.of(operation, pair)
            for _ in 1..<Self.attempts where measurement.isContended(beside: yardstick) {
                measurement = await Contention.of(operation, pair)
            }
            Report.print(measurement)
            if measurement.isContended(beside: yardstick) {
                self.failures.append(
                    "\(measurement.name): two threads do \(Decimals.text(measurement.gain)) times the work of one")
            }
            yardstick = yardstick ?? measurement
        }
    }

    private func finish() -> Int32 {
        if self.options.accepts, let path = self.options.baseline, let baseline,
            !Files.replace(path, with: baseline.text)
        {
            Self.complain("\(path) cannot be written")
            return 2
        }
        for failure in self.failures { Self.complain(failure) }
        return self.failures.isEmpty ? 0 : 1
    }

    static func complain(_ line: String) {
        let bytes = Array("bench-micro: \(line)\n".utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }
}
