/// A request method: a case-sensitive token.
///
/// Source: RFC 9110 section 9. `other` holds any token that is not named here; a value that is none is repaired by the
/// encoder, so that a request line cannot be split.
public enum HTTPMethod: Hashable, Sendable {
    case get, head, post, put, patch, delete, options, trace, connect
    case other(String)

    /// The method for `name`, compared with case: `get` is not `GET`.
    public init(_ name: String) {
        var name = name
        self = name.withUTF8 { HTTPMethod(known: $0) } ?? .other(name)
    }

    /// The token as it stands in the request line.
    public var name: String {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .patch: "PATCH"
        case .delete: "DELETE"
        case .options: "OPTIONS"
        case .trace: "TRACE"
        case .connect: "CONNECT"
        case .other(let name): name
        }
    }

    /// Whether a repeated request has the effect of one (RFC 9110 section 9.2.2), so that it may be sent again.
    public var isIdempotent: Bool {
        switch self {
        case .get, .head, .put, .delete, .options, .trace: true
        case .post, .patch, .connect, .other: false
        }
    }

    /// Whether the request asks for no change of state (RFC 9110 section 9.2.1).
    public var isSafe: Bool {
        switch self {
        case .get, .head, .options, .trace: true
        case .post, .put, .patch, .delete, .connect, .other: false
        }
    }

    /// Recognises the named methods; nil for all other bytes.
    init?(known bytes: UnsafeBufferPointer<UInt8>) {
        switch bytes.count {
        case 3 where bytes.equals("GET"): self = .get
        case 3 where bytes.equals("PUT"): self = .put
        case 4 where bytes.equals("POST"): self = .post
        case 4 where bytes.equals("HEAD"): self = .head
        case 5 where bytes.equals("PATCH"): self = .patch
        case 5 where bytes.equals("TRACE"): self = .trace
        case 6 where bytes.equals("DELETE"): self = .delete
        case 7 where bytes.equals("OPTIONS"): self = .options
        case 7 where bytes.equals("CONNECT"): self = .connect
        default: return nil
        }
    }
}

extension HTTPMethod: CustomStringConvertible {
    public var description: String { self.name }
}
