/// What the reader chooses above the panels, and queries refer to.
package struct DashboardVariable: Sendable, Hashable {
    package enum Source: Sendable, Hashable {
        /// The values that a label has on series.
        case values(of: LabelKey, on: PromQL)
        /// What is typed.
        case text
    }
    package let name: String
    package let title: String
    package let source: Source

    private init(_ name: String, _ title: String, _ source: Source) {
        self.name = name
        self.title = title
        self.source = source
    }

    /// Several may be chosen, or all.
    package init(_ label: LabelKey, _ title: String, name: String? = nil, on series: PromQL) {
        self.init(name ?? label.name, title, .values(of: label, on: series))
    }

    package static func text(_ name: String, _ title: String) -> DashboardVariable {
        DashboardVariable(name, title, .text)
    }

    /// As queries write it.
    package var reference: String { "$\(self.name)" }

    /// Holds for the series whose label has one of the chosen values.
    package var condition: LabelCondition {
        guard case .values(let label, _) = self.source else {
            preconditionFailure("\(self.name) is no label's value")
        }
        return .matches(label, self.reference)
    }
}
