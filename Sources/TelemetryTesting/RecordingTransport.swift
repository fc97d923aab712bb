import Synchronization
public import Telemetry

/// A receiver of OTLP in memory: keeps every request and answers as scripted.
public final class RecordingTransport: OTLPTransport {
    /// What the receiver does with a request.
    public enum Answer: Sendable {
        case response(OTLPResponse)
        /// The connection fails.
        case failure
        /// No connection can be made.
        case unreachable
        /// The answer, status 200, comes when `release()` is called.
        case held
        /// Nothing comes within the request's timeout.
        case silence
    }

    private struct State {
        var requests: [OTLPRequest] = []
        var answers: [Answer] = []
        var wasSuppressed: [Bool] = []
        var held: [CheckedContinuation<Void, Never>] = []
        var isReleased = false
        var gzipCount = 0
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private struct ConnectionFailed: Error {}

    private let state = Mutex(State())
    private let clock: ManualClock

    /// - Parameters:
    ///   - answers: The first requests get these in order, all others status 200.
    ///   - clock: By which silence lasts.
    public init(answers: [Answer] = [], clock: ManualClock = ManualClock()) {
        self.clock = clock
        self.state.withLock { $0.answers = answers }
    }

    public var requests: [OTLPRequest] { self.state.withLock { $0.requests } }
    /// Whether spans were suppressed during each call.
    public var wasSuppressed: [Bool] { self.state.withLock { $0.wasSuppressed } }
    /// Bodies as text.
    public var bodies: [String] { self.requests.map { String(decoding: $0.body, as: UTF8.self) } }

    /// How often a body was to be compressed.
    public var gzipCount: Int { self.state.withLock { $0.gzipCount } }

    /// Lets every request that is held be answered, and those that come later.
    public func release() {
        let held = self.state.withLock { state in
            state.isReleased = true
            defer { state.held = [] }
            return state.held
        }
        for continuation in held { continuation.resume() }
    }

    /// Puts two bytes in front that look like gzip.
    public func gzip(_ body: [UInt8]) -> [UInt8]? {
        self.state.withLock { $0.gzipCount += 1 }
        return [0x1f, 0x8b] + body
    }

    /// Returns once `count` requests have come.
    public func waitForRequests(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isReady = self.state.withLock { state in
                if state.requests.count >= count { return true }
                state.watchers.append((count, continuation))
                return false
            }
            if isReady { continuation.resume() }
        }
    }

    public func send(_ request: OTLPRequest) async throws -> OTLPResponse {
        let isSuppressed = TelemetryContext.current.isSuppressed
        let (answer, ready) = self.state.withLock { state in
            state.requests.append(request)
            state.wasSuppressed.append(isSuppressed)
            let count = state.requests.count
            let ready = state.watchers.filter { $0.count <= count }.map(\.continuation)
            state.watchers.removeAll { $0.count <= count }
            return (state.answers.isEmpty ? nil : state.answers.removeFirst(), ready)
        }
        for watcher in ready { watcher.resume() }
        switch answer {
        case .response(let response): return response
        case .failure: throw ConnectionFailed()
        case .unreachable: throw OTLPNotSent("nobody listens")
        case .held:
            await withCheckedContinuation { continuation in
                let isReleased = self.state.withLock { state in
                    if !state.isReleased { state.held.append(continuation) }
                    return state.isReleased
                }
                if isReleased { continuation.resume() }
            }
            return OTLPResponse(status: 200)
        case .silence:
            try await self.clock.sleep(until: self.clock.now.advanced(by: request.timeout), tolerance: nil)
            throw ConnectionFailed()
        case nil: return OTLPResponse(status: 200)
        }
    }
}
