import HTTPCore
import Routing
import ServiceKit
import Telemetry

/// What stands before everything that the page's listener answers: who may, then whose part it is.
struct ConsoleFront: HTTPResponder {
    let access: ConsoleAccess
    let page: PageFiles
    let forwards: [ForwardedPart]
    /// The query APIs.
    let routes: RequestPipeline

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        var response: HTTPResponse
        do {
            response = try await self.answer(request)
        } catch let problem as Problem {
            response = problem.response(instance: request.path, traceID: "")
        } catch {
            response = Problem(HTTPStatus(502), detail: "\(error)").response(instance: request.path, traceID: "")
        }
        Self.protect(&response)
        return response
    }

    private func answer(_ request: HTTPRequest) async throws -> HTTPResponse {
        if request.path == "/login" { return try self.access.logIn(request) }
        try self.access.check(request)
        for part in self.forwards where request.path.hasPrefix(part.prefix) { return try await part.answer(request) }
        if request.method == .get || request.method == .head, let file = self.page.answer(request.path, request) {
            return file
        }
        return await self.routes.respond(to: request)
    }

    /// What a browser may do with an answer: nothing that came from elsewhere, and no script but the page's own files.
    /// Telemetry is text whoever sent it.
    private static func protect(_ response: inout HTTPResponse) {
        response.fields.remove(.contentSecurityPolicy)
        response.fields.append(
            .contentSecurityPolicy,
            "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'")
        if !response.fields.contains(.xContentTypeOptions) {
            response.fields.append(.xContentTypeOptions, "nosniff")
        }
        if !response.fields.contains(.referrerPolicy) { response.fields.append(.referrerPolicy, "no-referrer") }
    }
}
