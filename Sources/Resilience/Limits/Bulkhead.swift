import Synchronization
public import Telemetry

/// Why a bulkhead lets a call not in.
public enum BulkheadRejection: Error, Sendable, Hashable {
    /// As many calls wait as may.
    case queueFull
    /// The deadline passed while it waited, or before.
    case deadline

    /// `bulkhead_full`, the value of `error.type`.
    public static let errorType = "bulkhead_full"
}

/// Bounds the calls in flight, so that one slow upstream cannot take all there is; a bounded number waits in turn.
public final class Bulkhead: Sendable {
    public struct Settings: Sendable, Hashable {
        /// Calls in flight at most; 64 by default.
        public var inFlightMax = 64
        /// Calls that may wait; 64 by default, 0 for none.
        public var queueMax = 64

        public init(inFlightMax: Int = 64, queueMax: Int = 64) {
            self.inFlightMax = inFlightMax
            self.queueMax = queueMax
        }
    }

    private enum Wake: Sendable { case entered, timedOut, cancelled }

    private struct State: Sendable {
        var machine: BulkheadMachine
        var continuations: [UInt64: CheckedContinuation<Wake, Never>] = [:]
        /// What became of those whose wait had not begun yet.
        var settled: [UInt64: Wake] = [:]

        mutating func settle(_ number: UInt64, _ wake: Wake) -> CheckedContinuation<Wake, Never>? {
            if let continuation = self.continuations.removeValue(forKey: number) { return continuation }
            self.settled[number] = wake
            return nil
        }
    }

    public let name: String
    private let state: Mutex<State>
    private let clock: MonotonicClock
    private let rejected: CounterSeries?

    public init(
        _ name: String, _ settings: Settings = .init(), clock: MonotonicClock = .system, telemetry: Telemetry? = nil
    ) {
        self.name = name
        self.state = Mutex(
            State(machine: BulkheadMachine(inFlightMax: settings.inFlightMax, queueMax: settings.queueMax)))
        self.clock = clock
        self.rejected = telemetry?.metrics.dynamicCounter(BulkheadMetrics.rejected).series([name])
        telemetry?.metrics.observable(BulkheadMetrics.inFlight) { [([name], Double(self.inFlight))] }
    }

    public var inFlight: Int { self.state.withLock { $0.machine.inFlight } }
    public var waiting: Int { self.state.withLock { $0.machine.waitingCount } }

    /// Runs `operation` once there is a place for it.
    ///
    /// - Parameters:
    ///   - deadline: how long it may wait.
    ///   - sleep: waits so many nanoseconds, and ends at once when cancelled.
    /// - Throws: `BulkheadRejection`, counted; `CancellationError` when cancelled while waiting; what `operation`
    ///   throws.
    public func withPlace<T>(
        deadline: DeadlineBudget, sleep: @escaping @Sendable (UInt64) async throws -> Void,
        _ operation: () async throws -> T
    ) async throws -> T {
        try await self.enter(deadline: deadline, sleep: sleep)
        defer { self.leave() }
        return try await operation()
    }

    /// Takes a place, which is to be given back once by `leave`, whatever comes; `withPlace` does both.
    public func enter(
        deadline: DeadlineBudget, sleep: @escaping @Sendable (UInt64) async throws -> Void
    ) async throws {
        switch self.state.withLock({ $0.machine.enter() }) {
        case .entered: return
        case .rejected: throw self.reject(.queueFull)
        case .queued(let number):
            let remaining = deadline.remaining(now: self.clock.now())
            if remaining == 0 { self.giveUp(number, .timedOut) }
            switch await self.wait(number, timeout: remaining, sleep) {
            case .entered: return
            case .timedOut: throw self.reject(.deadline)
            case .cancelled: throw CancellationError()
            }
        }
    }

    private func wait(
        _ number: UInt64, timeout: UInt64, _ sleep: @escaping @Sendable (UInt64) async throws -> Void
    ) async -> Wake {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                // A sleep that is cancelled or fails leaves the place in the queue as it is.
                do { try await sleep(timeout) } catch { return }
                self.giveUp(number, .timedOut)
            }
            let wake = await self.wait(number)
            group.cancelAll()
            return wake
        }
    }

    private func wait(_ number: UInt64) async -> Wake {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let settled = self.state.withLock { state -> Wake? in
                    if let wake = state.settled.removeValue(forKey: number) { return wake }
                    state.continuations[number] = continuation
                    return nil
                }
                if let settled { continuation.resume(returning: settled) }
            }
        } onCancel: {
            self.giveUp(number, .cancelled)
        }
    }

    private func giveUp(_ number: UInt64, _ wake: Wake) {
        let continuation = self.state.withLock { state in
            state.machine.abandon(number) ? state.settle(number, wake) : nil
        }
        continuation?.resume(returning: wake)
    }

    /// Gives a place back, to the one that has waited longest if any.
    public func leave() {
        let continuation = self.state.withLock { state in
            state.machine.leave().flatMap { state.settle($0, .entered) }
        }
        continuation?.resume(returning: .entered)
    }

    private func reject(_ reason: BulkheadRejection) -> BulkheadRejection {
        self.rejected?.add()
        return reason
    }
}
