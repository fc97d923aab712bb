import NetworkIO

/// The addresses of an upstream's endpoints on one loop, looked up anew from time to time.
///
/// Only the first calls wait for the look-up; later ones go on with what is known while it runs.
final class HTTPAddressBook: @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: confined to `loop`'s thread; the look-up's task runs there too.

    private(set) var targets: [HTTPTarget] = []
    private let upstream: String
    private let endpoints: [HTTPEndpoint]
    private let loop: EventLoop
    private let resolver: NameResolver
    private let queue: CallQueue
    private let isNumeric: Bool
    private var isResolving = false
    private var resolvedUntil: UInt64 = 0
    private var failure = ""
    /// Nanoseconds for which a look-up's answer is used; the resolver behind keeps answers too.
    private static let lifetime: UInt64 = 5_000_000_000

    init(upstream: String, endpoints: [HTTPEndpoint], loop: EventLoop, resolver: NameResolver) {
        self.upstream = upstream
        self.endpoints = endpoints
        self.loop = loop
        self.resolver = resolver
        self.queue = CallQueue(loop: loop)
        let numeric = endpoints.compactMap { endpoint in
            SocketAddress(numericHost: endpoint.host, port: endpoint.port).map {
                Place(address: $0, endpoint: endpoint)
            }
        }
        self.isNumeric = numeric.count == endpoints.count
        if self.isNumeric { self.adopt(numeric) }
    }

    /// Makes sure that there is at least one address.
    func prepare(deadline: UInt64) async throws(HTTPClientError) {
        guard !self.isNumeric, self.resolvedUntil <= self.loop.now else { return }
        if !self.isResolving { self.beginResolving() }
        guard self.targets.isEmpty else { return }
        let isDone = await self.queue.wait(until: deadline)
        guard isDone else { throw HTTPClientError(.timedOut, upstream: self.upstream) }
        if self.targets.isEmpty { throw HTTPClientError(.resolve(self.failure), upstream: self.upstream) }
    }

    private func beginResolving() {
        self.isResolving = true
        _ = Task(executorPreference: self.loop) { [self] in
            await self.resolve()
            self.isResolving = false
            self.queue.resumeAll()
        }
    }

    private func resolve() async {
        var places: [Place] = []
        for endpoint in self.endpoints {
            do {
                let addresses = try await self.resolver.resolve(endpoint.host, port: endpoint.port)
                places += addresses.map { Place(address: $0, endpoint: endpoint) }
            } catch {
                self.failure = "\(error)"
            }
        }
        // Without an answer the addresses of before serve on; without any at all the next call asks again.
        if !places.isEmpty { self.adopt(places) }
        self.resolvedUntil = self.targets.isEmpty ? 0 : self.loop.now &+ Self.lifetime
    }

    /// An address and the endpoint it was found for.
    private struct Place {
        let address: SocketAddress
        let endpoint: HTTPEndpoint

        func isServed(by target: HTTPTarget) -> Bool { target.serves(self.address, of: self.endpoint) }
    }

    private func adopt(_ places: [Place]) {
        let known = self.targets
        var targets: [HTTPTarget] = []
        for place in places where !targets.contains(where: place.isServed) {
            targets.append(known.first(where: place.isServed) ?? HTTPTarget(place.address, of: place.endpoint))
        }
        self.targets = targets
        for target in known where !places.contains(where: { $0.isServed(by: target) }) {
            target.isCurrent = false
            target.closeIdle()
            for connection in target.shared { connection.retire() }
        }
    }
}
