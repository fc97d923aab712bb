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

    struct State: Sendable {
        var series = SeriesTexts()
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
        var state = State()
        for one in values { state.series.append(LabelText.render(names: self.header.labelNames, values: one)) }
        self.state = Mutex(state)
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
            state.series.append(LabelText.render(names: self.header.labelNames, values: values))
            state.indexByValues[values] = index
            return index
        }
    }

    func observe(_ observer: @escaping Observer) { self.state.withLock { $0.observers.append(observer) } }
}

/// The label sets of a family's series, `name="value",…`, rendered once and laid end to end: a scrape walks through
/// memory in order.
struct SeriesTexts: Sendable {
    private(set) var bytes: [UInt8] = []
    /// Where each series' text ends.
    private(set) var ends: [Int] = []

    var count: Int { self.ends.count }

    mutating func append(_ labels: [UInt8]) {
        self.bytes.append(contentsOf: labels)
        self.ends.append(self.bytes.count)
    }

    /// Calls `body` with each series' index and text.
    @inline(__always)
    func forEach(_ body: (_ index: Int, _ labels: UnsafeBufferPointer<UInt8>) -> Void) {
        self.bytes.withUnsafeBufferPointer { bytes in
            var start = 0
            for index in self.ends.indices {
                let end = self.ends[index]
                body(index, UnsafeBufferPointer(rebasing: bytes[start..<end]))
                start = end
            }
        }
    }
}
