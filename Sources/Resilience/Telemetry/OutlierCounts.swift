public import Telemetry

/// The series of endpoints that get no calls because they fail where the others do not.
package enum OutlierMetrics {
    package static let ejected = DynamicDescriptor(
        "resilience.outlier.ejected", kind: .gauge, unit: .count("endpoint"),
        help: "Endpoints of an upstream that are passed over now.", labelNames: ["client"])
    package static let ejections = DynamicDescriptor(
        "resilience.outlier.ejections", kind: .counter, unit: .count("ejection"),
        help: "Times that an endpoint of an upstream began to be passed over.", labelNames: ["client"])
}

/// Counts the ejections of one upstream's endpoints; at zero from the start, of one endpoint for good.
public struct OutlierCounts: Sendable {
    private let ejections: CounterSeries

    /// - Parameters:
    ///   - client: the upstream that is called.
    ///   - ejected: how many endpoints are passed over now; asked at each scrape.
    public init(client: String, telemetry: Telemetry, ejected: @escaping @Sendable () -> Int) {
        self.ejections = telemetry.metrics.dynamicCounter(OutlierMetrics.ejections).series([client])
        telemetry.metrics.observable(OutlierMetrics.ejected) { [([client], Double(ejected()))] }
    }

    /// - Parameter ejections: those that a call has brought about, none as a rule.
    public func record(_ ejections: Int) { if ejections > 0 { self.ejections.add(ejections) } }
}
