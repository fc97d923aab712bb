/// An answer rendered where its rows were read: between the database's bytes and the socket's nothing is built.
struct RenderedDocument: Sendable {
    /// JSON.
    let bytes: [UInt8]
    let tag: EntityTag
}

/// What a conditional read found.
enum ConditionalDocument: Sendable {
    /// The caller has this version already.
    case notModified(EntityTag)
    case document(RenderedDocument)
}

/// A page of products.
struct RenderedPage: Sendable {
    let answer: ConditionalDocument
    /// How many products match on all pages; nil when nothing was counted because the caller has the page already.
    let total: Int?
}

/// Reads what the shop offers.
protocol ProductCatalogue: Sendable {
    /// A page of products; with a tag in `known` that is current, only word of that.
    func page(_ query: ProductQuery, known: EntityTagCondition?) async throws -> RenderedPage
    /// One product; nil when it does not exist.
    func product(_ id: String, known: EntityTagCondition?) async throws -> ConditionalDocument?
    /// The whole tree of categories.
    func categories(known: EntityTagCondition?) async throws -> ConditionalDocument
    /// The known ones among `ids`, in their order.
    func offers(_ ids: [String]) async throws -> [ProductOffer]
    /// One product; nil when it does not exist.
    func details(_ id: String) async throws -> ProductDetails?
}

/// Changes what the shop offers. Each call is one transaction.
protocol CatalogueEditor: Sendable {
    /// - Throws: `CatalogueError.unknownCategory`.
    func create(_ draft: ProductDraft, id: String, actorID: String) async throws -> RenderedDocument
    /// - Throws: `CatalogueError.productNotFound`, `.productChanged`, `.unknownCategory`.
    func change(
        _ id: String, _ patch: ProductPatch, ifMatch: EntityTagCondition?, actorID: String
    ) async throws -> RenderedDocument
    /// Takes a product out of the catalogue; reservations of it stand.
    /// - Throws: `CatalogueError.productNotFound`, `.productChanged`.
    func remove(_ id: String, ifMatch: EntityTagCondition?) async throws

    /// - Throws: `CatalogueError`. Returns the category as JSON.
    func createCategory(_ draft: CategoryDraft, id: String) async throws -> [UInt8]
    /// - Throws: `CatalogueError`. Returns the category as JSON.
    func updateCategory(_ id: String, _ draft: CategoryDraft) async throws -> [UInt8]
    /// - Throws: `CatalogueError.categoryNotFound`, `.categoryHasProducts`, `.categoryHasChildren`.
    func removeCategory(_ id: String) async throws
}
