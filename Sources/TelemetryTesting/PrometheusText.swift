/// A scrape read back, strictly: what this refuses, Prometheus may misread.
public struct PrometheusText: Sendable {
    public struct Sample: Sendable, Hashable {
        public let name: String
        public let labels: [String: String]
        public let value: Double
        /// What follows ` # ` in OpenMetrics.
        public let exemplar: String?
    }

    public struct Family: Sendable, Hashable {
        public let name: String
        public var type = "unknown"
        public var help: String?
        public var unit: String?
    }

    public private(set) var families: [String: Family] = [:]
    public private(set) var samples: [Sample] = []
    public let isOpenMetrics: Bool

    /// Reads text 0.0.4, or OpenMetrics when it ends in `# EOF`.
    ///
    /// - Throws: for a malformed line, a sample without its family's TYPE, a family that comes twice, a repeated
    ///   series, a histogram whose buckets fall or disagree with its count.
    public init(parsing text: String) throws(PrometheusTextError) {
        self.isOpenMetrics = text.hasSuffix("# EOF\n")
        guard text.isEmpty || text.hasSuffix("\n") else { throw .init(line: 0, reason: "no line feed at the end") }
        var parser = PrometheusLineParser(isOpenMetrics: self.isOpenMetrics)
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().enumerated() {
            do { try parser.read(String(line)) } catch { throw .init(line: index + 1, reason: error.reason) }
        }
        self.families = parser.families
        self.samples = parser.samples
        try self.checkHistograms()
    }

    /// The value of the one series with exactly these labels.
    public func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        self.samples.first { $0.name == name && $0.labels == labels }?.value
    }

    /// Every series of a name.
    public func series(_ name: String) -> [Sample] { self.samples.filter { $0.name == name } }

    private func checkHistograms() throws(PrometheusTextError) {
        for family in self.families.values where family.type == "histogram" {
            let buckets = Dictionary(grouping: self.series(family.name + "_bucket")) {
                $0.labels.filter { $0.key != "le" }
            }
            for (labels, series) in buckets {
                let counts = series.map(\.value)
                let bounds = series.map { Double($0.labels["le"]?.replacingInfinity ?? "") ?? .nan }
                guard zip(bounds, bounds.dropFirst()).allSatisfy({ $0 < $1 }), bounds.last == .infinity else {
                    throw .init(line: 0, reason: "\(family.name): bounds do not rise to +Inf")
                }
                guard zip(counts, counts.dropFirst()).allSatisfy({ $0 <= $1 }) else {
                    throw .init(line: 0, reason: "\(family.name): buckets fall")
                }
                guard self.value(family.name + "_count", labels) == counts.last,
                    self.value(family.name + "_sum", labels) != nil
                else { throw .init(line: 0, reason: "\(family.name): count or sum missing or wrong") }
            }
        }
    }
}

/// Why a scrape is not well formed.
public struct PrometheusTextError: Error, Sendable, Hashable {
    /// From 1; 0 for the text as a whole.
    public let line: Int
    public let reason: String
}

extension String {
    fileprivate var replacingInfinity: String { self == "+Inf" ? "inf" : self }
}
