import Glibc
import NetworkIO
import Synchronization
import Testing

@Suite("The executor for blocking calls", .timeLimit(.minutes(1)))
struct BlockingExecutorTests {
    private struct Refused: Error, Equatable {}

    /// Occupies the only thread of an executor until it is opened.
    private final class Gate: Sendable {
        private let ends: [Int32]
        let entered = Latch()

        init() {
            var ends: [Int32] = [-1, -1]
            pipe(&ends)
            self.ends = ends
        }

        deinit { for end in self.ends { close(end) } }

        func block() {
            self.entered.open()
            var byte: UInt8 = 0
            read(self.ends[0], &byte, 1)
        }

        func open() {
            var byte: UInt8 = 0
            write(self.ends[1], &byte, 1)
        }
    }

    @Test("Work beyond the queue's places is refused at once and counted")
    func boundsTheQueue() async throws {
        let executor = BlockingExecutor(name: "test", threads: 1, queueLimit: 2)
        defer { executor.close() }
        let gate = Gate()
        let done = Record<Int>()
        let last = Latch()
        #expect(executor.submit { gate.block() } == nil)
        await gate.entered.wait()
        #expect(executor.running == 1)
        #expect(executor.submit { done.append(1) } == nil)
        #expect(
            executor.submit {
                done.append(2)
                last.open()
            } == nil)
        #expect(executor.queueDepth == 2)
        let full = BlockingExecutorError.queueFull(name: "test", limit: 2)
        #expect(executor.submit { done.append(3) } == full)
        await #expect(throws: full) { try await executor.run { done.append(4) } }
        #expect(executor.rejected == 2)
        gate.open()
        await last.wait()
        #expect(done.all == [1, 2])
        #expect(executor.queueDepth == 0)
    }

    @Test("Results and errors come back to the caller, on the caller's loop")
    func returns() async throws {
        let executor = BlockingExecutor(name: "test", threads: 2, queueLimit: 100)
        defer { executor.close() }
        try await withLoop { loop in
            let (value, wasOnLoop, isOnLoop) = try await loop.task {
                let (value, wasOnLoop) = try await executor.run { (42, loop.isCurrent) }
                return (value, wasOnLoop, loop.isCurrent)
            }
            #expect(value == 42)
            #expect(!wasOnLoop)
            #expect(isOnLoop)
        }
        await #expect(throws: Refused()) { try await executor.run { throw Refused() } }
    }

    @Test("A thousand calls at once all come back when the queue has room for them")
    func servesMany() async throws {
        let executor = BlockingExecutor(name: "test", threads: 4, queueLimit: 1_000)
        defer { executor.close() }
        let sum = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<1_000 { group.addTask { try await executor.run { number } } }
            return try await group.reduce(0, +)
        }
        #expect(sum == 499_500)
        #expect(executor.rejected == 0)
    }

    @Test("A closed executor ends what waits and takes nothing new")
    func closes() async throws {
        let executor = BlockingExecutor(name: "test", threads: 1, queueLimit: 10)
        let gate = Gate()
        let last = Latch()
        #expect(executor.submit { gate.block() } == nil)
        await gate.entered.wait()
        #expect(executor.submit { last.open() } == nil)
        executor.close()
        #expect(executor.submit {} == .closed)
        await #expect(throws: BlockingExecutorError.closed) { try await executor.run {} }
        gate.open()
        await last.wait()
    }
}
