import HTTPCore
import Routing
import Security
import Telemetry

/// What admins may do to categories.
struct CategoryRoutes: Sendable {
    let editor: any CatalogueEditor

    func register(on routes: inout RouteTable) {
        routes.post("/api/v1/categories", access: .admin, self.create)
        routes.put("/api/v1/categories/{id}", access: .admin, self.update)
        routes.delete("/api/v1/categories/{id}", access: .admin, self.remove)
    }

    private func create(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        let draft = try Self.draft(try await request.payload(context))
        let id = UUIDv7().description
        let category = try await self.editor.createCategory(draft, id: id)
        context.telemetry.log.info(
            "category created", [.categoryID(id)], in: context.span.context)
        return .rendered(category, status: .created)
    }

    private func update(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        let draft = try Self.draft(try await request.payload(context))
        let id = try context.id("id")
        let category = try await self.editor.updateCategory(id, draft)
        context.telemetry.log.info(
            "category changed", [.categoryID(id)], in: context.span.context)
        return .rendered(category)
    }

    private func remove(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        let id = try context.id("id")
        try await self.editor.removeCategory(id)
        context.telemetry.log.info(
            "category removed", [.categoryID(id)], in: context.span.context)
        return .noContent
    }

    private static func draft(_ reader: consuming PayloadReader) throws -> CategoryDraft {
        let draft = CategoryDraft(
            name: reader.string("name", length: CategoryDraft.nameLength),
            slug: reader.optionalString("slug", length: 1...CategoryDraft.slugLengthMax),
            parentID: reader.optionalID("parent_id"))
        if let slug = draft.slug, !Self.isSlug(slug) {
            reader.reject("slug", "must be words of a-z and 0-9 with single hyphens between them")
        }
        try reader.validate()
        return draft
    }

    private static func isSlug(_ text: String) -> Bool { SeedProduct.slug(of: text) == text }
}
