import HTTPCore

/// Where carts are kept.
protocol CartRepository: Sendable {
    /// The user's cart; an empty one when there is none.
    func cart(of userID: String) async throws -> Cart

    /// Changes a cart in one transaction and gives it as it is then; an error of `body` leaves it as it was.
    func change(_ userID: String, now: Int, _ body: @escaping @Sendable (inout Cart) throws -> Void) async throws
        -> Cart

    /// Forgets carts not touched since `instant`, at most `limit` of them, and says how many.
    func removeCarts(untouchedSince instant: Int, limit: Int) async throws -> Int
}

/// What the cart knows of products.
protocol ProductCatalogue: Sendable {
    /// Looks products up; unknown ones are left out.
    /// - Throws: when the catalogue cannot be asked now.
    func products(_ ids: [String], deadline: Deadline) async throws -> [CatalogueProduct]
}

/// A product as a cart shows it.
struct CatalogueProduct: Sendable, Hashable {
    let id: String
    let name: String
    let priceMinorUnits: Int
    let currency: String
    /// Units that can be bought now.
    let availableQuantity: Int
}
