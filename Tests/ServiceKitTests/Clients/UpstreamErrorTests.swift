import HTTPCore
import NetworkIO
import Routing
import TLS
import Testing

@testable import HTTPCore
@testable import HTTPEngine
@testable import ServiceKit

@Suite("What callers are told when a service behind does not answer")
struct UpstreamErrorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let reason: HTTPClientError.Reason
        let status: Int
        let errorType: String
        var notSent = false
        var timeout = false
        var testDescription: String { self.errorType + " \(self.status)" }
    }

    private struct Odd: Error {}

    static let cases: [Case] = [
        Case(
            reason: .connect(IOError(.closed, in: "connect")), status: 503, errorType: "connect_failed", notSent: true),
        Case(reason: .resolve("no such host"), status: 503, errorType: "resolve_failed", notSent: true),
        Case(
            reason: .handshake(TLSError(.certificateExpired, "expired")), status: 503,
            errorType: "tls_handshake_failed", notSent: true),
        Case(reason: .queueFull, status: 503, errorType: "pool_exhausted", notSent: true),
        Case(reason: .timedOut, status: 504, errorType: "timeout", timeout: true),
        Case(reason: .connectionLost(IOError(.closed, in: "read")), status: 503, errorType: "connection_lost"),
        Case(reason: .incompleteResponse, status: 503, errorType: "incomplete_response"),
        Case(
            reason: .invalidResponse(HTTP1Error(.invalidStatusLine, in: .response)), status: 502,
            errorType: "invalid_response"),
        Case(reason: .requestBody(HTTP1Error(.invalidChunkSize)), status: 400, errorType: "request_body"),
        Case(reason: .requestBody(HTTPBodyError.tooLarge(1_024)), status: 413, errorType: "request_body"),
        Case(reason: .requestBody(Odd()), status: 400, errorType: "request_body"),
    ]

    @Test("Each way of failing has its status and its name", arguments: Self.cases)
    func mapping(of failure: Case) {
        let error = UpstreamError(name: .product, cause: HTTPClientError(failure.reason, upstream: "product"))
        #expect(error.problem.status.code == failure.status)
        #expect(error.errorType == failure.errorType)
        #expect(error.requestWasNotSent == failure.notSent)
        #expect(error.isTimeout == failure.timeout)
        // Addresses and system errors are for the log.
        #expect(!error.problem.detail.contains("connect:"))
        #expect(!error.problem.detail.contains("no such host"))
        if failure.status >= 502 { #expect(error.problem.detail.contains("product")) }
    }

    @Test("What can be tried again says so")
    func retryAfter() {
        let error = UpstreamError(name: .product, cause: HTTPClientError(.queueFull, upstream: "product"))
        #expect(error.problem.fields[.retryAfter] == "1")
        #expect(error.problem.type == "/problems/upstream-unavailable")
    }

    @Test("A body that came too slowly is the client's fault, with the status it was refused with")
    func slowBody() {
        let error = UpstreamError(
            name: .product, cause: HTTPClientError(.requestBody(HTTPRefusal.requestTimeout), upstream: "product"))
        #expect(error.problem.status == .requestTimeout)
    }

    @Test("An error of another kind is an outage whose text stays here")
    func unknown() {
        let error = UpstreamError(name: .cart, cause: Odd())
        #expect(error.problem.status == .serviceUnavailable)
        #expect(error.errorType == "unknown")
        #expect(!error.requestWasNotSent && !error.isTimeout)
        #expect(!error.problem.detail.contains("Odd"))
    }

    @Test(
        "An answer nobody expected becomes a gateway's error, never the service's own",
        arguments: [(400, 502), (401, 502), (403, 502), (404, 502), (429, 503), (500, 502), (503, 503), (504, 504)])
    func statuses(status: Int, expected: Int) {
        let error = UpstreamStatusError(name: .cart, status: HTTPStatus(status))
        #expect(error.problem.status.code == expected)
        #expect(error.description == "cart answered \(status)")
    }
}
