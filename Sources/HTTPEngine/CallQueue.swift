import NetworkIO

/// Calls on one loop that wait for the same thing: first come, first served, each until its own deadline.
///
/// One timer looks after all of them, so a call that waits leaves nothing behind when it goes on.
final class CallQueue: @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: confined to `loop`'s thread.

    private struct Call {
        let number: Int
        let deadline: UInt64
        let continuation: UnsafeContinuation<Bool, Never>
    }
    private let loop: EventLoop
    private var calls: [Call] = []
    private var lastNumber = 0
    /// When the timer that counts is due; an earlier timer's closure finds another number here and does nothing.
    private var nextLook: UInt64 = .max
    private static let lookIntervalMax: UInt64 = 60_000_000_000

    init(loop: EventLoop) { self.loop = loop }

    var count: Int { self.calls.count }

    /// Suspends until it is this call's turn.
    /// - Parameter asFirst: before those that wait already: a call whose turn came to nothing.
    /// - Returns: false when the deadline (nanoseconds, monotonic) passed first, or the task was cancelled.
    func wait(until deadline: UInt64, asFirst: Bool = false) async -> Bool {
        guard deadline > self.loop.now else { return false }
        self.lastNumber += 1
        let number = self.lastNumber
        return await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                self.calls.insert(
                    Call(number: number, deadline: deadline, continuation: continuation),
                    at: asFirst ? 0 : self.calls.count)
                self.look(at: deadline)
            }
        } onCancel: {
            // In a coming tick, when the wait has begun even if the task was cancelled before.
            self.loop.execute { self.giveUp(number) }
        }
    }

    private func giveUp(_ number: Int) {
        guard let place = self.calls.firstIndex(where: { $0.number == number }) else { return }
        self.calls.remove(at: place).continuation.resume(returning: false)
    }

    /// Lets the first go on, if any waits.
    func resumeFirst() {
        guard !self.calls.isEmpty else { return }
        self.calls.removeFirst().continuation.resume(returning: true)
    }

    func resumeAll() {
        let calls = self.calls
        self.calls = []
        for call in calls { call.continuation.resume(returning: true) }
    }

    private func look(at deadline: UInt64) {
        let instant = min(deadline, self.loop.now &+ Self.lookIntervalMax)
        guard instant < self.nextLook else { return }
        self.nextLook = instant
        self.loop.schedule(at: instant) {
            guard self.nextLook == instant else { return }
            self.nextLook = .max
            self.expire()
        }
    }

    private func expire() {
        let now = self.loop.now
        for call in self.calls where call.deadline <= now { call.continuation.resume(returning: false) }
        self.calls.removeAll { $0.deadline <= now }
        if let earliest = self.calls.map(\.deadline).min() { self.look(at: earliest) }
    }
}
