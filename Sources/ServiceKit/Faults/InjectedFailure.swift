public import Faults
import HTTPCore
public import Routing

/// A request that fails because a fault says so.
public struct InjectedFailure: Error, ProblemConvertible, CustomStringConvertible {
    public enum Manner: Sendable, Hashable {
        /// An answer with an error.
        case answered(FaultEffect.Failure)
        /// The connection is broken off.
        case reset
        /// The deadline has passed.
        case timedOut
    }

    public let manner: Manner
    /// The id of the fault.
    public let fault: String

    /// The status of a gRPC call; UNAVAILABLE for a connection broken off, DEADLINE_EXCEEDED for a hang.
    public var grpcStatus: Int {
        switch self.manner {
        case .answered(let failure): failure.grpcStatus ?? 14
        case .reset: 14
        case .timedOut: 4
        }
    }

    public var problem: Problem {
        switch self.manner {
        case .answered(let failure): failure.problem(of: self.fault)
        case .reset: FaultEffect.Failure().problem(of: self.fault)
        case .timedOut:
            Problem(.gatewayTimeout, code: "fault-injected", title: "Fault injected", detail: self.description)
        }
    }

    public var description: String {
        switch self.manner {
        case .answered: "Fault \(self.fault) lets this request fail."
        case .reset: "Fault \(self.fault) breaks the connection off."
        case .timedOut: "Fault \(self.fault) kept this request until its deadline."
        }
    }
}

extension FaultEffect.Failure {
    /// The answer for people and programs; 503 where no status is set.
    func problem(of fault: String) -> Problem {
        Problem(
            self.status.map { HTTPStatus($0) } ?? .serviceUnavailable, code: "fault-injected", title: "Fault injected",
            detail: "Fault \(fault) lets this request fail.",
            fields: self.retryAfterSeconds.map { .retryAfter($0) } ?? HTTPFields())
    }
}
