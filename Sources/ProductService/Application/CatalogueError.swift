/// Why the catalogue refuses a change.
enum CatalogueError: Error, Sendable, Hashable {
    case productNotFound
    case categoryNotFound
    /// The product is no longer what the caller based the change on.
    case productChanged
    /// The field names a category that does not exist.
    case unknownCategory(field: String)
    case slugTaken(String)
    /// The name has no letter or digit a slug could be made of.
    case slugMissing
    /// The category above would be the category itself or one below it.
    case categoryCycle
    case categoryTooDeep
    case tooManyCategories
    case categoryHasProducts(Int)
    case categoryHasChildren(Int)
}
