public import Telemetry

/// How a request ended.
public enum LoadOutcome: Sendable, Hashable, CustomStringConvertible {
    /// The status is one of success.
    case succeeded(status: Int)
    /// Answered, but with less than usual, and it says so.
    case degraded(status: Int)
    /// The shop said no for a reason that belongs to trade.
    case refused(Refusal)
    /// The status is not one the step may have.
    case failed(status: Int)
    /// There is no whole answer.
    case unanswered(Reason)

    /// Answers that are no errors although their status is of 4xx.
    public enum Refusal: UInt8, Sendable, Hashable, CaseIterable {
        case outOfStock
        case paymentDeclined
        case cartFull
        case requestInProgress
        case emailTaken

        public var name: String {
            switch self {
            case .outOfStock: "out_of_stock"
            case .paymentDeclined: "payment_declined"
            case .cartFull: "cart_full"
            case .requestInProgress: "request_in_progress"
            case .emailTaken: "email_taken"
            }
        }
    }

    public enum Reason: UInt8, Sendable, Hashable, CaseIterable {
        case timeout
        case connectFailed
        case connectionLost
        /// The answer ended early, or breaks the protocol.
        case invalidAnswer
        /// The answer is well formed and lacks what the journey needs from it.
        case unusableContent

        public var name: String {
            switch self {
            case .timeout: "timeout"
            case .connectFailed: "connect_failed"
            case .connectionLost: "connection_lost"
            case .invalidAnswer: "invalid_answer"
            case .unusableContent: "unusable_content"
            }
        }
    }

    public enum Kind: String, MetricLabel, Sendable, Hashable, CaseIterable {
        case succeeded, degraded, refused, failed

        public static var labelName: String { "outcome" }
    }

    public var kind: Kind {
        switch self {
        case .succeeded: .succeeded
        case .degraded: .degraded
        case .refused: .refused
        case .failed, .unanswered: .failed
        }
    }

    public var isFailure: Bool { self.kind == .failed }

    /// The status where there was one to tell; a refusal is named instead.
    public var status: Int? {
        switch self {
        case .succeeded(let status), .degraded(let status), .failed(let status): status
        case .refused, .unanswered: nil
        }
    }

    /// `200`, `200_degraded`, `out_of_stock`, `503`, `timeout`.
    public var description: String {
        switch self {
        case .succeeded(let status), .failed(let status): String(status)
        case .degraded(let status): "\(status)_degraded"
        case .refused(let refusal): refusal.name
        case .unanswered(let reason): reason.name
        }
    }
}
