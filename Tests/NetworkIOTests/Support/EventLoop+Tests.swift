import NetworkIO
import Synchronization

extension EventLoop {
    /// Runs `body` on the loop's thread and gives what it gives.
    func perform<T: Sendable>(_ body: @escaping @Sendable () -> T) async -> T {
        await withUnsafeContinuation { continuation in self.execute { continuation.resume(returning: body()) } }
    }

    /// Runs a task on the loop to its end.
    func task<T: Sendable>(_ body: @escaping @Sendable () async throws -> T) async throws -> T {
        try await Task(executorPreference: self) { try await body() }.value
    }
}

/// Runs `body` with a loop of its own, stopped afterwards.
func withLoop(_ body: (EventLoop) async throws -> Void) async throws {
    let loop = try EventLoop(index: 0, name: "test")
    defer { loop.stop() }
    try await body(loop)
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
