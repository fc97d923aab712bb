import HTTPCore
import Routing
import ServiceKit

/// Answers `Hello, world!`: what remains is the platform's own cost, span, log line and metrics included.
struct PlaintextService: ShopService {
    static var name: ServiceName { .product }

    private static let text = Array("Hello, world!".utf8)

    init(platform: ServicePlatform) async throws {}

    func register(on routes: inout RouteTable) {
        routes.get("/plaintext") { _, _ in Self.answer() }
        // A public path, so that the gateway's own routing table leads here.
        routes.get("/api/v1/products/{id}") { _, _ in Self.answer() }
    }

    private static func answer() -> HTTPResponse {
        var fields = HTTPFields()
        fields.append(.contentType, literal: "text/plain")
        return HTTPResponse(.ok, fields: fields, body: .bytes(self.text))
    }
}
