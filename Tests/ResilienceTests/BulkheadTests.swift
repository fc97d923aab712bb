import Synchronization
import TelemetryTesting
import Testing

@testable import Resilience

@Suite("Bulkheads")
struct BulkheadTests {
    /// Holds calls until it is opened.
    private final class Gate: Sendable {
        private let state = Mutex<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

        func wait() async {
            await withCheckedContinuation { continuation in
                let isOpen = self.state.withLock { state in
                    if !state.isOpen { state.waiting.append(continuation) }
                    return state.isOpen
                }
                if isOpen { continuation.resume() }
            }
        }

        func open() {
            let waiting = self.state.withLock { state in
                state.isOpen = true
                defer { state.waiting = [] }
                return state.waiting
            }
            for continuation in waiting { continuation.resume() }
        }
    }

    private final class Finished: Sendable {
        let numbers = Mutex<[Int]>([])
    }

    private final class Inside: Sendable {
        let count = Atomic<Int>(0)
    }

    private let clock = ManualClock()

    private func sleep(_ nanoseconds: UInt64) async throws {
        try await self.clock.sleep(until: self.clock.now.advanced(by: .nanoseconds(Int64(clamping: nanoseconds))))
    }

    /// Waits for something another task does.
    private func until(_ isDone: () -> Bool) async { while !isDone() { await Task.yield() } }

    private func hold(_ bulkhead: Bulkhead, _ gate: Gate) -> Task<Void, any Error> {
        Task { try await bulkhead.withPlace(deadline: .none, sleep: self.sleep) { await gate.wait() } }
    }

    @Test("No more calls run than may, and those that wait come in turn")
    func boundsAndQueues() async throws {
        let bulkhead = Bulkhead("b", .init(inFlightMax: 1, queueMax: 10))
        let gate = Gate()
        let first = self.hold(bulkhead, gate)
        await self.until { bulkhead.inFlight == 1 }
        let order = Finished()
        var tasks: [Task<Void, any Error>] = []
        for number in 0..<5 {
            tasks.append(
                Task {
                    try await bulkhead.withPlace(deadline: .none, sleep: self.sleep) {
                        order.numbers.withLock { $0.append(number) }
                    }
                })
            await self.until { bulkhead.waiting == number + 1 }
        }
        gate.open()
        try await first.value
        for task in tasks { try await task.value }
        #expect(order.numbers.withLock { $0 } == [0, 1, 2, 3, 4])
        #expect(bulkhead.inFlight == 0)
    }

