import Persistence
import RPC
import ServiceKit
import Telemetry

/// Rate, errors and duration of one kind of work, from its histogram.
struct RED: Sendable {
    private let histogram: DynamicDescriptor
    /// What failed, and is not merely refused.
    private let failure: LabelCondition
    private let scope: [LabelCondition]

    /// Requests that services answer. A status from 500 on is the server's failure, one below is the caller's.
    static let requests = RED(HTTPMetrics.serverDuration, failure: .matches(.responseStatus, "5.."))
    /// Requests that services send: those without an answer have an error type and no status.
    static let calls = RED(HTTPMetrics.clientDuration, failure: .matchesNot(.errorType, "|4.."))
    static let rpcRequests = RED(RPCMetrics.serverDuration, failure: Self.serverFault)
    static let rpcCalls = RED(RPCMetrics.clientDuration, failure: Self.serverFault)
    static let statements = RED(DatabaseDescriptors.operationDuration, failure: .isNot(.errorType, ""))

    private static let serverFault = LabelCondition.matches(
        .rpcStatus, RPCCode.allCases.filter(\.isServerFault).map(\.name).joined(separator: "|"))

    private init(_ histogram: DynamicDescriptor, failure: LabelCondition, scope: [LabelCondition] = []) {
        self.histogram = histogram
        self.failure = failure
        self.scope = scope
    }

    func `where`(_ conditions: LabelCondition...) -> RED { self.where(conditions) }

    func `where`(_ conditions: [LabelCondition]) -> RED {
        RED(self.histogram, failure: self.failure, scope: self.scope + conditions)
    }

    private var series: Series { Series(self.histogram, where: self.scope) }

    /// A second.
    func rate(by labels: LabelKey...) -> PromQL { self.series.count.rate(.rateInterval).sum(by: labels) }

    /// Of all that were, how many failed.
    func failureRatio(by labels: LabelKey...) -> PromQL {
        .ratio(
            self.series.where(self.failure).count.rate(.rateInterval).sum(by: labels),
            self.series.count.rate(.rateInterval).sum(by: labels))
    }

    /// A second, of those alone that failed: no series where none did.
    func failures(by labels: LabelKey...) -> PromQL {
        self.series.where(self.failure).count.rate(.rateInterval).sum(by: labels)
    }

    func quantile(_ quantile: Double, by labels: LabelKey...) -> PromQL {
        self.series.quantile(quantile, .rateInterval, by: labels)
    }

    /// What a heat map draws.
    var buckets: PromQL { self.series.buckets.rate(.rateInterval).sum(by: [.le]) }

    /// How many there were within the range shown.
    var total: PromQL { self.series.count.increase(.range).sum() }

    /// A second, by `2xx`, `4xx`, `5xx`.
    var rateByStatusClass: PromQL {
        self.rate(by: .responseStatus).labelled(.statusClass, "${1}xx", from: .responseStatus, matching: "(.)..")
            .sum(by: [.statusClass])
    }
}

extension PromQL {
    /// The same with a label made from another: `$1` is what the first group of the pattern matched.
    func labelled(_ label: LabelKey, _ value: String, from source: LabelKey, matching pattern: String) -> PromQL {
        .call(
            "label_replace",
            [self, .string(label.name), .string(value), .string(source.name), .string(pattern)])
    }

    static func / (left: PromQL, right: Double) -> PromQL { .binary(left, .divided, .number(right), nil) }

    /// How much is left of 1.
    var complement: PromQL { .binary(.number(1), .minus, self, nil) }

    /// 0 where there is nothing: for counts of things that have no series while there are none.
    var orZero: PromQL { self.or(.one(0)) }
}
