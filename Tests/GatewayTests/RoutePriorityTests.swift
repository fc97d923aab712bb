import HTTPCore
import Resilience
import Routing
import ServiceKit
import Telemetry
import TelemetryTesting
import Testing

@testable import Gateway

@Suite("What is refused first under load")
struct RoutePriorityTests {
    private static func names(_ priority: LoadPriority) -> Set<String> {
        Set(PublicRoute.table.filter { $0.priority == priority }.map { "\($0.method.name) \($0.template)" })
    }

    @Test("Placing an order goes before all else")
    func critical() {
        #expect(Self.names(.critical) == ["POST /api/v1/orders"])
    }

    @Test("Browsing goes first, and nothing else; it is what an older answer can stand in for")
    func sheddable() {
        #expect(
            Self.names(.sheddable) == [
                "GET /api/v1/products", "GET /api/v1/products/search", "GET /api/v1/products/{id}",
                "GET /api/v1/categories",
            ])
        #expect(PublicRoute.table.allSatisfy { $0.keepsAnswers == ($0.priority == .sheddable) })
        #expect(Self.names(.background).isEmpty)
    }

    @Test("Only what everybody sees alike is kept")
    func kept() {
        let kept = PublicRoute.table.filter(\.keepsAnswers)
        #expect(!kept.isEmpty)
        #expect(kept.allSatisfy { $0.method == .get && $0.access == .anyone })
    }

    @Test("The edge knows the priority of each route that is served; others are normal")
    func edge() async throws {
        let shop = try await GatewayFixture()
        var routes = RouteTable()
        shop.service.register(on: &routes)
        let edge = try #require(shop.service.edge)
        var expected = Dictionary(
            uniqueKeysWithValues: PublicRoute.table.map { ("\($0.method.name) \($0.template)", $0.priority) })
        expected["GET /openapi.json"] = .normal
        for route in routes.routes {
            #expect(edge.priority(of: route) == expected[route.spanName], "\(route.spanName)")
        }
        #expect(routes.routes.count == expected.count)
    }
}
