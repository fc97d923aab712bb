import HTTPCore
import Resilience
public import Routing
public import ServiceKit

/// The only process that strangers reach: one routing table, and what stands between it and the outside.
public struct GatewayService: ShopService {
    public static var name: ServiceName { .gateway }

    private let platform: ServicePlatform
    public let edge: (any EdgePolicy)?
    private let upstreamHealth: UpstreamHealth
    private let pages: LastGoodPages

    public init(platform: ServicePlatform) async throws {
        self.platform = platform
        let settings = GatewaySettings(config: platform.config)
        self.edge = GatewayEdge(settings: settings, telemetry: platform.telemetry)
        self.pages = LastGoodPages(
            settings: FallbackSettings(ageMax: settings.fallbackAge), patience: settings.fallbackAfter,
            telemetry: platform.telemetry)
        self.upstreamHealth = UpstreamHealth(platform: platform)
    }

    public func register(on routes: inout RouteTable) {
        for route in PublicRoute.table {
            let proxy = ReverseProxy(
                client: self.platform.upstream(route.service), needsBody: route.needsBody,
                pages: route.keepsAnswers ? self.pages : nil)
            routes.add(
                route.method, route.template, access: route.access, timeout: route.timeout,
                bodyBytesMax: route.bodyBytesMax
            ) { try await proxy.forward($0, $1) }
        }
        routes.get("/openapi.json") { request, _ in Self.openAPI(request) }
    }

    private static func openAPI(_ request: HTTPRequest) -> HTTPResponse {
        var fields = HTTPFields()
        fields.append(.eTag, literal: OpenAPIDocument.entityTag)
        fields.append(.cacheControl, "no-cache")
        if request.fields[.ifNoneMatch] == "\(OpenAPIDocument.entityTag)" {
            return HTTPResponse(.notModified, fields: fields, body: .empty)
        }
        fields.append(.contentType, "application/json")
        return HTTPResponse(.ok, fields: fields, body: .bytes(Self.openAPIBytes))
    }

    /// Copied once rather than for every request, from strangers at that.
    private static let openAPIBytes: [UInt8] = {
        let text = OpenAPIDocument.json
        return Array(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }()

    /// A service that is down degrades the gateway and does not make it unready: the other routes still work.
    public var readiness: [ReadinessCheck] {
        ServiceName.allCases.filter { $0 != .gateway }.map { name in
            ReadinessCheck(name.rawValue, isRequired: false) { await self.upstreamHealth.check(name) }
        }
    }
}
