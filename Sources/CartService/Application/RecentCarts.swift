import Synchronization

/// Which products were in the carts that were changed of late: a guess at what a user's cart holds, so that adding to
/// it need not read it first.
///
/// A wrong guess costs a second look-up of products and nothing else. Two generations bound it: when the young one is
/// full it becomes the old one, and the old one is forgotten.
final class RecentCarts: Sendable {
    private struct State: Sendable {
        var young: [String: [String]] = [:]
        var old: [String: [String]] = [:]
    }

    private let state = Mutex(State())
    private let generationMax: Int

    /// - Parameter generationMax: carts of one generation; up to twice as many are remembered.
    init(generationMax: Int = 2_048) { self.generationMax = generationMax }

    /// The products that were in a user's cart when it was changed last; nil when that is forgotten.
    func productIDs(of userID: String) -> [String]? {
        self.state.withLock { $0.young[userID] ?? $0.old[userID] }
    }

    func note(_ cart: Cart) {
        let ids = cart.lines.map(\.productID)
        self.state.withLock { state in
            if state.young.count >= self.generationMax, state.young[cart.userID] == nil {
                state.old = state.young
                state.young = [:]
            }
            state.young[cart.userID] = ids
        }
    }
}
