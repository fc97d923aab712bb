import HTTPCore
import NetworkIO

/// One loop's connections to one upstream.
final class HTTPConnectionPool: @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: confined to `loop`'s thread; `HTTPUpstream` calls it there only.

    let upstream: String
    let loop: EventLoop
    let configuration: HTTPClientConfiguration
    let statistics: HTTPUpstreamStatistics
    private let endpoints: [HTTPEndpoint]
    private let resolver: NameResolver
    private let isNumeric: Bool

    private var targets: [HTTPTarget] = []
    private var resolvedUntil: UInt64 = 0
    private var open = 0
    private var waiters: [Waiter] = []
    private var random: XorShift

    /// A call that waits for a connection.
    private final class Waiter {
        var continuation: UnsafeContinuation<Void, Never>?
        func resume() {
            self.continuation?.resume()
            self.continuation = nil
        }
    }

    init(
        upstream: String, endpoints: [HTTPEndpoint], loop: EventLoop, resolver: NameResolver,
        configuration: HTTPClientConfiguration, statistics: HTTPUpstreamStatistics
    ) {
        self.upstream = upstream
        self.endpoints = endpoints
        self.loop = loop
        self.resolver = resolver
        self.configuration = configuration
        self.statistics = statistics
        self.random = XorShift(seed: UInt64.random(in: 1 ... .max))
        let numeric = endpoints.compactMap { SocketAddress(numericHost: $0.host, port: $0.port) }
        self.isNumeric = numeric.count == endpoints.count
        if self.isNumeric { self.targets = numeric.map { HTTPTarget($0) } }
    }

    // MARK: Leasing

    /// A connection that rests, or a new one; waits while the bound is reached.
    func lease(deadline: UInt64) async throws(HTTPClientError) -> HTTPClientConnection {
        try await self.resolveIfStale()
        let target = self.choose()
        if let connection = target.takeIdle() { return self.hand(connection, to: target, reused: true) }
        if self.open >= self.configuration.connectionsPerLoopMax {
            // Another address may have one at rest even if the chosen one has not.
            for other in self.targets {
                if let connection = other.takeIdle() { return self.hand(connection, to: other, reused: true) }
            }
            try await self.wait(until: deadline)
            return try await self.lease(deadline: deadline)
        }
        return try await self.connect(first: target, deadline: deadline)
    }

    func leaseNew(deadline: UInt64) async throws(HTTPClientError) -> HTTPClientConnection {
        try await self.connect(first: self.choose(), deadline: deadline)
    }

    private func hand(_ connection: TCPConnection, to target: HTTPTarget, reused: Bool) -> HTTPClientConnection {
        target.outstanding += 1
        self.statistics.leased()
        connection.clearDeadline()
        return HTTPClientConnection(connection: connection, target: target, pool: self, wasReused: reused)
    }

    /// Opens a connection, and passes on to the other addresses while one after the other refuses.
    private func connect(first: HTTPTarget, deadline: UInt64) async throws(HTTPClientError) -> HTTPClientConnection {
        var target = first
        var tried: [HTTPTarget] = []
        while true {
            self.open += 1
            self.statistics.opened()
            do throws(IOError) {
                let limit = min(deadline, self.loop.now &+ self.configuration.connectTimeout.wholeNanoseconds)
                let connection = try await TCPConnection.connect(to: target.address, on: self.loop, deadline: limit)
                target.failures = 0
                target.ejectedUntil = 0
                connection.onClose = { [self] in self.connectionClosed() }
                return self.hand(connection, to: target, reused: false)
            } catch {
                self.connectionClosed()
                self.eject(target)
                tried.append(target)
                if self.loop.now >= deadline { throw HTTPClientError(.timedOut, upstream: self.upstream) }
                guard let next = self.targets.first(where: { other in !tried.contains { $0 === other } }) else {
                    throw HTTPClientError(.connect(error), upstream: self.upstream)
                }
                target = next
            }
        }
    }

    private func connectionClosed() {
        self.open -= 1
        self.statistics.closed()
        self.resumeOneWaiter()
    }

    /// Takes back a connection after a call.
    func giveBack(_ connection: TCPConnection, of target: HTTPTarget, reusable: Bool) {
        target.outstanding -= 1
        self.statistics.returned()
        if reusable && connection.isReusable && target.isCurrent {
            connection.setDeadline(after: self.configuration.idleTimeout)
            target.idle.append(connection)
            self.resumeOneWaiter()
        } else {
            connection.close()
        }
    }

    func closeIdle() {
        for target in self.targets {
            for connection in target.idle { connection.close() }
            target.idle.removeAll()
        }
    }

    // MARK: Waiting

    private func wait(until deadline: UInt64) async throws(HTTPClientError) {
        guard self.waiters.count < self.configuration.queueMax else {
            throw HTTPClientError(.queueFull, upstream: self.upstream)
        }
        let waiter = Waiter()
        self.waiters.append(waiter)
        self.statistics.began()
        await withUnsafeContinuation { continuation in
            waiter.continuation = continuation
            nonisolated(unsafe) let late = waiter  // Runs on this same loop, like all that touches it.
            self.loop.schedule(at: deadline) { late.resume() }
        }
        self.statistics.ended()
        self.waiters.removeAll { $0 === waiter }
        if self.loop.now >= deadline { throw HTTPClientError(.timedOut, upstream: self.upstream) }
    }

    private func resumeOneWaiter() {
        guard !self.waiters.isEmpty else { return }
        self.waiters.removeFirst().resume()
    }

    // MARK: Choosing

    /// The less loaded of two addresses drawn at random among those not passed over.
    private func choose() -> HTTPTarget {
        if self.targets.count == 1 { return self.targets[0] }
        let now = self.loop.now
        var candidates = self.targets.filter { $0.ejectedUntil <= now }
        // All failed lately: try the one whose rest ends first rather than refuse unseen.
        if candidates.isEmpty { candidates = [self.targets.min { $0.ejectedUntil < $1.ejectedUntil } ?? self.targets[0]] }
        let first = candidates[self.random.next(below: candidates.count)]
        let second = candidates[self.random.next(below: candidates.count)]
        return second.outstanding < first.outstanding ? second : first
    }

    private func eject(_ target: HTTPTarget) {
        target.failures += 1
        let base: UInt64 = 100_000_000 << UInt64(min(target.failures - 1, 8))
        let most = self.configuration.ejectionMax.wholeNanoseconds
        let span = min(base, most)
        // Half of it at random, so that not every loop and process knocks at the same moment.
        target.ejectedUntil = self.loop.now &+ span / 2 &+ UInt64(self.random.next(below: Int(span / 2) + 1))
    }

    // MARK: Addresses

    private func resolveIfStale() async throws(HTTPClientError) {
        guard !self.isNumeric, self.resolvedUntil <= self.loop.now else { return }
        self.resolvedUntil = self.loop.now &+ 5_000_000_000
        var addresses: [SocketAddress] = []
        var failure = ""
        for endpoint in self.endpoints {
            do {
                addresses += try await self.resolver.resolve(endpoint.host, port: endpoint.port)
            } catch {
                failure = "\(error)"
            }
        }
        guard !addresses.isEmpty || !self.targets.isEmpty else {
            self.resolvedUntil = 0
            throw HTTPClientError(.resolve(failure), upstream: self.upstream)
        }
        if !addresses.isEmpty { self.adopt(addresses) }
    }

    private func adopt(_ addresses: [SocketAddress]) {
        let known = self.targets
        self.targets = addresses.map { address in known.first { $0.address == address } ?? HTTPTarget(address) }
        for target in known where !addresses.contains(target.address) {
            target.isCurrent = false
            for connection in target.idle { connection.close() }
            target.idle.removeAll()
        }
    }
}

/// One address of an upstream as a pool sees it.
final class HTTPTarget {
    let address: SocketAddress
    var idle: [TCPConnection] = []
    var outstanding = 0
    var failures = 0
    /// Nanoseconds of the monotonic clock until which the address is passed over.
    var ejectedUntil: UInt64 = 0
    /// False once the name no longer resolves to it.
    var isCurrent = true

    init(_ address: SocketAddress) { self.address = address }

    /// The connection used last: the others come to their idle timeout, and the pool shrinks to what is needed.
    func takeIdle() -> TCPConnection? {
        while let connection = self.idle.popLast() {
            if connection.isReusable { return connection }
            connection.close()
        }
        return nil
    }
}

/// Marsaglia's xorshift64: cheap numbers for spreading load, of no use for secrets.
struct XorShift {
    private var state: UInt64

    init(seed: UInt64) { self.state = seed | 1 }

    mutating func next(below bound: Int) -> Int {
        self.state ^= self.state << 13
        self.state ^= self.state >> 7
        self.state ^= self.state << 17
        return Int(self.state % UInt64(max(bound, 1)))
    }
}
