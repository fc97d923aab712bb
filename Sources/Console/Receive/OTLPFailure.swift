import HTTPCore

/// Why a request is not taken at all.
struct OTLPFailure: Error, Sendable {
    let status: HTTPStatus
    /// Of `google.rpc.Code`.
    let code: Int32
    let message: String
    /// What the status asks for besides, such as `retry-after`.
    private(set) var fields = HTTPFields()

    private init(_ status: HTTPStatus, code: Int32, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    /// Not to be sent again (OTLP specification, "Failures").
    static func malformed(_ message: String) -> OTLPFailure { OTLPFailure(.badRequest, code: 3, message) }

    static func tooLarge(_ message: String) -> OTLPFailure { OTLPFailure(.contentTooLarge, code: 8, message) }

    static func noSuchPath() -> OTLPFailure {
        OTLPFailure(.notFound, code: 5, "telemetry is taken at /v1/traces, /v1/logs and /v1/metrics")
    }

    static func notPost() -> OTLPFailure {
        var failure = OTLPFailure(.methodNotAllowed, code: 12, "telemetry is taken by POST")
        failure.fields.append(.allow, "POST")
        return failure
    }

    static func unknownType() -> OTLPFailure {
        var failure = OTLPFailure(
            .unsupportedMediaType, code: 3, "the content type must be application/x-protobuf or application/json")
        failure.fields.append(.accept, "application/x-protobuf, application/json")
        return failure
    }

    static func unknownCoding() -> OTLPFailure {
        var failure = OTLPFailure(
            .unsupportedMediaType, code: 3, "the content encoding must be gzip or identity")
        // RFC 9110, section 15.5.16.
        failure.fields.append(.acceptEncoding, "gzip, identity")
        return failure
    }

    /// To be sent again (OTLP specification, "OTLP/HTTP Throttling").
    static func tooManyRequests(_ requestsMax: Int) -> OTLPFailure {
        var failure = OTLPFailure(
            .tooManyRequests, code: 8, "\(requestsMax) requests are under way already; come again later")
        failure.fields.append(.retryAfter, decimal: 1)
        return failure
    }

    /// To be sent again.
    static func overloaded(_ reason: String, retryAfterSeconds: Int) -> OTLPFailure {
        let text = reason.isEmpty ? "there is no room for more just now" : reason
        var failure = OTLPFailure(.serviceUnavailable, code: 14, text)
        failure.fields.append(.retryAfter, decimal: retryAfterSeconds)
        return failure
    }
}

extension OTLPFailure {
    init(_ error: OTLPDecodingError) {
        switch error {
        case .malformed(let message): self = .malformed(message)
        case .tooLarge(let message): self = .tooLarge(message)
        }
    }
}
