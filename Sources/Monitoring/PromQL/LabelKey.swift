package import Telemetry

/// The name of a label, taken from what declares it, so that no query can name one that nobody has.
package struct LabelKey: Sendable, Hashable {
    /// In Prometheus' spelling.
    package let name: String

    /// A label whose values are the cases of an enum.
    package init<L: MetricLabel>(_ label: L.Type) { self.name = PrometheusName.label(label.labelName) }

    /// A label that is an attribute: `LabelKey(Attribute.httpRoute)`.
    package init(_ attribute: some DeclaredAttribute) { self.name = PrometheusName.label(attribute.descriptor.key) }

    /// A label of a metric whose labels are known only while running; that the metric has it is checked where the two
    /// meet.
    package init(_ name: String) { self.name = PrometheusName.label(name) }

    // What the scrape configuration adds to every series.
    package static let job = LabelKey("job")
    package static let instance = LabelKey("instance")
    /// The service, as `ServiceName` spells it.
    package static let service = LabelKey("service")
    /// The upper bound of a histogram's bucket.
    package static let le = LabelKey("le")

    /// Those that every series has, whatever its metric declares.
    package static let ofTargets: Set<String> = ["job", "instance", "service"]
}

/// A condition on a label.
package struct LabelCondition: Sendable, Hashable {
    package let matcher: LabelMatcher

    private init(_ key: LabelKey, _ kind: LabelMatcher.Kind, _ value: String) {
        self.matcher = LabelMatcher(key.name, kind, value)
    }

    package static func `is`(_ key: LabelKey, _ value: String) -> LabelCondition { .init(key, .equal, value) }
    package static func isNot(_ key: LabelKey, _ value: String) -> LabelCondition { .init(key, .notEqual, value) }
    /// - Parameter pattern: RE2, anchored at both ends.
    package static func matches(_ key: LabelKey, _ pattern: String) -> LabelCondition { .init(key, .matches, pattern) }
    package static func matchesNot(_ key: LabelKey, _ pattern: String) -> LabelCondition {
        .init(key, .matchesNot, pattern)
    }

    /// `outcome="declined"`, from the case.
    package static func `is`<L: MetricLabel>(_ value: L) -> LabelCondition { .is(LabelKey(L.self), value.rawValue) }
    package static func isNot<L: MetricLabel>(_ value: L) -> LabelCondition {
        .isNot(LabelKey(L.self), value.rawValue)
    }
    package static func isAny<L: MetricLabel>(_ values: L...) -> LabelCondition {
        .matches(LabelKey(L.self), values.map(\.rawValue).joined(separator: "|"))
    }
    package static func isNone<L: MetricLabel>(_ values: L...) -> LabelCondition {
        .matchesNot(LabelKey(L.self), values.map(\.rawValue).joined(separator: "|"))
    }
}
