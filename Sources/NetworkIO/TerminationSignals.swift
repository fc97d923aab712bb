public import Glibc
import Synchronization

/// SIGINT and SIGTERM as a value to wait for.
///
/// The signals are blocked for the whole process and taken by one thread with `sigwait(3)`, so no code of ours runs in
/// a signal handler, where almost nothing is allowed.
public final class TerminationSignals: Sendable {
    private struct State: Sendable {
        var received: [Int32] = []
        var waiter: UnsafeContinuation<Int32, Never>?
    }
    private let state = Mutex(State())

    /// Blocks the signals for the calling thread and those it starts. Call it before the first other thread starts: a
    /// single thread without the mask would take the signal, and the process would end on the spot.
    public static func block() {
        var set = self.set
        pthread_sigmask(SIG_BLOCK, &set, nil)
        // A peer that goes away is an error of the write, not a reason to die.
        signal(SIGPIPE, SIG_IGN)
    }

    /// SIGINT and SIGTERM.
    public static var set: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGINT)
        sigaddset(&set, SIGTERM)
        return set
    }

    /// Begins to listen.
    /// - Throws: `IOError` when no thread can be had.
    public init() throws(IOError) {
        Self.block()
        try startThread(named: "signals") { [self] in
            var set = Self.set
            while true {
                var number: Int32 = 0
                if sigwait(&set, &number) == 0 { self.deliver(number) }
            }
        }
    }

    private func deliver(_ number: Int32) {
        let waiter = self.state.withLock { state -> UnsafeContinuation<Int32, Never>? in
            guard let waiter = state.waiter else {
                if state.received.count < 16 { state.received.append(number) }
                return nil
            }
            state.waiter = nil
            return waiter
        }
        waiter?.resume(returning: number)
    }

    /// The next signal. One task may wait at a time.
    public func next() async -> Int32 {
        await withUnsafeContinuation { continuation in
            let number = self.state.withLock { state -> Int32? in
                if !state.received.isEmpty { return state.received.removeFirst() }
                precondition(state.waiter == nil, "two tasks wait for signals")
                state.waiter = continuation
                return nil
            }
            if let number { continuation.resume(returning: number) }
        }
    }
}
