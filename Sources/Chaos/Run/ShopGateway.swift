import HTTPCore
import HTTPEngine
import JSON
import NetworkIO

/// Asks the shop's public API, each request with a trace of its own.
final class ShopGateway: Sendable {
    private let loops: EventLoopGroup
    private let upstream: HTTPUpstream

    private static let answerBytesMax = 4 << 20

    init(_ endpoint: HTTPEndpoint) throws {
        self.loops = try EventLoopGroup(count: 1)
        self.upstream = HTTPUpstream(
            name: "gateway", endpoints: [endpoint], loops: self.loops,
            resolver: NameResolver(executor: BlockingExecutor(name: "names", threads: 1, queueLimit: 16)))
    }

    deinit { self.loops.stop() }

    /// A request that must be answered with one of these.
    ///
    /// - Throws: `CannotRun`.
    func json(
        _ method: HTTPMethod, _ path: String, body: String? = nil, expecting statuses: Set<Int>
    ) async throws -> JSONValue {
        let request = Self.request(method, path, token: nil, body: body, idempotencyKey: nil)
        do {
            let response = try await self.upstream.send(request, deadline: .after(.seconds(10)))
            let bytes = try await response.body.collect(upTo: Self.answerBytesMax)
            guard statuses.contains(response.status.code) else {
                throw CannotRun("\(method) \(path) answers \(response.status)")
            }
            return try JSONValue(parsing: bytes)
        } catch let error as CannotRun {
            throw error
        } catch {
            throw CannotRun("\(method) \(path): \(error)")
        }
    }

    /// A request that may fail, and how it ended.
    func probe(
        _ step: String, _ method: HTTPMethod, _ path: String, _ at: Double, _ clock: RunClock, token: String? = nil,
        body: String? = nil, idempotencyKey: String? = nil
    ) async -> (outcome: RequestOutcome, body: [UInt8]) {
        let request = Self.request(method, path, token: token, body: body, idempotencyKey: idempotencyKey)
        var answer: HTTPResponse?
        var bytes: [UInt8] = []
        do {
            let response = try await self.upstream.send(
                request, deadline: .after(.milliseconds(Int(ProbeShopper.timeout * 1_000))))
            bytes = try await response.body.collect(upTo: Self.answerBytesMax)
            answer = response
        } catch {
            // No whole answer: status 0 says so.
        }
        let fields = answer?.fields ?? HTTPFields()
        let outcome = RequestOutcome(
            at: at, step: step, status: answer?.status.code ?? 0, seconds: clock.now - at,
            hasRetryAfter: fields[.retryAfter] != nil, isStale: fields["warning"] != nil,
            traceID: fields["traceparent"].flatMap(Self.traceID))
        return (outcome, bytes)
    }

    private static func request(
        _ method: HTTPMethod, _ path: String, token: String?, body: String?, idempotencyKey: String?
    ) -> HTTPRequest {
        var fields = HTTPFields()
        fields.append("baggage", "shop.synthetic=true")
        if let token { fields.append(.authorization, "Bearer \(token)") }
        if body != nil { fields.append(.contentType, "application/json") }
        if let idempotencyKey { fields.append("idempotency-key", idempotencyKey) }
        return HTTPRequest(method, path, fields: fields, body: body.map { .bytes(Array($0.utf8)) } ?? .empty)
    }

    /// The second part of `00-<trace>-<span>-<flags>`.
    private static func traceID(_ traceparent: String) -> String? {
        let parts = traceparent.split(separator: "-")
        return parts.count == 4 ? String(parts[1]) : nil
    }
}
