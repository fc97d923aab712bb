import HTTPCore
import HTTPEngine
import JSON
import Routing

/// The shop's admin listeners and the lab's, asked with the platform's own token.
struct ShopAdmin: Sendable {
    let services: [(service: String, upstream: HTTPUpstream)]
    /// Nil outside of a lab.
    let lab: HTTPUpstream?
    let token: String

    private static let answerBytesMax = 4 << 20
    private static let patience = Duration.seconds(3)

    /// What a service's listener answers.
    ///
    /// - Throws: `Problem`: the listener's own, 404 for a service that is not known, 502 where nothing answers.
    func ask(
        _ service: String, _ method: HTTPMethod, _ path: String, json: [UInt8]? = nil
    ) async throws -> [UInt8] {
        guard let upstream = self.services.first(where: { $0.service == service })?.upstream else {
            let known = self.services.map(\.service).joined(separator: ", ")
            throw Problem.notFound("'\(service.prefix(32))' is none of \(known.isEmpty ? "no services" : known).")
        }
        return try await self.ask(upstream, service, method, path, json)
    }

    /// What the supervisor answers.
    func askLab(_ method: HTTPMethod, _ path: String, json: [UInt8]? = nil) async throws -> [UInt8] {
        guard let lab = self.lab else {
            throw Problem(.serviceUnavailable, code: "no-lab", detail: "This is no lab.")
        }
        return try await self.ask(lab, "the lab", method, path, json)
    }

    private func ask(
        _ upstream: HTTPUpstream, _ name: String, _ method: HTTPMethod, _ path: String, _ json: [UInt8]?
    ) async throws -> [UInt8] {
        var fields = HTTPFields()
        fields.append(.xInternalToken, self.token)
        if json != nil { fields.append(.contentType, "application/json") }
        let response: HTTPResponse
        let body: [UInt8]
        do {
            response = try await upstream.send(
                HTTPRequest(method, path, fields: fields, body: json.map(HTTPBody.bytes) ?? .empty),
                deadline: .after(Self.patience))
            body = try await response.body.collect(upTo: Self.answerBytesMax)
        } catch {
            throw Problem(HTTPStatus(502), code: "not-reached", detail: "\(name) does not answer: \(error)")
        }
        guard (200..<300).contains(response.status.code) else {
            let said = (try? JSONValue(parsing: body))?["detail"]?.string ?? "status \(response.status.code)"
            throw Problem(response.status, detail: "\(name): \(said)")
        }
        return body
    }
}
