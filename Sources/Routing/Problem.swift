public import HTTPCore
import JSON

/// An error as the caller sees it: problem details, RFC 9457.
public struct Problem: Error, Sendable {
    public var status: HTTPStatus
    /// A URI reference that names the kind of problem; `about:blank` when the status says it all.
    public var type: String
    public var title: String
    /// What happened this time, in words a caller can act on. Holds nothing secret.
    public var detail: String
    public var errors: [FieldError]
    /// Fields the answer carries besides, such as `retry-after`.
    public var fields: HTTPFields
    /// Whether it is a service behind this one that failed. Callers of the platform's own are told, so that they neither
    /// repeat the call nor hold it against the messenger.
    public var isUpstream = false

    /// - Parameter code: the kind's name, such as `out-of-stock`; becomes `type` as `/problems/out-of-stock`.
    public init(
        _ status: HTTPStatus, code: String? = nil, title: String? = nil, detail: String, errors: [FieldError] = [],
        fields: HTTPFields = .init()
    ) {
        self.status = status
        self.type = code.map { "/problems/\($0)" } ?? "about:blank"
        self.title = title ?? "\(status.reasonPhrase)"
        self.detail = detail
        self.errors = errors
        self.fields = fields
    }

    /// The last part of `type`, for the attribute and label `error.type`; the status code when there is none.
    public var errorType: String {
        self.type == "about:blank" ? String(self.status.code) : String(self.type.dropFirst("/problems/".utf8.count))
    }

    /// Writes the answer.
    /// - Parameters:
    ///   - instance: the path of the request.
    ///   - traceID: the trace in which the request can be found; left out when empty.
    public func response(instance: String, traceID: String) -> HTTPResponse {
        var writer = JSONWriter(capacity: 384)
        writer.beginObject()
        writer.field("type", self.type)
        writer.field("title", self.title)
        writer.field("status", self.status.code)
        writer.field("detail", self.detail)
        writer.field("instance", instance)
        if !traceID.isEmpty { writer.field("trace_id", traceID) }
        if !self.errors.isEmpty {
            writer.key("errors")
            writer.beginArray()
            for error in self.errors {
                writer.beginObject()
                writer.field("field", error.field)
                writer.field("message", error.message)
                writer.endObject()
            }
            writer.endArray()
        }
        writer.endObject()
        var fields = self.fields
        fields.append(.contentType, "application/problem+json")
        fields.append(.cacheControl, "no-store")
        return HTTPResponse(self.status, fields: fields, body: .bytes(writer.bytes))
    }
}

extension Problem {
    /// 400: the request cannot be understood.
    public static func badRequest(_ detail: String, errors: [FieldError] = []) -> Problem {
        Problem(.badRequest, detail: detail, errors: errors)
    }

    /// 401: no valid token. Says which scheme is expected (RFC 6750, section 3).
    public static func unauthorized(_ detail: String, error: String? = nil) -> Problem {
        var fields = HTTPFields()
        let challenge = error.map { "Bearer realm=\"vitrine\", error=\"\($0)\"" } ?? "Bearer realm=\"vitrine\""
        fields.append(.wwwAuthenticate, challenge)
        return Problem(.unauthorized, detail: detail, fields: fields)
    }

    /// 402: the payment was declined.
    public static func paymentRequired(_ detail: String) -> Problem {
        Problem(.paymentRequired, code: "payment-declined", title: "Payment declined", detail: detail)
    }

    /// 403: known, but not allowed.
    public static func forbidden(_ detail: String) -> Problem { Problem(.forbidden, detail: detail) }

    /// 404.
    public static func notFound(_ detail: String) -> Problem { Problem(.notFound, detail: detail) }

    /// 405, with the methods that would do.
    public static func methodNotAllowed(_ method: HTTPMethod, allowed: String) -> Problem {
        var fields = HTTPFields()
        fields.append(.allow, allowed)
        return Problem(
            .methodNotAllowed, detail: "\(method.name) is not allowed here; allowed: \(allowed).", fields: fields)
    }

    /// 409: the request is fine, the state of things is not.
    public static func conflict(_ code: String, _ detail: String) -> Problem {
        Problem(.conflict, code: code, detail: detail)
    }

    /// 412: `If-Match` names another version than the present one.
    public static func preconditionFailed(_ detail: String) -> Problem { Problem(.preconditionFailed, detail: detail) }

    /// 413: the body is larger than the route takes.
    public static func contentTooLarge(limit: Int) -> Problem {
        Problem(.contentTooLarge, detail: "The body is larger than \(limit) bytes, the most this route takes.")
    }

    /// 415.
    public static func unsupportedMediaType(_ detail: String) -> Problem {
        Problem(.unsupportedMediaType, detail: detail)
    }

    /// 422: well-formed, with values that cannot be accepted.
    public static func unprocessable(_ errors: [FieldError], detail: String? = nil) -> Problem {
        let names = errors.map(\.field).joined(separator: ", ")
        return Problem(
            .unprocessableContent, detail: detail ?? "Some values cannot be accepted: \(names).", errors: errors)
    }

    /// 429, with the whole seconds after which another try makes sense.
    public static func tooManyRequests(_ detail: String, retryAfterSeconds: Int) -> Problem {
        Problem(.tooManyRequests, detail: detail, fields: .retryAfter(retryAfterSeconds))
    }

    /// 500. The cause goes to the log, not to the caller.
    public static func internalError() -> Problem {
        Problem(.internalServerError, detail: "Something failed here. The trace id finds it in the logs.")
    }

    /// 503, with the whole seconds after which another try makes sense.
    public static func unavailable(
        _ detail: String, code: String? = nil, retryAfterSeconds: Int = 1
    ) -> Problem {
        Problem(.serviceUnavailable, code: code, detail: detail, fields: .retryAfter(retryAfterSeconds))
    }

    /// The same, of a service behind this one.
    public var fromUpstream: Problem {
        var problem = self
        problem.isUpstream = true
        return problem
    }

    /// 504: the deadline passed before a service behind this one answered.
    public static func gatewayTimeout(_ detail: String) -> Problem { Problem(.gatewayTimeout, detail: detail) }
}

extension HTTPFields {
    /// A `retry-after` field of whole seconds, at least 1 (RFC 9110, section 10.2.3).
    public static func retryAfter(_ seconds: Int) -> HTTPFields {
        var fields = HTTPFields()
        fields.append(.retryAfter, String(max(1, seconds)))
        return fields
    }
}

/// An error that knows which problem it is for the caller.
public protocol ProblemConvertible: Error {
    var problem: Problem { get }
}
