/// A table: a row for each combination of labels, a column for each query.
package struct Table: PanelSource {
    package let panel: Panel

    /// - Parameters:
    ///   - keys: what tells rows apart: the labels that all the columns' queries keep.
    package init(
        _ title: String, _ description: String, keys: [TableKey], @ColumnBuilder columns: () -> [Query]
    ) {
        self.panel = Panel(title, description, .table(keys: keys), .none, columns())
    }
}

/// A label that tells a table's rows apart, under the heading it is given.
package struct TableKey: Sendable, Hashable {
    package let label: LabelKey
    package let title: String

    package init(_ label: LabelKey, _ title: String) {
        self.label = label
        self.title = title
    }
}

/// A column of a table.
package struct Column: Sendable {
    let query: Query

    /// - Parameter states: what its numbers are called, where they stand for states.
    package init(
        _ title: String, _ unit: PanelUnit, _ expression: PromQL, _ thresholds: Thresholds? = nil,
        states: [StateName] = []
    ) {
        self.query = Query(
            expression, column: Query.Column(title: title, unit: unit, thresholds: thresholds, states: states))
    }
}

@resultBuilder
package enum ColumnBuilder {
    package static func buildBlock(_ columns: Column...) -> [Query] { columns.map(\.query) }
}
