/// The canonical status codes of gRPC.
///
/// Source: gRPC, `doc/statuscodes.md`.
public enum RPCCode: Int, Sendable, Hashable, CaseIterable {
    case ok = 0
    /// The caller gave up.
    case cancelled = 1
    /// An error of another system, or one that nobody foresaw and that says no more.
    case unknown = 2
    /// The request makes no sense, whatever the state of the system.
    case invalidArgument = 3
    case deadlineExceeded = 4
    case notFound = 5
    case alreadyExists = 6
    case permissionDenied = 7
    /// A quota, a limit on sizes, or load that is shed.
    case resourceExhausted = 8
    /// The system is not in the state the request needs; repeating it does not help before that has changed.
    case failedPrecondition = 9
    /// A conflict between two callers; repeating the whole transaction may help.
    case aborted = 10
    case outOfRange = 11
    case unimplemented = 12
    /// A defect.
    case `internal` = 13
    /// Cannot be served now; repeating it later may help.
    case unavailable = 14
    case dataLoss = 15
    case unauthenticated = 16

    /// As in `rpc.response.status_code` of the semantic conventions: `NOT_FOUND`.
    public var name: String {
        switch self {
        case .ok: "OK"
        case .cancelled: "CANCELLED"
        case .unknown: "UNKNOWN"
        case .invalidArgument: "INVALID_ARGUMENT"
        case .deadlineExceeded: "DEADLINE_EXCEEDED"
        case .notFound: "NOT_FOUND"
        case .alreadyExists: "ALREADY_EXISTS"
        case .permissionDenied: "PERMISSION_DENIED"
        case .resourceExhausted: "RESOURCE_EXHAUSTED"
        case .failedPrecondition: "FAILED_PRECONDITION"
        case .aborted: "ABORTED"
        case .outOfRange: "OUT_OF_RANGE"
        case .unimplemented: "UNIMPLEMENTED"
        case .internal: "INTERNAL"
        case .unavailable: "UNAVAILABLE"
        case .dataLoss: "DATA_LOSS"
        case .unauthenticated: "UNAUTHENTICATED"
        }
    }

    /// Whether it says that the server failed rather than that it refused: what sets a server span's status to Error.
    ///
    /// Source: OpenTelemetry semantic conventions, "gRPC", "Recording errors".
    public var isServerFault: Bool {
        switch self {
        case .unknown, .deadlineExceeded, .unimplemented, .internal, .unavailable, .dataLoss: true
        default: false
        }
    }
}

extension RPCCode: CustomStringConvertible {
    public var description: String { self.name }
}