    @Test("A full queue refuses at once, and is counted")
    func refuses() async throws {
        let test = TestTelemetry()
        let bulkhead = Bulkhead("b", .init(inFlightMax: 1, queueMax: 0), telemetry: test.telemetry)
        let gate = Gate()
        let first = self.hold(bulkhead, gate)
        await self.until { bulkhead.inFlight == 1 }
        await #expect(throws: BulkheadRejection.queueFull) {
            try await bulkhead.withPlace(deadline: .none, sleep: self.sleep) { Issue.record("let in") }
        }
        #expect(try test.value("resilience_bulkhead_rejected_total", ["bulkhead": "b"]) == 1)
        #expect(try test.value("resilience_bulkhead_inflight", ["bulkhead": "b"]) == 1)
        gate.open()
        try await first.value
        #expect(try test.value("resilience_bulkhead_inflight", ["bulkhead": "b"]) == 0)
    }

    @Test("Whoever waits past its deadline goes, and the place goes to the next")
    func timesOut() async throws {
        let time = TestTime()
        let bulkhead = Bulkhead("b", .init(inFlightMax: 1, queueMax: 10), clock: time.clock)
        let gate = Gate()
        let first = self.hold(bulkhead, gate)
        await self.until { bulkhead.inFlight == 1 }
        let late = Task {
            try await bulkhead.withPlace(
                deadline: DeadlineBudget(deadline: time.now + second), sleep: self.sleep
            ) { Issue.record("let in") }
        }
        await self.clock.waitForSleepers(1)
        let patient = self.hold(bulkhead, gate)
        await self.until { bulkhead.waiting == 2 }
        self.clock.advance(by: .seconds(1))
        await #expect(throws: BulkheadRejection.deadline) { try await late.value }
        #expect(bulkhead.waiting == 1)
        gate.open()
        try await first.value
        try await patient.value
        #expect(bulkhead.inFlight == 0)
    }

    @Test("A deadline that has passed already does not wait")
    func doesNotWait() async throws {
        let time = TestTime()
        let bulkhead = Bulkhead("b", .init(inFlightMax: 1, queueMax: 10), clock: time.clock)
        let gate = Gate()
        let first = self.hold(bulkhead, gate)
        await self.until { bulkhead.inFlight == 1 }
        await #expect(throws: BulkheadRejection.deadline) {
            try await bulkhead.withPlace(deadline: DeadlineBudget(deadline: 0), sleep: self.sleep) {}
        }
        gate.open()
        try await first.value
    }

    @Test("Whoever is cancelled while waiting goes at once and leaves no gap")
    func cancels() async throws {
        let bulkhead = Bulkhead("b", .init(inFlightMax: 1, queueMax: 10))
        let gate = Gate()
        let first = self.hold(bulkhead, gate)
        await self.until { bulkhead.inFlight == 1 }
        let waiting = (0..<5).map { _ in self.hold(bulkhead, gate) }
        await self.until { bulkhead.waiting == 5 }
        for task in waiting { task.cancel() }
        for task in waiting { await #expect(throws: CancellationError.self) { try await task.value } }
        #expect(bulkhead.waiting == 0)
        gate.open()
        try await first.value
        #expect(bulkhead.inFlight == 0)
    }

    @Test("Many tasks, some cancelled: never more in flight than may be, and all places come back")
    func isSafe() async throws {
        let bulkhead = Bulkhead("b", .init(inFlightMax: 4, queueMax: 1_000))
        let inside = Inside()
        let tasks = (0..<500).map { number in
            Task {
                try await bulkhead.withPlace(deadline: .none, sleep: self.sleep) {
                    let now = inside.count.wrappingAdd(1, ordering: .sequentiallyConsistent).newValue
                    #expect(now <= 4)
                    for _ in 0..<number % 7 { await Task.yield() }
                    inside.count.wrappingSubtract(1, ordering: .sequentiallyConsistent)
                }
            }
        }
        for (number, task) in tasks.enumerated() where number % 3 == 0 { task.cancel() }
        for task in tasks { _ = await task.result }
        #expect(bulkhead.inFlight == 0)
        #expect(bulkhead.waiting == 0)
    }

    @Test("The rules: bounds are kept and nobody overtakes, whatever the order", arguments: 0..<50)
    func keepsItsRules(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var machine = BulkheadMachine(
            inFlightMax: Int.random(in: 1...4, using: &random), queueMax: Int.random(in: 0...5, using: &random))
        var queue: [UInt64] = []
        for _ in 0..<1_000 {
            switch Int.random(in: 0..<3, using: &random) {
            case 0:
                switch machine.enter() {
                case .entered: #expect(queue.isEmpty)
                case .queued(let number): queue.append(number)
                case .rejected:
                    #expect(queue.count == machine.queueMax && machine.inFlight == machine.inFlightMax)
                }
            case 1 where machine.inFlight > 0:
                let next = machine.leave()
                #expect(next == (queue.isEmpty ? nil : queue.removeFirst()))
            default:
                guard let index = queue.indices.randomElement(using: &random) else { continue }
                let isGone = machine.abandon(queue.remove(at: index))
                #expect(isGone)
            }
            #expect(machine.inFlight <= machine.inFlightMax)
            #expect(machine.waitingCount == queue.count && queue.count <= machine.queueMax)
            #expect(queue.isEmpty || machine.inFlight == machine.inFlightMax)
        }
    }
}
