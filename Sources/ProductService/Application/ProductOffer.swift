/// What another service needs to price a line, and how much of the product can be bought.
struct ProductOffer: Sendable, Hashable {
    let id: String
    let name: String
    let priceMinorUnits: Int
    /// ISO 4217.
    let currency: String
    /// Units that can be reserved now.
    let availableQuantity: Int
}

/// A product with all that the shop says about it.
struct ProductDetails: Sendable, Hashable {
    let offer: ProductOffer
    let description: String
    /// The category's slug.
    let category: String
    let imageURL: String?
    /// Microseconds since 1970.
    let createdAt: Int
    /// Microseconds since 1970.
    let updatedAt: Int
}
