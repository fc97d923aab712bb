import HTTPCore
import Routing
import Security
import ServiceKit
import Telemetry

/// What admins may do to products.
struct ProductAdminRoutes: Sendable {
    let editor: any CatalogueEditor

    /// A description of 5000 characters, each escaped as a surrogate pair, and the rest.
    private static let bodyBytesMax = 128 << 10

    func register(on routes: inout RouteTable) {
        routes.post("/api/v1/products", access: .admin, bodyBytesMax: Self.bodyBytesMax, self.create)
        routes.put("/api/v1/products/{id}", access: .admin, bodyBytesMax: Self.bodyBytesMax, self.replace)
        routes.patch("/api/v1/products/{id}", access: .admin, bodyBytesMax: Self.bodyBytesMax, self.update)
        routes.delete("/api/v1/products/{id}", access: .admin, self.remove)
    }

    private func create(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        let admin = try context.require(.admin)
        let draft = try ProductPayloads.draft(try await request.payload(context))
        let id = UUIDv7().description
        let document = try await self.editor.create(draft, id: id, actorID: admin.userID)
        context.telemetry.log.info(
            "product created", [.productID(id), .categorySlug(draft.category)], in: context.span.context)
        return .document(document, status: .created, location: "/api/v1/products/\(id)")
    }

    /// What is left out takes its default, except the stock, which stays as it is: it moves while the admin types.
    private func replace(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        let draft = try ProductPayloads.draft(try await request.payload(context))
        let patch = ProductPatch(
            name: draft.name, description: draft.description, priceMinorUnits: draft.priceMinorUnits,
            stockQuantity: draft.stockQuantity, category: draft.category, imageURL: .some(draft.imageURL))
        return try await self.change(patch, request, context)
    }

    private func update(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        let (reader, nulls) = try await request.mergePayload(context)
        return try await self.change(try ProductPayloads.patch(reader, nulls: nulls), request, context)
    }

    private func change(
        _ patch: ProductPatch, _ request: HTTPRequest, _ context: RequestContext
    ) async throws -> HTTPResponse {
        let admin = try context.require(.admin)
        let id = try context.id("id")
        let document = try await self.editor.change(
            id, patch, ifMatch: EntityTagCondition(request.fields, .ifMatch), actorID: admin.userID)
        context.telemetry.log.info("product changed", [.productID(id)], in: context.span.context)
        return .document(document)
    }

    private func remove(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        let id = try context.id("id")
        try await self.editor.remove(id, ifMatch: EntityTagCondition(request.fields, .ifMatch))
        context.telemetry.log.info("product removed", [.productID(id)], in: context.span.context)
        return .noContent
    }
}
