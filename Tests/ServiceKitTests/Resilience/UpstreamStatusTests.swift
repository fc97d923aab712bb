import HTTPCore
import Protobuf
import RPC
import Resilience
import Routing
import Testing

@testable import ServiceKit

@Suite("A failed call of another service's gRPC")
struct UpstreamStatusTests {
    private static func status(
        _ code: RPCCode, failureType: String? = nil, wasNotSent: Bool = false, after wait: Duration? = nil
    ) -> UpstreamStatus {
        UpstreamStatus(
            RPCError(
                code, "No.", details: wait.map { [.retryInfo($0)] } ?? [], requestWasNotSent: wasNotSent,
                failureType: failureType), from: .product)
    }

    // MARK: Effect

    @Test(
        "Where nobody knows what the service did, it may have done it",
        arguments: [RPCCode.cancelled, .unknown, .deadlineExceeded, .internal, .dataLoss])
    func unknown(code: RPCCode) {
        #expect(Self.status(code).mayHaveHadEffect)
        #expect(!Self.status(code, wasNotSent: true).mayHaveHadEffect)
    }

    @Test(
        "A refusal has had no effect",
        arguments: [
            RPCCode.invalidArgument, .notFound, .alreadyExists, .permissionDenied, .failedPrecondition, .aborted,
            .outOfRange, .unimplemented, .unauthenticated,
        ])
    func refused(code: RPCCode) {
        #expect(!Self.status(code).mayHaveHadEffect)
        #expect(!Self.status(code, failureType: "connection_lost").mayHaveHadEffect)
    }

    @Test(
        "That it cannot is believed of the service itself, not of a connection that broke",
        arguments: [RPCCode.unavailable, .resourceExhausted])
    func unavailable(code: RPCCode) {
        #expect(!Self.status(code).mayHaveHadEffect)
        #expect(Self.status(code, failureType: "connection_lost").mayHaveHadEffect)
        #expect(!Self.status(code, failureType: "connect_failed", wasNotSent: true).mayHaveHadEffect)
    }

    // MARK: Problem

    @Test(
        "The caller further up is told what it can act on, and that the failure is not of this service",
        arguments: [
            (.unavailable, 503, "upstream-unavailable"), (.resourceExhausted, 503, "upstream-unavailable"),
            (.cancelled, 503, "upstream-unavailable"), (.deadlineExceeded, 504, "504"), (.internal, 502, "502"),
            (.unknown, 502, "502"), (.notFound, 502, "502"), (.unauthenticated, 502, "502"),
        ] as [(RPCCode, Int, String)])
    func problem(code: RPCCode, status: Int, type: String) {
        let problem = Self.status(code).problem
        #expect(problem.status.code == status)
        #expect(problem.errorType == type)
        #expect(problem.isUpstream)
        #expect(problem.detail.contains("product"))
        #expect(problem.fields.contains(.retryAfter) == (status == 503))
    }

    @Test("A breaker that is open is told as such")
    func circuitOpen() {
        let refused = Self.status(
            .unavailable, failureType: CircuitOpenError.errorType, wasNotSent: true, after: .milliseconds(4_200))
        #expect(refused.problem.status == .serviceUnavailable)
        #expect(refused.problem.errorType == "circuit-open")
        #expect(refused.problem.fields[.retryAfter] == "5")
        #expect(!refused.mayHaveHadEffect)
    }

    @Test(
        "Retry-After is whole seconds, rounded up, and at least one",
        arguments: [
            (nil, "1"), (.zero, "1"), (.milliseconds(1), "1"), (.seconds(1), "1"), (.milliseconds(1_001), "2"),
            (.seconds(60), "60"),
        ] as [(Duration?, String)])
    func retryAfter(wait: Duration?, field: String) {
        #expect(Self.status(.unavailable, after: wait).problem.fields[.retryAfter] == field)
    }

    @Test("What the log says names service and status")
    func description() {
        #expect("\(Self.status(.internal))" == "product: INTERNAL: No.")
    }
}

@Suite("The fields of a request of gRPC")
struct RequestFaultsTests {
    private static let id = "0190a8b4-7c3e-7d21-9f00-000000000001"

    @Test("What makes sense passes")
    func passes() throws {
        var faults = RequestFaults()
        #expect(faults.id("id", Self.id) == Self.id)
        #expect(faults.id("id", Self.id.uppercased()) == Self.id)
        #expect(faults.number("quantity", 1, in: 1...9) == 1)
        #expect(faults.number("quantity", 9, in: 1...9) == 9)
        try faults.validate()
    }

    @Test("All that is wrong is told at once, in words and as BadRequest")
    func gathers() throws {
        var faults = RequestFaults()
        #expect(faults.id("product_id", "") == "")
        #expect(faults.id("order_id", "7") == "")
        _ = faults.number("quantity", 0, in: 1...9)
        _ = faults.number("quantity", 10, in: 1...9)
        faults.reject("items", "must not be empty")
        let error = #expect(throws: RPCError.self) { try faults.validate() }
        #expect(error?.code == .invalidArgument)
        #expect(
            error?.message == "product_id is required; order_id must be a UUID; quantity must be from 1 to 9; "
                + "quantity must be from 1 to 9; items must not be empty")
        let detail = try #require(error?.detail(GoogleRPC.BadRequest.self))
        #expect(
            detail.fieldViolations.map(\.field) == ["product_id", "order_id", "quantity", "quantity", "items"])
    }
}
