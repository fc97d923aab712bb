import CSystem
import HTTPCore
import NetworkIO
import Routing
import Security
import Synchronization
import Telemetry

/// The public keys that access tokens are verified with, as the user service publishes them.
///
/// Fetched when first needed, again every five minutes, and when a token names a key that is not known yet, at most once
/// in five seconds. Calls that need the same fetch share it. While the user service is away, the keys known go on
/// counting.
final class KeyDirectory: Sendable {
    private struct State: Sendable {
        var keys: JWKSet?
        var fetchedAt: UInt64 = 0
        var isFetching = false
        var waiters: [UnsafeContinuation<Void, Never>] = []
        var failure: (any Error)?
    }
    private let state = Mutex(State())
    private let client: UpstreamClient

    private static let lifetime: UInt64 = 300_000_000_000
    private static let intervalMin: UInt64 = 5_000_000_000

    init(client: UpstreamClient) { self.client = client }

    /// The keys now known, fetched if there are none or they are old.
    /// - Throws: `UpstreamError` when there are none and none can be had.
    func keys() async throws -> JWKSet {
        let (keys, age) = self.known()
        if let keys, age < Self.lifetime { return keys }
        if let keys, age < Self.lifetime + Self.intervalMin { return keys }
        return try await self.refresh()
    }

    /// The keys after a token named an unknown one.
    func keysAfterMiss() async throws -> JWKSet {
        let (keys, age) = self.known()
        if let keys, age < Self.intervalMin { return keys }
        return try await self.refresh()
    }

    private func known() -> (JWKSet?, age: UInt64) {
        let now = vitrine_monotonic_nanoseconds()
        return self.state.withLock { ($0.keys, now &- $0.fetchedAt) }
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
        let waiters = self.state.withLock { state in
            switch result {
            case .success(let keys):
                state.keys = keys
                state.failure = nil
                state.fetchedAt = vitrine_monotonic_nanoseconds()
            case .failure(let error):
                state.failure = error
                // Known keys stay; the next try comes after the interval, not with the next request.
                if state.keys != nil { state.fetchedAt = vitrine_monotonic_nanoseconds() &- Self.lifetime }
            }
            state.isFetching = false
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
