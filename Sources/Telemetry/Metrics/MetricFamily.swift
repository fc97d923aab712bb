import Synchronization

/// One registered metric: its description, its cells, and the series that exist.
final class MetricFamily: Sendable {
    enum Cells: Sendable {
        /// Exemplars for counters; those of the other kinds are never written.
        case numbers(CellTable, ExemplarCells)
        case histogram(HistogramCells)
        case observed
    }

    typealias Observation = (values: [String], value: Double)
    typealias Observer = @Sendable () -> [Observation]

    struct State: Sendable {
        var series = SeriesTexts()
        var indexByValues: [[String]: Int] = [:]
        var observers: [Observer] = []
        /// Records that fell to the overflow series since the start, as look-ups.
        var overflowCount = 0
    }

    let description: MetricDescription
    let cells: Cells
    let header: MetricHeader
    /// Series at most; the cell after them belongs to the overflow series of a dynamic family.
    let seriesMax: Int
    let isDynamic: Bool
    let state: Mutex<State>

    /// Observations taken from one scrape at most; what is beyond is left out and counted.
    static let observationsMax = 2_000

    /// - Parameter now: Unix time in nanoseconds: when the series begin.
    init(_ description: MetricDescription, cells: Cells, closed values: [[String]], now: UInt64) {
        self.description = description
        self.cells = cells
        self.header = MetricHeader(description)
        self.seriesMax = values.count
        self.isDynamic = false
        var state = State()
        for (index, one) in values.enumerated() {
            state.series.append(LabelText.render(names: self.header.labelNames, values: one), created: now)
            state.indexByValues[one] = index
        }
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
    func index(of values: [String], now: () -> UInt64) -> Int {
        precondition(
            values.count == self.description.labelNames.count,
            "\(self.description.name) has the labels \(self.description.labelNames), got \(values)")
        return self.state.withLock { state in
            if let known = state.indexByValues[values] { return known }
            guard state.series.count < self.seriesMax else {
                state.overflowCount += 1
                return self.seriesMax
            }
            let index = state.series.count
            state.series.append(LabelText.render(names: self.header.labelNames, values: values), created: now())
            state.indexByValues[values] = index
            return index
        }
    }

    func observe(_ observer: @escaping Observer) { self.state.withLock { $0.observers.append(observer) } }

    /// What the observers say now, up to the bound.
    func observations() -> [Observation] {
        var all = self.state.withLock { $0.observers }.flatMap { $0() }
        let beyond = all.count - Self.observationsMax
        guard beyond > 0 else { return all }
        all.removeLast(beyond)
        self.state.withLock { $0.overflowCount += beyond }
        return all
    }
}

/// The label sets of a family's series, `name="value",…`, rendered once and laid end to end: a scrape walks through
/// memory in order.
struct SeriesTexts: Sendable {
    private(set) var bytes: [UInt8] = []
    /// Where each series' text ends.
    private(set) var ends: [Int] = []
    /// When each series began, in Unix nanoseconds.
    private(set) var created: [UInt64] = []

    var count: Int { self.ends.count }

    mutating func append(_ labels: [UInt8], created: UInt64) {
        self.bytes.append(contentsOf: labels)
        self.ends.append(self.bytes.count)
        self.created.append(created)
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
