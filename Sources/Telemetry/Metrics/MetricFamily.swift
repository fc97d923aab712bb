import Synchronization

/// One registered metric: its description, its cells, and the series that exist.
final class MetricFamily: Sendable {
    enum Cells: Sendable {
        case numbers(CellTable)
        case histogram(HistogramCells)
        case observed
    }

    typealias Observation = (values: [String], value: Double)
    typealias Observer = @Sendable () -> [Observation]

    struct Series: Sendable {
        let values: [String]
        /// `name="value",…` with the values escaped: rendered once, copied at every scrape.
        let labels: [UInt8]
    }

    struct State: Sendable {
        var series: [Series] = []
        var indexByValues: [[String]: Int] = [:]
        var observers: [Observer] = []
    }

    let description: MetricDescription
    let cells: Cells
    let header: MetricHeader
    /// Series at most; the cell after them belongs to the overflow series of a dynamic family.
    let seriesMax: Int
    let isDynamic: Bool
    let state: Mutex<State>

    init(_ description: MetricDescription, cells: Cells, closed values: [[String]]) {
        self.description = description
        self.cells = cells
        self.header = MetricHeader(description)
        self.seriesMax = values.count
        self.isDynamic = false
        let names = self.header.labelNames
        self.state = Mutex(
            State(series: values.map { Series(values: $0, labels: LabelText.render(names: names, values: $0)) }))
    }

    init(_ description: MetricDescription, cells: Cells, seriesMax: Int) {
        self.description = description
        self.cells = cells
        self.header = MetricHeader(description)
        self.seriesMax = seriesMax
        self.isDynamic = true
        self.state = Mutex(State())
    }

    /// The index of the series with these values: a new one while there is room, else the overflow series.
    func index(of values: [String]) -> Int {
        precondition(
            values.count == self.description.labelNames.count,
            "\(self.description.name) has the labels \(self.description.labelNames), got \(values)")
        return self.state.withLock { state in
            if let known = state.indexByValues[values] { return known }
            guard state.series.count < self.seriesMax else { return self.seriesMax }
            let index = state.series.count
            let labels = LabelText.render(names: self.header.labelNames, values: values)
            state.series.append(Series(values: values, labels: labels))
            state.indexByValues[values] = index
            return index
        }
    }

    func observe(_ observer: @escaping Observer) { self.state.withLock { $0.observers.append(observer) } }
}
