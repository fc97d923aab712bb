public import Telemetry

/// What a fault does; the label `fault` of its metrics.
public enum FaultKind: String, Sendable, CaseIterable, MetricLabel, AttributeRepresentable {
    case latency
    case error
    case reset
    case hang
    case truncate
    case slowBody = "slow_body"
    case paymentDecline = "payment_decline"
    case paymentTimeoutAfterSuccess = "payment_timeout_after_success"
    case paymentUnavailable = "payment_unavailable"
    case cpuBurn = "cpu_burn"
    case loopBlock = "loop_block"
    case memoryGrowth = "memory_growth"

    public static var labelName: String { "fault" }

    /// Where it can happen.
    public var points: [FaultPoint] {
        switch self {
        case .latency: [.server, .client, .database, .payment]
        case .error: [.server, .client, .database]
        case .reset, .hang: [.server, .client]
        case .truncate, .slowBody: [.server]
        case .paymentDecline, .paymentTimeoutAfterSuccess, .paymentUnavailable: [.payment]
        case .cpuBurn, .loopBlock, .memoryGrowth: [.process]
        }
    }

    /// When in a call it takes effect: several delays add up, of what decides the outcome the first one counts, and a
    /// body is only harmed where there is one.
    enum Stage: CaseIterable {
        case delay, outcome, body, process
    }

    var stage: Stage {
        switch self {
        case .latency: .delay
        case .error, .reset, .hang, .paymentDecline, .paymentTimeoutAfterSuccess, .paymentUnavailable: .outcome
        case .truncate, .slowBody: .body
        case .cpuBurn, .loopBlock, .memoryGrowth: .process
        }
    }
}

/// Where in a process a fault happens.
public enum FaultPoint: String, Sendable, CaseIterable, AttributeRepresentable {
    /// Requests that the traffic listener takes.
    case server
    /// Calls of one upstream.
    case client
    /// Operations on the service's databases.
    case database
    /// Calls of the payment provider.
    case payment
    /// The process as a whole.
    case process

    /// This point in a word of bits.
    @inlinable
    public var bit: UInt64 {
        switch self {
        case .server: 1
        case .client: 2
        case .database: 4
        case .payment: 8
        case .process: 16
        }
    }
}
