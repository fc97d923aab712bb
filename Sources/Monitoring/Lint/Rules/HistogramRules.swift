/// Buckets are counts up to a bound: they mean something by their bound alone.
extension ExpressionCheck {
    mutating func quantile(_ arguments: [PromQL]) {
        guard let operand = arguments.last else { return }
        let shape = self.shape(operand)
        guard let labels = shape.labels else { return }
        if !labels.contains("le") { self.report(.leKept, "histogram_quantile of what has no le: \(operand)") }
        if shape.isPinned { self.report(.leKept, "histogram_quantile of one bucket: \(operand)") }
        if labels.contains("le"), !shape.hasBuckets {
            self.report(.leKept, "histogram_quantile of what is made of no buckets: \(operand)")
        }
    }

    /// Each bucket counts what those below it have counted.
    mutating func buckets(_ aggregation: PromQL.Aggregation) {
        let shape = self.shape(aggregation.operand)
        guard shape.hasBuckets, !shape.isPinned, shape.labels?.contains("le") == true else { return }
        guard ["sum", "avg", "max", "min"].contains(aggregation.function) else { return }
        let isKept =
            switch aggregation.grouping {
            case nil: false
            case .by(let labels)?: labels.contains("le")
            case .without(let labels)?: !labels.contains("le")
            }
        if !isKept { self.report(.leKept, "\(aggregation.function) of buckets that neither keeps nor chooses le") }
    }

    /// Prometheus keeps the bound as it is exposed: `le="1"` in the old format, `le="1.0"` in OpenMetrics.
    mutating func bound(_ matcher: LabelMatcher, _ name: String, _ entry: MetricEntry) {
        let texts = entry.bounds.flatMap(Self.texts) + ["+Inf"]
        switch matcher.kind {
        case .equal, .notEqual:
            if !texts.contains(matcher.value) {
                self.report(.bucketBound, "\(name) has no bucket that ends at \(matcher.value)")
            } else if let bound = Double(matcher.value), bound.isFinite, bound == bound.rounded() {
                self.report(
                    .bucketBound,
                    "le=\(PromQL.quoted(matcher.value)) of \(name) is found in one format of exposition alone")
            }
        case .matches, .matchesNot:
            guard !matcher.value.contains("$"), let pattern = try? Regex(matcher.value) else { return }
            if !texts.contains(where: { $0.wholeMatch(of: pattern) != nil }) {
                self.report(.bucketBound, "\(name) has no bucket whose bound matches \(matcher.value)")
            }
        }
    }

    private static func texts(_ bound: Double) -> [String] {
        let text = PromQL.text(bound)
        return bound == bound.rounded() ? [text, text + ".0"] : [text]
    }
}
