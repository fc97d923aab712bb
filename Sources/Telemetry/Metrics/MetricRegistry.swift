import Synchronization

/// Every metric of one process. Registering takes a lock and allocates; recording through the handles does neither.
///
/// Registering the same descriptor again gives the same series; the same name with another meaning stops the program.
public final class MetricRegistry: Sendable {
    private let families = Mutex<[String: MetricFamily]>([:])
    let exemplarFilter: ExemplarFilter
    /// `name="value",…` of the resource, for `target_info`.
    let targetInfo: [UInt8]

    /// Unix time in nanoseconds.
    let now: @Sendable () -> UInt64
    /// Whether OpenMetrics gets `_created` samples: when each counter and histogram began.
    let writesCreated: Bool
    /// Under `OTEL_SDK_DISABLED` nothing is exposed, though handles go on working.
    let isDisabled: Bool

    init(
        resource: Resource = .empty, exemplarFilter: ExemplarFilter = .traceBased, writesCreated: Bool = false,
        isDisabled: Bool = false, now: @escaping @Sendable () -> UInt64
    ) {
        self.exemplarFilter = isDisabled ? .alwaysOff : exemplarFilter
        self.writesCreated = writesCreated
        self.isDisabled = isDisabled
        self.now = now
        self.targetInfo = resource.targetInfoLabels
    }

    public func counter<Labels>(_ descriptor: CounterDescriptor<Labels>) -> Counter<Labels> {
        let (cells, exemplars) = self.numbers(descriptor.description, Labels.self)
        return Counter(cells: cells, exemplars: exemplars)
    }

    public func upDownCounter<Labels>(_ descriptor: UpDownCounterDescriptor<Labels>) -> UpDownCounter<Labels> {
        UpDownCounter(cells: self.numbers(descriptor.description, Labels.self).0)
    }

    public func gauge<Labels>(_ descriptor: GaugeDescriptor<Labels>) -> Gauge<Labels> {
        Gauge(cells: self.numbers(descriptor.description, Labels.self).0)
    }

    public func histogram<Labels>(_ descriptor: HistogramDescriptor<Labels>) -> Histogram<Labels> {
        let description = descriptor.description
        let family = self.family(description) {
            let values = Self.closedValues(Labels.self, description)
            let cells = HistogramCells(
                bounds: description.bounds, seriesCount: values.count, exemplarFilter: self.exemplarFilter)
            return MetricFamily(description, cells: .histogram(cells), closed: values, now: self.now())
        }
        guard case .histogram(let cells) = family.cells else { Self.refuse(description) }
        return Histogram(cells: cells)
    }

    /// A gauge read at each scrape; several observers of one descriptor add up their series.
    public func observableGauge<Labels>(
        _ descriptor: GaugeDescriptor<Labels>, _ observe: @escaping @Sendable () -> [(Labels, Double)]
    ) {
        self.observed(descriptor.description).observe { observe().map { ($0.0.values, $0.1) } }
    }

    /// A counter read at each scrape; `observe` answers totals since the start.
    public func observableCounter<Labels>(
        _ descriptor: CounterDescriptor<Labels>, _ observe: @escaping @Sendable () -> [(Labels, Double)]
    ) {
        self.observed(descriptor.description).observe { observe().map { ($0.0.values, $0.1) } }
    }

    /// A counter or gauge with open labels, read at each scrape.
    public func observable(
        _ descriptor: DynamicDescriptor, _ observe: @escaping @Sendable () -> [(values: [String], value: Double)]
    ) {
        self.observed(descriptor.description).observe(observe)
    }

    /// A counter with open labels; beyond `seriesMax` label sets, all share one overflow series.
    public func dynamicCounter(_ descriptor: DynamicDescriptor, seriesMax: Int = 2_000) -> CounterFamily {
        CounterFamily(family: self.dynamicNumbers(descriptor, .counter, seriesMax), now: self.now)
    }

    /// An up-down counter with open labels; beyond `seriesMax` label sets, all share one overflow series.
    public func dynamicUpDownCounter(_ descriptor: DynamicDescriptor, seriesMax: Int = 2_000) -> UpDownCounterFamily {
        UpDownCounterFamily(family: self.dynamicNumbers(descriptor, .upDownCounter, seriesMax), now: self.now)
    }

