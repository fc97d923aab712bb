/// One picture on a dashboard, and what it shows.
package struct Panel: Sendable {
    /// One on its dashboard: its number is made from it.
    package let title: String
    /// What is seen, and when to worry.
    package let description: String
    package let visualization: Visualization
    package let unit: PanelUnit
    package var queries: [Query]
    package var thresholds: Thresholds?
    package var colours: [SeriesColour] = []
    package var links: [PanelLink] = []
    /// Of the row's columns.
    package var span = 1
    /// The ends of the scale, where they are known.
    package var min: Double?
    package var max: Double?
    package var decimals: Int?
    /// Where a query says nothing of its own.
    package var dataNeeds = DataNeeds.aHealthyLab

    init(
        _ title: String, _ description: String, _ visualization: Visualization, _ unit: PanelUnit, _ queries: [Query]
    ) {
        self.title = title
        self.description = description
        self.visualization = visualization
        self.unit = unit
        self.queries = queries
    }

    /// From the title, so that a panel put in front of others leaves theirs as they are: links point to it.
    ///
    /// FNV-1a, folded to six digits. That no two on a dashboard meet is tested.
    package var id: Int {
        var hash: UInt32 = 2_166_136_261
        for byte in self.title.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return Int(hash % 999_999) + 1
    }

    /// Whether its queries are asked for one moment alone, rather than for each step of the range shown.
    package var isInstant: Bool {
        switch self.visualization {
        case .stat(let hasTrend): !hasTrend
        case .gauge, .barGauge, .table: true
        case .timeSeries, .heatMap, .stateTimeline, .logs, .text: false
        }
    }
}

/// How a panel draws.
package enum Visualization: Sendable, Hashable {
    case timeSeries(isStacked: Bool)
    /// One number for each series, with its course behind it or without.
    case stat(hasTrend: Bool)
    case gauge
    case barGauge
    /// Rows by labels, one column for each query.
    case table(keys: [TableKey])
    /// Of the buckets of a histogram.
    case heatMap
    /// What each number means.
    case stateTimeline([StateName])
    case logs
    /// Markdown.
    case text(String)
}

/// What a panel's data needs beyond a healthy lab with gentle load.
package enum DataNeeds: Sendable, Hashable {
    case aHealthyLab
    /// `when a fault is active`: a sentence's end.
    case only(String)

    package var reason: String? { if case .only(let reason) = self { reason } else { nil } }
}
