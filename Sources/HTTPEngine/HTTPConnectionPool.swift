import HTTPCore
import NetworkIO
import TLS

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
    private var random = XorShift(seed: UInt64.random(in: 1 ... .max))

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
                let connection = try await self.open(target, deadline: deadline)
                target.failures = 0
                target.ejectedUntil = 0
                self.watch(connection, of: target)
                return self.hand(connection, to: target, reused: false)
            } catch {
                self.connectionClosed()
                self.eject(target)
                tried.append(target)
                // A certificate refused says more than another address at which nobody listens.
                if failure?.isTLS != true { failure = error }
                if self.loop.now >= deadline { throw HTTPClientError(.timedOut, upstream: self.upstream) }
                guard let next = self.addresses.targets.first(where: { other in !tried.contains { $0 === other } })
                else { throw self.explain(failure ?? error) }
                target = next
            }
        }
    }

    private func open(_ target: HTTPTarget, deadline: UInt64) async throws(IOError) -> TCPConnection {
        let limit = min(deadline, self.loop.now &+ self.configuration.connectTimeout.wholeNanoseconds)
        let connection = try await TCPConnection.connect(to: target.address, on: self.loop, deadline: limit)
        guard let host = target.secureHost else { return connection }
        do throws(IOError) {
            connection.setDeadline(min(deadline, self.loop.now &+ self.configuration.handshakeTimeout.wholeNanoseconds))
            try await connection.startTLS(self.session(with: host))
            connection.clearDeadline()
            return connection
        } catch {
            connection.close()
            throw error
        }
    }

    private func session(with host: String) throws(IOError) -> TLSSession {
        guard let context = self.configuration.tls else {
            preconditionFailure("the upstream \(self.upstream) has an https endpoint and no TLS context")
        }
        do throws(TLSError) { return try context.makeSession(connectingTo: host) } catch {
            throw IOError(.tls(error), in: "handshake")
        }
    }

    private func explain(_ error: IOError) -> HTTPClientError {
        if case .tls(let error) = error.reason { return HTTPClientError(.handshake(error), upstream: self.upstream) }
        return HTTPClientError(.connect(error), upstream: self.upstream)
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

    /// The less loaded of two addresses drawn at random among those not passed over.
    private func choose() -> HTTPTarget {
        var candidates = self.addresses.targets
        if candidates.count == 1 { return candidates[0] }
        let now = self.loop.now
        if candidates.contains(where: { $0.ejectedUntil > now }) {
            // All failed lately: the one whose rest ends first, rather than refuse unseen.
            let last = candidates.min { $0.ejectedUntil < $1.ejectedUntil }
            candidates.removeAll { $0.ejectedUntil > now && $0 !== last }
        }
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
}
