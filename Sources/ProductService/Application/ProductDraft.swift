/// Everything an admin says about a product; checked, apart from whether the category exists.
struct ProductDraft: Sendable, Hashable {
    var name: String
    var description: String
    var priceMinorUnits: Int
    /// Nil leaves the stock as it is; 0 for a new product.
    var stockQuantity: Int?
    /// A category's slug.
    var category: String
    var imageURL: String?
}

/// What changes about a product; nil leaves a field as it is.
struct ProductPatch: Sendable, Hashable {
    var name: String?
    var description: String?
    var priceMinorUnits: Int?
    var stockQuantity: Int?
    var category: String?
    /// `.some(nil)` takes the picture away.
    var imageURL: String??
}

/// The bounds of a product's fields.
enum ProductLimits {
    /// Unicode scalars.
    static let name = 1...200
    /// Unicode scalars.
    static let description = 0...5_000
    /// Minor units.
    static let price = 0...99_999_999
    static let stock = 0...1_000_000
    /// Bytes.
    static let imageURLBytesMax = 2_048
    /// Unicode scalars.
    static let reason = 1...200
    /// ISO 4217: the shop sells in one currency.
    static let currency = "USD"
}

/// A category as an admin describes it.
struct CategoryDraft: Sendable, Hashable {
    var name: String
    /// Nil: made of the name for a new category, kept for an old one.
    var slug: String?
    /// The id of the category above; nil for the top.
    var parentID: String?

    /// Unicode scalars.
    static let nameLength = 1...200
    /// ASCII characters.
    static let slugLengthMax = 100
    /// Levels of the tree.
    static let depthMax = 8
    /// Categories of a shop: the tree is answered as a whole.
    static let countMax = 1_000
}
