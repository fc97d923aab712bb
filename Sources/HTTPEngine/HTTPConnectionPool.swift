import HTTPCore
import NetworkIO

/// One loop's connections to one upstream.
final class HTTPConnectionPool: @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: confined to `loop`'s thread; `HTTPUpstream` calls it there only.

    let upstream: String
    let loop: EventLoop
    let configuration: HTTPClientConfiguration
    let statistics: HTTPUpstreamStatistics
    private let addresses: HTTPAddressBook
    private let queue: CallQueue
    private var openCount = 0
    private var balancer: HTTPBalancer
    private let connector: HTTPConnector

    init(
        upstream: String, endpoints: [HTTPEndpoint], loop: EventLoop, resolver: NameResolver,
        configuration: HTTPClientConfiguration, statistics: HTTPUpstreamStatistics
    ) {
        self.upstream = upstream
        self.loop = loop
        self.configuration = configuration
        self.statistics = statistics
        self.addresses = HTTPAddressBook(upstream: upstream, endpoints: endpoints, loop: loop, resolver: resolver)
        self.queue = CallQueue(loop: loop)
        self.balancer = HTTPBalancer(ejectionMax: configuration.ejectionMax)
        self.connector = HTTPConnector(upstream: upstream, loop: loop, configuration: configuration)
    }

    // MARK: Leasing

    /// A connection that rests, or a new one; waits while the bound is reached.
    /// - Parameter deadline: nanoseconds of the monotonic clock.
    func lease(deadline: UInt64) async throws(HTTPClientError) -> HTTPClientConnection {
        try await self.addresses.prepare(deadline: deadline)
        var hasWaited = false
        while true {
            let target = self.choose()
            if let lease = self.leaseIdle(of: target) { return lease }
            if self.openCount < self.configuration.connectionsPerLoopMax {
                return try await self.connect(first: target, deadline: deadline)
            }
            // Another address may have one at rest even if the chosen one has not.
            for other in self.addresses.targets {
                if let lease = self.leaseIdle(of: other) { return lease }
            }
            try await self.wait(until: deadline, again: hasWaited)
            hasWaited = true
        }
    }

    /// A new connection, for a call whose reused one was gone.
    func leaseNew(deadline: UInt64) async throws(HTTPClientError) -> HTTPClientConnection {
        try await self.connect(first: self.choose(), deadline: deadline)
    }

    private func leaseIdle(of target: HTTPTarget) -> HTTPClientConnection? {
        guard let connection = target.takeIdle() else { return nil }
        connection.endRest()
        return self.hand(connection, to: target, reused: true)
    }

    private func hand(_ connection: TCPConnection, to target: HTTPTarget, reused: Bool) -> HTTPClientConnection {
        target.outstanding += 1
        self.statistics.leased()
        return HTTPClientConnection(connection: connection, target: target, pool: self, wasReused: reused)
    }

    /// Opens a connection, and passes on to the other addresses while one after the other refuses.
    private func connect(first: HTTPTarget, deadline: UInt64) async throws(HTTPClientError) -> HTTPClientConnection {
        var target = first
        var tried: [HTTPTarget] = []
        var failure: IOError?
        while true {
            self.openCount += 1
            self.statistics.opened()
            do throws(IOError) {
                let connection = try await self.connector.open(target, deadline: deadline)
                target.failures = 0
                target.ejectedUntil = 0
                self.watch(connection, of: target)
                return self.hand(connection, to: target, reused: false)
            } catch {
                self.connectionClosed()
                self.balancer.passOver(target, at: self.loop.now)
                tried.append(target)
                // A certificate refused says more than another address at which nobody listens.
                if failure?.isTLS != true { failure = error }
                if self.loop.now >= deadline { throw HTTPClientError(.timedOut, upstream: self.upstream) }
                guard let next = self.addresses.targets.first(where: { other in !tried.contains { $0 === other } })
                else { throw self.connector.explain(failure ?? error) }
                target = next
            }
        }
    }

    private func watch(_ connection: TCPConnection, of target: HTTPTarget) {
        let identity = ObjectIdentifier(connection)
        connection.onClose = { [self] in
            target.idle.removeAll { ObjectIdentifier($0) == identity }
            self.connectionClosed()
        }
    }

    private func connectionClosed() {
        self.openCount -= 1
        self.statistics.closed()
        self.queue.resumeFirst()
    }

    /// Takes back a connection after a call.
    func giveBack(_ connection: TCPConnection, of target: HTTPTarget, reusable: Bool) {
        target.outstanding -= 1
        self.statistics.returned()
        if reusable && connection.isReusable && target.isCurrent {
            connection.rest(for: self.configuration.idleTimeout)
            target.idle.append(connection)
            self.queue.resumeFirst()
        } else {
            connection.close()
        }
    }

    func closeIdle() {
        for target in self.addresses.targets { target.closeIdle() }
    }

    // MARK: Waiting

    private func wait(until deadline: UInt64, again: Bool) async throws(HTTPClientError) {
        // A call that waits again keeps its place: somebody who came later was quicker.
        guard again || self.queue.count < self.configuration.queueMax else {
            throw HTTPClientError(.queueFull, upstream: self.upstream)
        }
        self.statistics.began()
        let isTurn = await self.queue.wait(until: deadline, asFirst: again)
        self.statistics.ended()
        if isTurn && self.loop.now < deadline { return }
        // The turn of a call that is too late is the next one's.
        if isTurn { self.queue.resumeFirst() }
        throw HTTPClientError(.timedOut, upstream: self.upstream)
    }

    // MARK: Choosing

    private func choose() -> HTTPTarget { self.balancer.choose(among: self.addresses.targets, at: self.loop.now) }

    func setEjected(_ endpoint: HTTPEndpoint, until instant: UInt64) {
        self.balancer.setEjected(endpoint, until: instant)
    }
}
