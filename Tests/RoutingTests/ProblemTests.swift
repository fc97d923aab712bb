import HTTPCore
import Routing
import Testing

@Suite("Problems")
struct ProblemTests {
    private func text(_ response: HTTPResponse) -> String {
        guard case .bytes(let bytes) = response.body else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("A problem is written as RFC 9457 says, with what is wrong in each field")
    func isGolden() {
        var problem = Problem.unprocessable([
            FieldError("name", "is required"), FieldError("items[0].quantity", "must be from 1 to 9"),
        ])
        problem.fields.append(.xRequestID, "r")
        let response = problem.response(instance: "/api/v1/products/\"x\"", traceID: "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(response.status == .unprocessableContent)
        #expect(response.fields[.contentType] == "application/problem+json")
        #expect(response.fields[.cacheControl] == "no-store")
        #expect(response.fields[.xRequestID] == "r")
        #expect(
            self.text(response)
                == #"{"type":"about:blank","title":"Unprocessable Content","status":422,"#
                + #""detail":"Some values cannot be accepted: name, items[0].quantity.","instance":"/api/v1/products/\"x\"","#
                + #""trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","errors":[{"field":"name","message":"is required"},"#
                + #"{"field":"items[0].quantity","message":"must be from 1 to 9"}]}"#)
    }

    @Test("What a problem does not have is left out")
    func leavesOut() {
        let response = Problem.conflict("out-of-stock", "2 left.").response(instance: "/o", traceID: "")
        #expect(
            self.text(response)
                == #"{"type":"/problems/out-of-stock","title":"Conflict","status":409,"detail":"2 left.","instance":"/o"}"#
        )
    }

    @Test("Each kind has its status, its type for telemetry, and the fields that go with it")
    func haveStatuses() {
        let table: [(Problem, Int, String)] = [
            (.badRequest("x"), 400, "400"), (.unauthorized("x"), 401, "401"),
            (.paymentRequired("x"), 402, "payment-declined"), (.forbidden("x"), 403, "403"),
            (.notFound("x"), 404, "404"),
            (.methodNotAllowed(.get, allowed: "POST"), 405, "405"), (.conflict("gone", "x"), 409, "gone"),
            (.preconditionFailed("x"), 412, "412"), (.contentTooLarge(limit: 7), 413, "413"),
            (.unsupportedMediaType("x"), 415, "415"), (.unprocessable([]), 422, "422"),
            (.tooManyRequests("x", retryAfterSeconds: 3), 429, "429"), (.internalError(), 500, "500"),
            (.unavailable("x", code: "down"), 503, "down"), (.gatewayTimeout("x"), 504, "504"),
        ]
        for (problem, code, errorType) in table {
            #expect(problem.status.code == code)
            #expect(problem.errorType == errorType)
            #expect(problem.response(instance: "/", traceID: "").status.code == code)
        }
        #expect(Problem.unauthorized("x").fields[.wwwAuthenticate] == "Bearer realm=\"vitrine\"")
        #expect(
            Problem.unauthorized("x", error: "invalid_token").fields[.wwwAuthenticate]
                == "Bearer realm=\"vitrine\", error=\"invalid_token\"")
        #expect(Problem.methodNotAllowed(.get, allowed: "POST").fields[.allow] == "POST")
        #expect(Problem.tooManyRequests("x", retryAfterSeconds: 3).fields[.retryAfter] == "3")
        #expect(Problem.unavailable("x", retryAfterSeconds: 0).fields[.retryAfter] == "1")
    }

    @Test("Text from strangers cannot break out of the JSON")
    func escapes() {
        let response = Problem.notFound("\"},{\n\u{1}").response(instance: "/\u{2028}", traceID: "")
        #expect(self.text(response).contains(#""detail":"\"},{\n\u0001""#))
    }
}
