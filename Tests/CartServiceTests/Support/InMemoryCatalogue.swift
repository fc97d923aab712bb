import HTTPCore
import Routing
import Synchronization

@testable import CartService

/// A catalogue in memory that can be taken down, and counts how often it is asked.
final class InMemoryCatalogue: ProductCatalogue {
    struct Down: ProblemConvertible {
        var problem: Problem { .unavailable("The product service cannot be reached.", code: "upstream-unavailable") }
    }

    private struct State {
        var products: [String: CatalogueProduct] = [:]
        var isDown = false
        var calls: [[String]] = []
    }

    private let state = Mutex(State())

    init(_ products: [CatalogueProduct] = []) {
        self.state.withLock { state in for product in products { state.products[product.id] = product } }
    }

    func put(_ product: CatalogueProduct) { self.state.withLock { $0.products[product.id] = product } }
    func remove(_ id: String) { self.state.withLock { $0.products[id] = nil } }
    func setDown(_ isDown: Bool) { self.state.withLock { $0.isDown = isDown } }
    /// The ids of each call so far.
    var calls: [[String]] { self.state.withLock { $0.calls } }

    func products(_ ids: [String], deadline: Deadline) async throws -> [CatalogueProduct] {
        try self.state.withLock { state in
            state.calls.append(ids)
            if state.isDown { throw Down() }
            return ids.compactMap { state.products[$0] }
        }
    }
}

/// Products that tests put into carts.
enum Sample {
    static let mug = CatalogueProduct(
        id: "01900000-0000-7000-8000-00000000004b", name: "Stoneware Mug", priceMinorUnits: 14_00, currency: "USD",
        availableQuantity: 10)
    static let lamp = CatalogueProduct(
        id: "01900000-0000-7000-8000-000000000001", name: "Desk \"Lamp\"", priceMinorUnits: 89_99, currency: "USD",
        availableQuantity: 2)
    static let unknown = "01900000-0000-7000-8000-00000000ffff"

    static func many(_ count: Int) -> [CatalogueProduct] {
        (0..<count).map { number in
            let digits = String(number)
            let id = "01900000-0000-7000-9000-" + String(repeating: "0", count: 12 - digits.count) + digits
            return CatalogueProduct(
                id: id, name: "Product \(number)", priceMinorUnits: 1_00, currency: "USD", availableQuantity: 5)
        }
    }
}
