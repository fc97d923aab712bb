import HTTPCore
import HTTPEngine
import Persistence
import Routing

/// What a handler threw, as the caller and as telemetry see it.
struct RequestFailure {
    let problem: Problem
    /// For `error.type`: low in cardinality.
    let type: String
    /// For the log and the span: may name internals, never goes to the caller.
    let text: String
    /// Whether nobody foresaw it: a defect, which leaves its exception behind.
    let isUnexpected: Bool
    init(_ error: any Error) {
        var isUnexpected = false
        switch error {
        case let problem as Problem:
            self.problem = problem
            self.type = problem.errorType
        case let convertible as any ProblemConvertible:
            self.problem = convertible.problem
            self.type = self.problem.errorType
        case let refusal as HTTPRefusal:
            self.problem = Problem(refusal.status, detail: refusal.message)
            self.type = refusal.reason
        case let busy as PersistenceError where busy.isRetryable:
            self.problem = .unavailable("The store is busy.", code: "store-busy")
            self.type = busy.name
        default:
            isUnexpected = true
            self.problem = .internalError()
            self.type = String(reflecting: Swift.type(of: error))
        }
        self.isUnexpected = isUnexpected
        self.text = (error as? Problem)?.detail ?? "\(error)"
    }
}
