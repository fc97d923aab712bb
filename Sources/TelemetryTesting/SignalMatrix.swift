/// Which service emits what, as a table of Markdown: a row for each signal, a column for each service.
public struct SignalMatrix: Sendable {
    public let services: [String]
    /// In the order of the table.
    public let signals: [String]
    private let cells: [String: Set<String>]

    /// - Precondition: the table is one: a head, a rule, and rows as long as the head.
    public init(table: String) {
        let rows = table.split(separator: "\n").map { line in
            line.split(separator: "|").map { cell in
                String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            }
        }
        precondition(rows.count > 2 && rows.allSatisfy { $0.count == rows[0].count }, "the table is not regular")
        self.services = Array(rows[0].dropFirst())
        self.signals = rows.dropFirst(2).map { $0[0].filter { $0 != "`" } }
        var cells: [String: Set<String>] = [:]
        for row in rows.dropFirst(2) {
            let marked = zip(rows[0], row).dropFirst().filter { $0.1 == Self.mark }.map(\.0)
            cells[row[0].filter { $0 != "`" }] = Set(marked)
        }
        self.cells = cells
    }

    static let mark = "●"

    /// The services of a row.
    public func services(emitting signal: String) -> Set<String> { self.cells[signal] ?? [] }

    /// The row of a metric: the longest namespace `metrics: shop.db.*` that it is in.
    public func row(ofMetric name: String) -> String? {
        self.signals.filter { signal in
            guard signal.hasPrefix("metrics: "), signal.hasSuffix(".*") else { return false }
            let namespace = signal.dropFirst("metrics: ".count).dropLast(2)
            return name == namespace || name.hasPrefix(namespace + ".")
        }.max { $0.count < $1.count }
    }
}