    /// A gauge with open labels; beyond `seriesMax` label sets, all share one overflow series.
    public func dynamicGauge(_ descriptor: DynamicDescriptor, seriesMax: Int = 2_000) -> GaugeFamily {
        GaugeFamily(family: self.dynamicNumbers(descriptor, .gauge, seriesMax), now: self.now)
    }

    /// A histogram with open labels; beyond `seriesMax` label sets, all share one overflow series.
    public func dynamicHistogram(_ descriptor: DynamicDescriptor, seriesMax: Int = 2_000) -> HistogramFamily {
        let description = descriptor.description
        precondition(description.kind == .histogram, "\(description.name) is declared as a \(description.kind)")
        let family = self.family(description) {
            let cells = HistogramCells(
                bounds: description.bounds, seriesCount: seriesMax + 1, exemplarFilter: self.exemplarFilter)
            return MetricFamily(description, cells: .histogram(cells), seriesMax: seriesMax)
        }
        return HistogramFamily(family: family, now: self.now)
    }

    /// Series that exist now, and look-ups that found no room for a new one.
    var seriesCounts: (series: Int, overflowed: Int) {
        self.families.withLock { Array($0.values) }.reduce(into: (0, 0)) { sum, family in
            let (series, overflowed) = family.state.withLock { ($0.series.count, $0.overflowCount) }
            sum.0 += series
            sum.1 += overflowed
        }
    }

    /// What is registered, by Prometheus name.
    public var descriptions: [MetricDescription] { self.sortedFamilies().map(\.description) }

    func sortedFamilies() -> [MetricFamily] {
        self.families.withLock { Array($0.values) }.sorted {
            $0.header.sampleName.lexicographicallyPrecedes($1.header.sampleName)
        }
    }

    private func numbers<Labels: MetricLabels>(
        _ description: MetricDescription, _: Labels.Type
    ) -> (CellTable, ExemplarCells) {
        let family = self.family(description) {
            let values = Self.closedValues(Labels.self, description)
            let cells = self.numberCells(description.kind, count: values.count)
            return MetricFamily(description, cells: cells, closed: values, now: self.now())
        }
        guard case .numbers(let cells, let exemplars) = family.cells else { Self.refuse(description) }
        return (cells, exemplars)
    }

    private func numberCells(_ kind: MetricKind, count: Int) -> MetricFamily.Cells {
        let filter = kind == .counter ? self.exemplarFilter : .alwaysOff
        return .numbers(CellTable(cellCount: count), ExemplarCells(count: count, filter: filter))
    }

    private func dynamicNumbers(_ descriptor: DynamicDescriptor, _ kind: MetricKind, _ seriesMax: Int) -> MetricFamily {
        let description = descriptor.description
        precondition(description.kind == kind, "\(description.name) is declared as a \(description.kind)")
        return self.family(description) {
            MetricFamily(description, cells: self.numberCells(kind, count: seriesMax + 1), seriesMax: seriesMax)
        }
    }

    private func observed(_ description: MetricDescription) -> MetricFamily {
        self.family(description) { MetricFamily(description, cells: .observed, closed: [], now: self.now()) }
    }

    private func family(_ description: MetricDescription, _ make: () -> MetricFamily) -> MetricFamily {
        let name = description.prometheusName
        return self.families.withLock { families in
            if let known = families[name] {
                guard known.description == description else { Self.refuse(description) }
                return known
            }
            let family = make()
            families[name] = family
            return family
        }
    }

    /// Recording trusts `index`, so a label type that numbers its values otherwise is refused here.
    private static func closedValues<Labels: MetricLabels>(
        _: Labels.Type, _ description: MetricDescription
    ) -> [[String]] {
        let all = Labels.all
        for (place, labels) in all.enumerated() {
            precondition(
                labels.index == place,
                "\(description.name): \(Labels.self) must be a plain enum whose allCases follow their declaration")
        }
        return all.map(\.values)
    }

    private static func refuse(_ description: MetricDescription) -> Never {
        preconditionFailure("\(description.name) is already registered with another meaning")
    }
}
