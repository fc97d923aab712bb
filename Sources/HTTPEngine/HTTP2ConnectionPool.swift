import HTTPCore
import NetworkIO

/// A connection of HTTP/2 that is being opened, and what became of it.
final class HTTP2ConnectAttempt: @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: confined to the pool's loop.
    var failure: IOError?
}

/// One loop's connections of HTTP/2 to one upstream: as a rule one for each address.
final class HTTP2ConnectionPool: @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: confined to `loop`'s thread; `HTTP2Upstream` calls it there only.

    let upstream: String
    let loop: EventLoop
    let configuration: HTTPClientConfiguration
    let statistics: HTTPUpstreamStatistics
    private let addresses: HTTPAddressBook
    private let queue: CallQueue
    private let connector: HTTPConnector
    private var balancer: HTTPBalancer

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
        self.connector = HTTPConnector(upstream: upstream, loop: loop, configuration: configuration)
        self.balancer = HTTPBalancer(ejectionMax: configuration.ejectionMax)
    }

    // MARK: Connections for calls

    /// A connection with room for a call; opens one, or waits, when there is none.
    /// - Parameter deadline: nanoseconds of the monotonic clock.
    func connection(deadline: UInt64) async throws -> HTTP2ClientConnection {
        try await self.addresses.prepare(deadline: deadline)
        var tried: [HTTPTarget] = []
        var failure: IOError?
        var hasWaited = false
        while true {
            guard let target = self.choose(except: tried) else {
                throw failure.map(self.connector.explain) ?? HTTPClientError(.timedOut, upstream: self.upstream)
            }
            if let connection = target.shared.first(where: \.hasRoom) { return connection }
            let attempt = self.attempt(target)
            // While all connections of the chosen address are full, another's may do.
            if attempt == nil, let other = self.connectionWithRoom(except: tried) { return other }
            try await self.wait(until: deadline, again: hasWaited)
            hasWaited = true
            if let attempt, let error = attempt.failure {
                tried.append(target)
                // A certificate refused says more than another address at which nobody listens.
                if failure?.isTLS != true { failure = error }
                if self.loop.now >= deadline { throw HTTPClientError(.timedOut, upstream: self.upstream) }
            }
        }
    }

    private func choose(except tried: [HTTPTarget]) -> HTTPTarget? {
        var targets = self.addresses.targets
        if !tried.isEmpty { targets.removeAll { target in tried.contains { $0 === target } } }
        return targets.isEmpty ? nil : self.balancer.choose(among: targets, at: self.loop.now)
    }

    private func connectionWithRoom(except tried: [HTTPTarget]) -> HTTP2ClientConnection? {
        let now = self.loop.now
        for target in self.addresses.targets where self.balancer.restEnd(of: target) <= now {
            if tried.contains(where: { $0 === target }) { continue }
            if let connection = target.shared.first(where: \.hasRoom) { return connection }
        }
        return nil
    }

    /// The attempt under way, or a new one if the address may have another connection.
    private func attempt(_ target: HTTPTarget) -> HTTP2ConnectAttempt? {
        if let attempt = target.attempt { return attempt }
        let serving = target.shared.count { !$0.isRetired }
        guard serving < self.configuration.connectionsPerAddressMax else { return nil }
        let attempt = HTTP2ConnectAttempt()
        target.attempt = attempt
        self.statistics.opened()
        // Not the caller's task: others wait for the connection too, and the caller may have little time.
        _ = Task(executorPreference: self.loop) { await self.open(target, attempt) }
        return attempt
    }

    private func open(_ target: HTTPTarget, _ attempt: HTTP2ConnectAttempt) async {
        do throws(IOError) {
            let connection = try await self.connector.open(target, deadline: .max)
            target.attempt = nil
            target.failures = 0
            target.ejectedUntil = 0
            let client = HTTP2ClientConnection(connection, target: target, pool: self)
            target.shared.append(client)
            if !target.isCurrent { client.retire() }
            self.queue.resumeAll()
            await client.run()
        } catch {
            target.attempt = nil
            attempt.failure = error
            self.statistics.closed()
            self.passOver(target)
            self.queue.resumeAll()
        }
    }

    func connectionClosed(_ client: HTTP2ClientConnection) {
        client.target.shared.removeAll { $0 === client }
        self.statistics.closed()
        self.queue.resumeFirst()
    }

    /// A call may go on that waits for room.
    func roomAppeared() { self.queue.resumeFirst() }

    func passOver(_ target: HTTPTarget) { self.balancer.passOver(target, at: self.loop.now) }

    func setEjected(_ endpoint: HTTPEndpoint, until instant: UInt64) {
        self.balancer.setEjected(endpoint, until: instant)
        self.queue.resumeAll()
    }

    func closeIdle() {
        for target in self.addresses.targets { target.closeIdle() }
    }

    // MARK: Waiting

    private func wait(until deadline: UInt64, again: Bool) async throws {
        // A call that waits again keeps its place: somebody who came later was quicker.
        guard again || self.queue.count < self.configuration.queueMax else {
            throw HTTPClientError(.queueFull, upstream: self.upstream)
        }
        self.statistics.began()
        let isTurn = await self.queue.wait(until: deadline, asFirst: again)
        self.statistics.ended()
        if isTurn, self.loop.now < deadline, !Task.isCancelled { return }
        // The turn of a call that is too late is the next one's.
        if isTurn { self.queue.resumeFirst() }
        try Task.checkCancellation()
        throw HTTPClientError(.timedOut, upstream: self.upstream)
    }
}
