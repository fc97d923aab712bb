import Synchronization

/// What is known of the catalogue now, and whether something in it has run out.
final class Shelves: Sendable {
    private struct State: Sendable {
        var catalogue = Catalogue.empty
        var isShort = false
    }
    private let state = Mutex(State())

    var catalogue: Catalogue { self.state.withLock { $0.catalogue } }

    /// Takes what a list has shown as the catalogue, unless there is one.
    func learn(_ products: [(id: String, name: String, category: String)]) {
        let catalogue = Catalogue(products: products)
        self.state.withLock { if $0.catalogue.isEmpty { $0.catalogue = catalogue } }
    }

    /// A product was out of stock.
    func noteShortage() { self.state.withLock { $0.isShort = true } }

    /// Whether a product was out of stock since the last call.
    func takeShortage() -> Bool {
        self.state.withLock { state in
            defer { state.isShort = false }
            return state.isShort
        }
    }
}
