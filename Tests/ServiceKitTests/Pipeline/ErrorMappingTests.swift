import HTTPCore
import JSON
import Routing
import Telemetry
import Testing

@testable import HTTPEngine
@testable import Persistence

@Suite("What a caller is told about a failure")
struct ErrorMappingTests {
    private struct Secret: Error, CustomStringConvertible {
        var description: String { "password hunter2 at /var/lib/secret" }
    }
    private struct Declined: ProblemConvertible {
        var problem: Problem { .paymentRequired("The card was declined.") }
    }

    private func answer(_ error: any Error) async -> (response: HTTPResponse, fixture: PipelineFixture) {
        let fixture = PipelineFixture { $0.get("/things") { _, _ in throw error } }
        return (await fixture.send(.get, "/things?secret=1"), fixture)
    }

    @Test("A problem is answered as it is, with where and in which trace it happened")
    func problem() async throws {
        let thrown = Problem.unprocessable([FieldError("quantity", "must be at least 1")])
        let (response, fixture) = await self.answer(thrown)
        #expect(response.status == .unprocessableContent)
        #expect(response.fields[.contentType] == "application/problem+json")
        #expect(response.fields[.cacheControl] == "no-store")
        let object = try await response.object()
        #expect(object["type"]?.string == "about:blank")
        #expect(object["status"]?.int == 422)
        #expect(object["instance"]?.string == "/things")
        #expect(object["trace_id"]?.string == (try fixture.span.context.traceID.description))
        #expect(object["errors"]?.array?.first?["field"]?.string == "quantity")
    }

    @Test("The fields of a problem reach the answer")
    func problemFields() async {
        let (response, _) = await self.answer(Problem.tooManyRequests("Slow down.", retryAfterSeconds: 7))
        #expect(response.status == .tooManyRequests)
        #expect(response.fields[.retryAfter] == "7")
    }

    @Test("An error that knows its problem is answered with it")
    func convertible() async throws {
        let (response, fixture) = await self.answer(Declined())
        #expect(response.status == .paymentRequired)
        #expect(try await response.object()["type"]?.string == "/problems/payment-declined")
        #expect(try fixture.span["error.type"] == nil)
    }

    @Test("A refused message is answered with the status it was refused with")
    func refusal() async throws {
        let (response, _) = await self.answer(HTTPRefusal.contentTooLarge(1_024))
        #expect(response.status == .contentTooLarge)
        #expect(try await response.object()["detail"]?.string == "The body is larger than 1024 bytes.")
        let (late, _) = await self.answer(HTTPRefusal.requestTimeout)
        #expect(late.status == .requestTimeout)
    }

    @Test("A store that is merely busy is answered 503 with a time to come back, without naming the store")
    func busy() async throws {
        let (response, fixture) = await self.answer(PersistenceError.queueFull(namespace: "orders", limit: 512))
        #expect(response.status == .serviceUnavailable)
        #expect(response.fields[.retryAfter] != nil)
        let object = try await response.object()
        #expect(object["type"]?.string == "/problems/store-busy")
        #expect(object["detail"]?.string?.contains("orders") == false)
        #expect(try fixture.span["error.type"] == .string("queue_full"))
        let (broken, _) = await self.answer(PersistenceError.closed(namespace: "orders"))
        #expect(broken.status == .internalServerError)
    }

    @Test("Anything else is a 500 whose text stays in the log and the span")
    func unforeseen() async throws {
        let (response, fixture) = await self.answer(Secret())
        #expect(response.status == .internalServerError)
        let body = String(decoding: try await response.body.collect(upTo: 1 << 16), as: UTF8.self)
        for leak in ["hunter2", "secret", "Secret", "/var/lib"] { #expect(!body.contains(leak)) }
        #expect(try fixture.line["error.message"]?.string == "password hunter2 at /var/lib/secret")
        #expect(try fixture.span.status == .error("password hunter2 at /var/lib/secret"))
    }

    @Test("A cancelled handler is a failure as any other, not a hang")
    func cancelled() async {
        let (response, _) = await self.answer(CancellationError())
        #expect(response.status == .internalServerError)
    }
}
