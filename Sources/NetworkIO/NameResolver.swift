import CSystem
import Glibc
import Synchronization

/// Resolves host names with `getaddrinfo(3)` off the loops, and keeps the answers for a while.
///
/// A look-up that fails while an older answer is known gives the older answer: a name server's outage does not take
/// down connections to hosts that have not moved.
public final class NameResolver: Sendable {
    private struct Entry: Sendable {
        var addresses: [SocketAddress]
        var freshUntil: UInt64
    }
    private let executor: BlockingExecutor
    private let lifetime: Duration
    private let cache = Mutex<[String: Entry]>([:])
    /// Names kept at most; the set of upstreams is configuration, so this is never reached by requests.
    private static let entriesMax = 256

    /// - Parameter lifetime: how long an answer is used without asking again; 10 s by default, so that instances that
    ///   come and go behind a name are followed.
    public init(executor: BlockingExecutor, lifetime: Duration = .seconds(10)) {
        self.executor = executor
        self.lifetime = lifetime
    }

    /// All addresses of a host with the given port, at least one.
    /// - Throws: `NameResolutionError` when the name is unknown or cannot be looked up, and nothing older is known.
    public func resolve(_ host: String, port: Int) async throws -> [SocketAddress] {
        if let numeric = SocketAddress(numericHost: host, port: port) { return [numeric] }
        let key = "\(host):\(port)"
        let now = vitrine_monotonic_nanoseconds()
        let (known, isFresh) = self.cache.withLock { cache -> (Entry?, Bool) in
            guard let known = cache[key] else { return (nil, false) }
            // One caller asks anew; the others go on with the old answer meanwhile instead of asking too.
            if known.freshUntil <= now { cache[key]?.freshUntil = now &+ self.lifetime.wholeNanoseconds }
            return (known, known.freshUntil > now)
        }
        if let known, isFresh { return known.addresses }
        do {
            let addresses = try await self.executor.run { try Self.lookUp(host, port: port) }
            let entry = Entry(addresses: addresses, freshUntil: now &+ self.lifetime.wholeNanoseconds)
            self.cache.withLock { cache in
                if cache.count >= Self.entriesMax { cache.removeAll() }
                cache[key] = entry
            }
            return addresses
        } catch {
            if let known { return known.addresses }
            throw error
        }
    }

    private static func lookUp(_ host: String, port: Int) throws -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &list)
        guard code == 0 else { throw NameResolutionError(host: host, reason: String(cString: gai_strerror(code))) }
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = list
        while let entry = next {
            if let raw = entry.pointee.ai_addr, let address = SocketAddress(raw), !addresses.contains(address) {
                addresses.append(address)
            }
            next = entry.pointee.ai_next
        }
        guard !addresses.isEmpty else { throw NameResolutionError(host: host, reason: "no address") }
        return addresses
    }
}

public struct NameResolutionError: Error, Sendable, Hashable, CustomStringConvertible {
    public let host: String
    public let reason: String
    public var description: String { "cannot resolve \(self.host): \(self.reason)" }
}
