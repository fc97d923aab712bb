import HTTPCore
import OrderDomain
import Routing
import Synchronization

@testable import OrderService

/// Carts in memory, by the rules of the cart service, that can be taken down.
final class InMemoryCarts: CustomerCarts {
    struct Down: ProblemConvertible {
        var problem: Problem { .unavailable("The cart service cannot be reached.", code: "upstream-unavailable") }
    }

    private struct State {
        var carts: [String: CartForOrder] = [:]
        var hook: (@Sendable () async -> Void)?
        var isReadingDown = false
        var isClearingDown = false
    }

    private let state = Mutex(State())

    func put(_ lines: [RequestedLine], for userID: String) {
        self.state.withLock { state in
            let version = (state.carts[userID]?.version ?? 0) + 1
            state.carts[userID] = CartForOrder(version: version, lines: lines)
        }
    }

    func lines(of userID: String) -> [RequestedLine] { self.state.withLock { $0.carts[userID]?.lines ?? [] } }
    func setDown(reading: Bool = false, clearing: Bool = false) {
        self.state.withLock { state in
            state.isReadingDown = reading
            state.isClearingDown = clearing
        }
    }

    /// Runs `hook` once, before the next cart is read.
    func beforeReading(_ hook: @escaping @Sendable () async -> Void) { self.state.withLock { $0.hook = hook } }

    func cart(of userID: String, deadline: Deadline) async throws -> CartForOrder {
        let hook = self.state.withLock { state in
            defer { state.hook = nil }
            return state.hook
        }
        await hook?()
        return try self.state.withLock { state in
            if state.isReadingDown { throw Down() }
            return state.carts[userID] ?? CartForOrder(version: 0, lines: [])
        }
    }

    func clear(_ userID: String, version: Int, deadline: Deadline) async throws {
        try self.state.withLock { state in
            if state.isClearingDown { throw Down() }
            guard let cart = state.carts[userID], cart.version <= version else { return }
            state.carts[userID] = CartForOrder(version: cart.version + 1, lines: [])
        }
    }
}
