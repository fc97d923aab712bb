public import HTTPCore
import JSON
import Routing

/// Calls the cart service's internal routes. Every call may be repeated.
public struct CartClient: Sendable {
    private let transport: any TemplatedTransport

    /// - Parameter transport: bound to the cart service; carries the internal token.
    public init(_ transport: any TemplatedTransport) { self.transport = transport }

    /// The most bytes of an answer: 100 lines with names of 200 characters fit many times over.
    private static let answerBytesMax = 512 << 10

    /// What is in a user's cart, with the prices of this moment. A user without one has an empty cart.
    public func cart(of userID: String, deadline: Deadline) async throws(CartClientError) -> CartSnapshot {
        let path = "/internal/v1/carts/\(PercentEncoding.encode(userID))"
        let request = HTTPRequest(
            method: .get, path: path, query: nil, fields: [.accept: "application/json"], body: .empty)
        let response = try await self.send(request, CartPaths.cart, deadline)
        let bytes: [UInt8]
        do {
            bytes = try await response.body.collect(upTo: Self.answerBytesMax)
        } catch {
            throw .unanswered(isTimeout: (error as? any UpstreamFailure)?.isTimeout ?? false)
        }
        do throws(PayloadError) {
            return try CartSnapshot(reading: try JSONObject.parse(bytes))
        } catch {
            throw .unexpected(response.status, "the answer lacks a proper \(error.field)")
        }
    }

    /// Takes out of a cart what was in it at `version`; lines put in or changed since stay.
    public func clear(userID: String, version: Int, deadline: Deadline) async throws(CartClientError) {
        let path = "/internal/v1/carts/\(PercentEncoding.encode(userID))/clear"
        var writer = JSONWriter(capacity: 32)
        writer.beginObject()
        writer.field("version", version)
        writer.endObject()
        let request = HTTPRequest(
            method: .post, path: path, query: nil, fields: [.contentType: "application/json"],
            body: .bytes(writer.bytes))
        _ = try await self.send(request, CartPaths.clear, deadline)
    }

    private func send(
        _ request: HTTPRequest, _ template: String, _ deadline: Deadline
    ) async throws(CartClientError) -> HTTPResponse {
        let response: HTTPResponse
        do {
            response = try await self.transport.send(request, template: template, deadline: deadline)
        } catch {
            let failure = error as? any UpstreamFailure
            if failure?.requestWasNotSent ?? false { throw .unavailable(retryAfterSeconds: 1) }
            throw .unanswered(isTimeout: failure?.isTimeout ?? false)
        }
        guard response.status.isSuccess else { throw Self.refusal(await ReceivedProblem(response)) }
        return response
    }

    private static func refusal(_ problem: ReceivedProblem) -> CartClientError {
        switch problem.status.code {
        case 429, 503: .unavailable(retryAfterSeconds: problem.retryAfterSeconds ?? 1)
        case 504: .unanswered(isTimeout: true)
        default: .unexpected(problem.status, problem.detail)
        }
    }
}
