import HTTPCore
import Routing
import Telemetry

/// The attributes of a request's span and log line: one array serves both.
///
/// Source: OpenTelemetry semantic conventions, HTTP spans, "HTTP server".
enum RequestAttributes {
    static func make(
        _ request: HTTPRequest, _ route: Route?, status: HTTPStatus, failure: RequestFailure?, errorType: String?,
        nanoseconds: UInt64, baggage: Baggage
    ) -> [Attribute] {
        var attributes: [Attribute] = []
        attributes.reserveCapacity(12)
        attributes.append(.httpRequestMethod(request.method.telemetryName))
        if case .other(let name) = request.method { attributes.append(.httpRequestMethodOriginal(name)) }
        if let route { attributes.append(.httpRoute(route.template)) }
        attributes.append(.urlPath(request.path))
        attributes.append(.urlScheme(request.scheme))
        attributes.append(.httpResponseStatusCode(status.code))
        // Our queries hold search terms, pages and ids; secrets travel in fields and bodies. The client's address is
        // personal and would be redacted, so it is left out altogether.
        if let query = request.query { attributes.append(.urlQuery(query)) }
        if let agent = request.fields[.userAgent] { attributes.append(.userAgentOriginal(agent)) }
        if let id = request.fields[.xRequestID] { attributes.append(.requestID(id)) }
        // Generated load says so, and so do the spans it causes.
        if let type = baggage["user_agent.synthetic.type"] { attributes.append(.userAgentSyntheticType(type)) }
        if let errorType { attributes.append(.errorType(errorType)) }
        if let failure { attributes.append(.errorMessage(failure.text)) }
        attributes.append(.requestMicroseconds(Int(nanoseconds / 1_000)))
        return attributes
    }

    /// What `make` makes; `error.type` is every span's.
    static var declared: [any DeclaredAttribute] {
        [
            Attribute.httpRequestMethod, Attribute.httpRequestMethodOriginal, Attribute.httpRoute, Attribute.urlPath,
            Attribute.urlScheme, Attribute.httpResponseStatusCode, Attribute.urlQuery, Attribute.userAgentOriginal,
            Attribute.requestID, Attribute.errorMessage, Attribute.requestMicroseconds,
            Attribute.userAgentSyntheticType,
        ]
    }
}

extension HTTPMethod {
    /// The method as telemetry knows it: `_OTHER` for those not in RFC 9110 and RFC 5789, so that no stranger can make
    /// series at will.
    var telemetryName: String {
        if case .other = self { return "_OTHER" }
        return self.name
    }
    /// The method in a span's name: what the attribute calls `_OTHER` is `HTTP` there (HTTP spans, "Name").
    var spanName: String {
        if case .other = self { return "HTTP" }
        return self.name
    }
}
