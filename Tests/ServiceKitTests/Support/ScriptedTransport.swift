import HTTPCore
import Synchronization

/// Stands in for an upstream: keeps what is sent and answers as told.
final class ScriptedTransport: HTTPTransport {
    typealias Answer = @Sendable (HTTPRequest) async throws -> HTTPResponse
    private struct State: Sendable {
        var requests: [HTTPRequest] = []
        var deadlines: [Deadline] = []
        var answer: Answer
    }
    private let state: Mutex<State>

    init(_ answer: @escaping Answer = { _ in HTTPResponse(.noContent) }) {
        self.state = Mutex(State(answer: answer))
    }

    /// Changes what the requests from now on get.
    func answer(_ answer: @escaping Answer) { self.state.withLock { $0.answer = answer } }

    var requests: [HTTPRequest] { self.state.withLock { $0.requests } }
    var deadlines: [Deadline] { self.state.withLock { $0.deadlines } }

    func send(_ request: HTTPRequest, deadline: Deadline) async throws -> HTTPResponse {
        let answer = self.state.withLock { state in
            state.requests.append(request)
            state.deadlines.append(deadline)
            return state.answer
        }
        return try await answer(request)
    }
}

/// Holds whoever waits until it is opened.
final class Gate: Sendable {
    private struct State: Sendable {
        var isOpen = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }
    private let state = Mutex(State())

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = self.state.withLock { state in
                if !state.isOpen { state.waiters.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiters = self.state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
