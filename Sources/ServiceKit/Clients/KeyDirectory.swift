import HTTPCore
import NetworkIO
import Routing
import Security
import Synchronization
import Telemetry

/// The public keys that access tokens are verified with, as the user service publishes them.
///
/// Fetched when first needed, again every five minutes, and when a token names a key that is not known yet. Once keys are
/// known, there are five seconds between two fetches, whether the last one succeeded or not. Calls that need the same
/// fetch share it. While the user service is away, the keys known go on counting.
final class KeyDirectory: Sendable {
    private struct State: Sendable {
        var keys: JWKSet?
        /// When the keys came.
        var fetchedAt: UInt64 = 0
        /// When the last fetch ended, with or without keys.
        var triedAt: UInt64 = 0
        var isFetching = false
        var waiters: [UnsafeContinuation<Void, Never>] = []
        var failure: (any Error)?
    }
    private let state = Mutex(State())
    private let client: UpstreamClient
    private let now: @Sendable () -> UInt64

    private static let lifetime: UInt64 = 300_000_000_000
    private static let intervalMin: UInt64 = 5_000_000_000

    /// - Parameter now: monotonic nanoseconds.
    init(client: UpstreamClient, now: @escaping @Sendable () -> UInt64) {
        self.client = client
        self.now = now
    }

    /// Calls that wait for a fetch another one makes.
    var waiting: Int { self.state.withLock { $0.waiters.count } }

    /// The keys now known, fetched if there are none or they are old.
    /// - Throws: `UpstreamError` when there are none and none can be had.
    func keys() async throws -> JWKSet {
        let now = self.now()
        let known = self.state.withLock { state -> JWKSet? in
            // Old keys still count until the next fetch is due, and while it is under way.
            let isGood =
                Self.isWithin(Self.lifetime, of: state.fetchedAt, now)
                || Self.isWithin(Self.intervalMin, of: state.triedAt, now)
            return isGood || state.isFetching ? state.keys : nil
        }
        if let known { return known }
        return try await self.refresh()
    }

    /// The keys after a token named an unknown one.
    func keysAfterMiss() async throws -> JWKSet {
        let now = self.now()
        let known = self.state.withLock { Self.isWithin(Self.intervalMin, of: $0.triedAt, now) ? $0.keys : nil }
        if let known { return known }
        return try await self.refresh()
    }

    /// Another thread may have set `instant` after this one read the clock: then it is as recent as can be.
    private static func isWithin(_ bound: UInt64, of instant: UInt64, _ now: UInt64) -> Bool {
        now < instant || now - instant < bound
    }

    private func refresh() async throws -> JWKSet {
        let mustFetch = self.state.withLock { state in
            defer { state.isFetching = true }
            return !state.isFetching
        }
        if mustFetch {
            await self.fetch()
        } else {
            await withUnsafeContinuation { continuation in
                let isOver = self.state.withLock { state in
                    if state.isFetching { state.waiters.append(continuation) }
                    return !state.isFetching
                }
                if isOver { continuation.resume() }
            }
        }
        let (keys, failure) = self.state.withLock { ($0.keys, $0.failure) }
        if let keys { return keys }
        throw failure ?? Problem.unavailable("The keys that tokens are verified with cannot be had.")
    }

    private func fetch() async {
        let result: Result<JWKSet, any Error>
        do {
            let response = try await self.client.send(
                HTTPRequest(.get, "/.well-known/jwks.json"), template: "/.well-known/jwks.json",
                deadline: .after(.seconds(2)))
            let bytes = try await response.body.collect(upTo: 64 << 10)
            guard response.status == .ok else { throw UpstreamStatusError(name: .user, status: response.status) }
            result = .success(try JWKSet(parsing: bytes))
        } catch {
            result = .failure(error)
        }
        let now = self.now()
        let waiters = self.state.withLock { state in
            state.triedAt = now
            switch result {
            case .success(let keys):
                state.keys = keys
                state.failure = nil
                state.fetchedAt = now
            case .failure(let error):
                // Known keys stay.
                state.failure = error
            }
            state.isFetching = false
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
