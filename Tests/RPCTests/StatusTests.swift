import HTTPCore
import Protobuf
import RPC
import Testing

@testable import RPC

@Suite("Status codes")
struct StatusTests {
    @Test("Numbers and names are those of doc/statuscodes.md")
    func names() {
        let names = [
            "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
            "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE",
            "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
        ]
        #expect(RPCCode.allCases.map(\.rawValue) == Array(0...16))
        #expect(RPCCode.allCases.map(\.name) == names)
    }

    @Test(
        "An answer without a status gets one from HTTP",
        arguments: [
            (400, RPCCode.internal), (401, .unauthenticated), (403, .permissionDenied), (404, .unimplemented),
            (429, .unavailable), (502, .unavailable), (503, .unavailable), (504, .unavailable), (500, .unknown),
            (418, .unknown), (301, .unknown),
        ])
    func http(status: Int, code: RPCCode) { #expect(RPCCode(httpStatus: HTTPStatus(status)) == code) }

    @Test(
        "A reset stream gets a status from its code",
        arguments: zip(
            0...13 as ClosedRange<UInt32>,
            [
                RPCCode.internal, .internal, .internal, .internal, .internal, .unknown, .internal, .unavailable,
                .cancelled, .internal, .internal, .resourceExhausted, .permissionDenied, .unknown,
            ]))
    func reset(number: UInt32, code: RPCCode) { #expect(RPCCode(http2ResetCode: number) == code) }

    @Test("Server faults alone set a server span's status")
    func faults() {
        let faults = RPCCode.allCases.filter(\.isServerFault)
        #expect(faults == [.unknown, .deadlineExceeded, .unimplemented, .internal, .unavailable, .dataLoss])
    }

    @Test(
        "grpc-status is a number; what is none, or is not known, is UNKNOWN",
        arguments: [
            ("0", RPCCode.ok), ("5", .notFound), ("16", .unauthenticated), ("17", .unknown), ("99999", .unknown),
            ("", .unknown), ("-1", .unknown), ("5x", .unknown), ("0x5", .unknown),
        ])
    func wire(text: String, code: RPCCode) {
        #expect(Array(text.utf8).withUnsafeBufferPointer { RPCCode(wire: $0) } == code)
    }

    @Test(
        "Messages are percent-encoded outside of space to tilde",
        arguments: [
            ("plain text, 100", "plain text, 100"), ("50%", "50%25"), ("a\nb", "a%0Ab"),
            ("ä€😀", "%C3%A4%E2%82%AC%F0%9F%98%80"),
            ("~\u{7F}", "~%7F"), ("", ""),
        ])
    func message(text: String, encoded: String) {
        #expect(String(decoding: StatusMessageCoding.encode(text), as: UTF8.self) == encoded)
        #expect(Array(encoded.utf8).withUnsafeBufferPointer { StatusMessageCoding.decode($0) } == text)
    }

    @Test(
        "A broken encoding stays as it came",
        arguments: [("%", "%"), ("a%2", "a%2"), ("%zz%41", "%zzA"), ("%%41", "%A"), ("100%25%", "100%%")])
    func broken(text: String, decoded: String) {
        #expect(Array(text.utf8).withUnsafeBufferPointer { StatusMessageCoding.decode($0) } == decoded)
    }

    @Test("Bytes that are not UTF-8 do not lose the message")
    func notUTF8() {
        #expect(Array("a%FFb".utf8).withUnsafeBufferPointer { StatusMessageCoding.decode($0) } == "a\u{FFFD}b")
    }

    @Test("A long message is cut, between characters")
    func long() {
        let encoded = StatusMessageCoding.encode(String(repeating: "€", count: 1_000))
        #expect(encoded.count <= StatusMessageCoding.byteCountMax)
        #expect(encoded.count % 9 == 0)
    }
}

@Suite("Error details")
struct ErrorDetailTests {
    private static let error = RPCError(
        .failedPrecondition, "Not enough stock.",
        details: [
            .errorInfo(reason: "OUT_OF_STOCK", domain: "product.vitrine", metadata: ["left": "3"]),
            .retryInfo(.milliseconds(1_500)),
            .badRequest([.init(field: "lines[0].quantity", description: "too many", reason: "TOO_MANY")]),
            .preconditionFailure([.init(type: "OUT_OF_STOCK", subject: "lines[0]", description: "3 left")]),
            .quotaFailure([.init(subject: "client:cart", description: "all used")]),
        ])

    @Test("Every kind survives the trailers")
    func roundTrip() throws {
        var fields = HTTPFields()
        Self.error.append(to: &fields)
        let read = try #require(RPCError.read(trailers: fields, httpStatus: .ok))
        #expect(read.code == .failedPrecondition)
        #expect(read.message == "Not enough stock.")
        #expect(read.details == Self.error.details)
        #expect(read.detail(GoogleRPC.ErrorInfo.self)?.metadata == ["left": "3"])
        #expect(read.detail(GoogleRPC.RetryInfo.self)?.retryDelay?.nanos == 500_000_000)
        #expect(read.detail(GoogleRPC.BadRequest.self)?.fieldViolations.first?.reason == "TOO_MANY")
        #expect(read.detail(GoogleRPC.PreconditionFailure.self)?.violations.first?.subject == "lines[0]")
        #expect(read.detail(GoogleRPC.QuotaFailure.self)?.violations.first?.subject == "client:cart")
        #expect(read.retryAfter == .milliseconds(1_500))
    }

    @Test("The bytes are google.rpc.Status")
    func golden() {
        let error = RPCError(.notFound, "No", details: [.errorInfo(reason: "GONE", domain: "d")])
        var fields = HTTPFields()
        error.append(to: &fields)
        #expect(fields["grpc-status"] == "5")
        // printf of {code: 5, message: "No", details: [{type_url, value: {reason: "GONE", domain: "d"}}]} by protoc.
        let expected: [UInt8] =
            [0x08, 5, 0x12, 2] + Array("No".utf8) + [0x1A, 53, 0x0A, 40]
            + Array("type.googleapis.com/google.rpc.ErrorInfo".utf8) + [0x12, 9, 0x0A, 4] + Array("GONE".utf8)
            + [0x12, 1, 0x64]
        #expect(RPCMetadata.binaryValues(of: "grpc-status-details-bin", in: fields) == [expected])
    }

    @Test("Padded or not, the details are read; damaged ones leave code and message")
    func damaged() throws {
        var fields = HTTPFields()
        RPCError(.aborted, "why", details: [.errorInfo(reason: "AB", domain: "d")]).append(to: &fields)
        let text = try #require(fields["grpc-status-details-bin"])
        for variant in [text, text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)] {
            fields["grpc-status-details-bin"] = variant
            #expect(RPCError.read(trailers: fields, httpStatus: .ok)?.details.count == 1)
        }
        for variant in ["!!!", "CA", String(text.dropLast(7)), ""] {
            fields["grpc-status-details-bin"] = variant
            let read = try #require(RPCError.read(trailers: fields, httpStatus: .ok))
            #expect(read.code == .aborted)
            #expect(read.message == "why")
        }
    }

    @Test("The server's pushback says when to try again; a negative one does not")
    func pushback() {
        #expect(
            RPCError.read(trailers: ["grpc-status": "14", "grpc-retry-pushback-ms": "250"], httpStatus: .ok)?.retryAfter
                == .milliseconds(250))
        #expect(
            RPCError.read(trailers: ["grpc-status": "14", "grpc-retry-pushback-ms": "-1"], httpStatus: .ok)?.retryAfter
                == nil)
    }

    @Test("What another server sent with its status is not passed on")
    func noEcho() throws {
        let received = try #require(
            RPCError.read(trailers: ["grpc-status": "5", "secret": "s"], httpStatus: .ok))
        #expect(received.metadata["secret"] == "s")
        var fields = HTTPFields()
        received.append(to: &fields)
        #expect(fields["secret"] == nil)
        #expect(fields["grpc-status"] == "5")
    }
}
