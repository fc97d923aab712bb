/// A query whose answer Prometheus keeps under a name of its own.
package struct RecordingRule: Sendable, Hashable {
    /// `level:metric:operations`, or sloth's names for objectives.
    package let record: String
    package let expression: PromQL
    package let labels: [Label]

    package init(_ record: String, _ expression: PromQL, labels: [Label] = []) {
        self.record = record
        self.expression = expression
        self.labels = labels
    }
}

/// A label that a rule adds, in the order it is written.
package struct Label: Sendable, Hashable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
