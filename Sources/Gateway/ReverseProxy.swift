import HTTPCore
import Routing
import ServiceKit

/// Passes a request on to the service behind its route and streams the answer back; bodies are never gathered.
struct ReverseProxy: Sendable {
    let client: UpstreamClient
    let needsBody: Bool
    /// What stands in for an answer that cannot be had; nil where nothing can.
    var pages: LastGoodPages?

    /// Fields of this connection (RFC 9110, section 7.6.1), and those that the proxy sets itself.
    private static let notForwarded = HTTPFieldNameSet([
        .connection, .contentLength, .expect, .forwarded, .host, .keepAlive, .proxyAuthenticate, .proxyAuthorization,
        .proxyConnection, .te, .trailer, .transferEncoding, .upgrade, .xForwardedFor, .xForwardedHost, .xForwardedProto,
        .xRealIP, .baggage, .traceparent, .tracestate,
    ])
    /// Fields of the connection to the service, and those that the edge sets itself.
    private static let notReturned = HTTPFieldNameSet([
        .connection, .contentLength, .date, .keepAlive, .proxyAuthenticate, .server, .serverTiming, .te, .trailer,
        .transferEncoding, .upgrade, .traceparent, .xRequestID, .xVitrineFailure,
    ])

    func forward(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        try Self.checkAccept(request)
        guard let pages = self.pages, request.method == .get else {
            return try await self.pass(request, context, context.deadline)
        }
        return try await pages.answer(of: self.client.name, request, context) {
            try await self.pass(request, context, $0)
        }
    }

    private func pass(
        _ request: HTTPRequest, _ context: RequestContext, _ deadline: Deadline
    ) async throws -> HTTPResponse {
        var outgoing = request
        outgoing.fields = self.forwardedFields(of: request, context)
        outgoing.body = try self.boundedBody(of: request, context.route)
        // HEAD takes the route of GET, and its own name.
        let spanName = request.method == context.route.method ? context.route.spanName : nil
        var response = try await self.client.send(
            outgoing, template: context.route.template, spanName: spanName, deadline: deadline)
        let nominated = Self.nominated(by: response.fields)
        // An answer to HEAD has no body to take the length from: what the service says is what GET would give.
        let length = request.method == .head ? response.fields[.contentLength] : nil
        response.fields = response.fields.removing(Self.notReturned, spareLines: 10, spareBytes: 640)
        if let length { response.fields.append(.contentLength, length) }
        for name in nominated { response.fields.remove(name) }
        return response
    }

    private func forwardedFields(of request: HTTPRequest, _ context: RequestContext) -> HTTPFields {
        var fields = request.fields.removing(Self.notForwarded, spareLines: 10, spareBytes: 512)
        for name in Self.nominated(by: request.fields) { fields.remove(name) }
        if let address = request.remoteAddress { fields.append(.xForwardedFor, address) }
        fields.append(.xForwardedProto, request.scheme)
        if let authority = request.authority { fields.append(.xForwardedHost, authority) }
        if let identity = context.identity {
            fields.append(.xVitrineUserID, identity.userID)
            fields.append(.xVitrineRoles, identity.isAdmin ? "admin" : "customer")
        }
        return fields
    }

    /// Fields that `connection` names are this connection's too.
    private static func nominated(by fields: HTTPFields) -> [HTTPFieldName] {
        var count = 0
        fields.forEachValue(of: .connection) { _ in count += 1 }
        // What most peers send names `keep-alive` alone, which is never passed on anyway.
        let namesNone = count == 0 || count == 1 && fields.valueEquals(.connection, ignoringCase: "keep-alive")
        guard !namesNone, let list = fields.combined(.connection) else { return [] }
        return list.split(separator: ",").compactMap { member in
            var name = member
            while name.first == " " || name.first == "\t" { name = name.dropFirst() }
            while name.last == " " || name.last == "\t" { name = name.dropLast() }
            return HTTPFieldName(name.lowercased())
        }
    }

    /// Bounds a body whose length is not announced while it streams through.
    private func boundedBody(of request: HTTPRequest, _ route: Route) throws -> HTTPBody {
        let limit = route.bodyBytesMax ?? 64 << 10
        if let length = request.body.length {
            guard length <= limit else { throw Problem.contentTooLarge(limit: limit) }
            if length == 0, self.needsBody, !request.fields.contains(.contentLength) {
                throw Problem(.lengthRequired, detail: "This needs a body: send content-length or chunks.")
            }
            return request.body
        }
        guard case .stream(let stream, _) = request.body else { return request.body }
        return .stream(BoundedBodyStream(stream, limit: limit), length: nil)
    }

    /// All answers are JSON; a caller that takes none of it is told before the work is done.
    private static func checkAccept(_ request: HTTPRequest) throws {
        if request.fields.valueEquals(.accept, ignoringCase: "application/json") { return }
        guard let accept = request.fields.combined(.accept) else { return }
        if accept == "*/*" || MediaRanges.allowJSON(accept) { return }
        throw Problem(.notAcceptable, detail: "Answers are application/json, which the accept field does not allow.")
    }
}
