public import HTTP2
public import HTTPCore
public import NetworkIO
public import TLS

/// Why a call has no answer.
public struct HTTPClientError: Error, Sendable, CustomStringConvertible {
    public enum Reason: Sendable {
        /// No connection could be opened; the request has not been sent.
        case connect(IOError)
        /// A connection was opened, but not a secure one; the request has not been sent.
        case handshake(TLSError)
        /// The host has no address; the request has not been sent.
        case resolve(String)
        /// All connections are in use and the queue is full; the request has not been sent.
        case queueFull
        /// The deadline passed; whether the request was carried out is unknown.
        case timedOut
        /// The connection broke; whether the request was carried out is unknown.
        case connectionLost(IOError)
        /// The peer ended the connection before its answer was complete.
        case incompleteResponse
        /// The answer breaks the protocol.
        case invalidResponse(HTTP1Error)
        /// The request's own body could not be read.
        case requestBody(any Error)
        /// The peer reset the stream; whether the request was carried out is unknown.
        case streamReset(HTTP2ErrorCode)
        /// The peer refused the stream before it did anything.
        case refused
        /// The peer is ending the connection and has not looked at the request.
        case goneAway
    }

    public let reason: Reason
    /// The upstream's name.
    public let upstream: String

    public init(_ reason: Reason, upstream: String) {
        self.reason = reason
        self.upstream = upstream
    }

    /// Whether the upstream cannot have seen the request, so that any call may be tried again.
    public var requestWasNotSent: Bool {
        switch self.reason {
        case .connect, .handshake, .resolve, .queueFull, .refused, .goneAway: true
        default: false
        }
    }

    /// A low-cardinality name for the metric label and span attribute `error.type`.
    public var errorType: String {
        switch self.reason {
        case .connect: "connect_failed"
        case .handshake: "tls_handshake_failed"
        case .resolve: "resolve_failed"
        case .queueFull: "pool_exhausted"
        case .timedOut: "timeout"
        case .connectionLost: "connection_lost"
        case .incompleteResponse: "incomplete_response"
        case .invalidResponse: "invalid_response"
        case .requestBody: "request_body"
        case .streamReset: "stream_reset"
        case .refused: "stream_refused"
        case .goneAway: "gone_away"
        }
    }

    public var description: String {
        switch self.reason {
        case .connect(let error): "\(self.upstream): cannot connect: \(error)"
        case .handshake(let error): "\(self.upstream): no secure connection: \(error.message)"
        case .resolve(let text): "\(self.upstream): \(text)"
        case .queueFull: "\(self.upstream): every connection is in use and the queue is full"
        case .timedOut: "\(self.upstream): no answer before the deadline"
        case .connectionLost(let error): "\(self.upstream): connection lost: \(error)"
        case .incompleteResponse: "\(self.upstream): the connection ended before the answer was complete"
        case .invalidResponse(let error): "\(self.upstream): invalid answer: \(error.message)"
        case .requestBody(let error): "\(self.upstream): the request's body could not be read: \(error)"
        case .streamReset(let code): "\(self.upstream): the stream was reset: \(code)"
        case .refused: "\(self.upstream): the stream was refused"
        case .goneAway: "\(self.upstream): the connection is going away"
        }
    }
}
