import HTTPCore
import Routing
import Telemetry

/// What everybody may read: lists, search, single products, the category tree.
struct ProductRoutes: Sendable {
    private let catalogue: any ProductCatalogue
    private let hits: CounterSeries
    private let misses: CounterSeries

    init(_ catalogue: any ProductCatalogue, telemetry: Telemetry) {
        self.catalogue = catalogue
        let searches = telemetry.metrics.counter(ProductMetrics.searches)
        self.hits = searches.series(.hit)
        self.misses = searches.series(.empty)
    }

    func register(on routes: inout RouteTable) {
        routes.get("/api/v1/products", self.list)
        routes.get("/api/v1/products/search", self.search)
        routes.get("/api/v1/products/{id}", self.product)
        routes.get("/api/v1/categories", self.categories)
    }

    private func list(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        try await self.page(ProductListRequest.list(context.query), request, context)
    }

    private func search(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        try await self.page(ProductListRequest.search(context.query), request, context)
    }

    private func page(
        _ query: ProductQuery, _ request: HTTPRequest, _ context: RequestContext
    ) async throws -> HTTPResponse {
        let page = try await self.catalogue.page(query, known: EntityTagCondition(request.fields, .ifNoneMatch))
        if let search = query.filter.search, let total = page.total { self.record(search, total, context) }
        return .conditional(page.answer)
    }

    private func record(_ search: SearchExpression, _ total: Int, _ context: RequestContext) {
        (total > 0 ? self.hits : self.misses).add(1)
        context.span.setAttributes([.searchTerms(search.words.count), .searchResults(total)])
    }

    private func product(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        let known = EntityTagCondition(request.fields, .ifNoneMatch)
        guard let answer = try await self.catalogue.product(context.id("id"), known: known) else {
            throw CatalogueError.productNotFound
        }
        return .conditional(answer)
    }

    private func categories(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        .conditional(try await self.catalogue.categories(known: EntityTagCondition(request.fields, .ifNoneMatch)))
    }
}
