public import HTTPCore

/// Why a server gives up on a message: it breaks a rule of the protocol, is larger than allowed, or comes too slowly.
public struct HTTPRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    public let status: HTTPStatus
    /// A name from a small closed set, for metrics.
    public let reason: String
    /// A sentence for the caller.
    public let message: String

    init(_ status: HTTPStatus, _ reason: String, _ message: String) {
        self.status = status
        self.reason = reason
        self.message = message
    }

    init(_ error: HTTP1Error) {
        self.init(error.status, error.kind.rawValue, error.message)
    }

    static func contentTooLarge(_ limit: Int) -> HTTPRefusal {
        HTTPRefusal(.contentTooLarge, "contentTooLarge", "The body is larger than \(limit) bytes.")
    }

    static let requestTimeout = HTTPRefusal(
        .requestTimeout, "requestTimeout", "The request did not arrive in time.")
    static let truncated = HTTPRefusal(.badRequest, "truncated", "The connection ended before the body did.")

    public var description: String { self.message }
}

/// Why an answer's body cannot be sent to its end.
enum HTTPResponseBodyError: Error {
    /// The producer gave more or fewer bytes than it had announced.
    case lengthMismatch
}
