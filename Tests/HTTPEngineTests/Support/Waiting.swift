import NetworkIO
import Synchronization

/// Runs blocking code on a thread of its own, so that the tasks of other tests go on.
func onThread<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await withUnsafeThrowingContinuation { continuation in
        do throws(IOError) {
            try startThread(named: "test") { continuation.resume(with: Result(catching: body)) }
        } catch {
            continuation.resume(throwing: error)
        }
    }
}

extension EventLoop {
    /// Waits until the loop has taken in what was there when this was called, and acted on it.
    func turn() async {
        for _ in 0..<2 {
            await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
                self.execute { continuation.resume() }
            }
        }
    }
}

/// What happened, in order.
final class Record<Element: Sendable>: Sendable {
    private let state = Mutex<[Element]>([])
    func append(_ element: Element) { self.state.withLock { $0.append(element) } }
    var all: [Element] { self.state.withLock { $0 } }
}

/// Lets waiting tasks through once it is opened.
final class Latch: Sendable {
    private struct State: Sendable {
        var isOpen = false
        var waiters: [UnsafeContinuation<Void, Never>] = []
    }
    private let state = Mutex(State())

    func open() {
        let waiters = self.state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    func wait() async {
        await withUnsafeContinuation { continuation in
            let isOpen = self.state.withLock { state in
                if !state.isOpen { state.waiters.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }
}
