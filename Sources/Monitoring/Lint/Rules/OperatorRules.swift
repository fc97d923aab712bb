/// What operators stand between must fit.
extension ExpressionCheck {
    // MARK: Units

    mutating func units(_ left: PromQL, _ symbol: PromQL.BinaryOperator, _ right: PromQL) {
        let isOfLikes = symbol.isComparison || symbol == .plus || symbol == .minus || symbol == .or
        guard isOfLikes else { return }
        let (mine, other) = (self.shape(left), self.shape(right))
        // A bare number is in the unit of what it is compared with.
        guard mine.constant == nil, other.constant == nil, let unit = mine.unit, let otherUnit = other.unit,
            unit != otherUnit
        else { return }
        self.report(.unitsFit, "\(unit) \(symbol.rawValue) \(otherUnit): \(left) \(symbol.rawValue) \(right)")
    }

    mutating func panelUnit(of query: PromQL) {
        guard let name = self.context.panelUnit, let shown = Dimension(panelUnit: name) else { return }
        let shape = self.shape(query)
        guard shape.constant == nil, let unit = shape.unit, unit != shown else { return }
        self.report(.unitsFit, "\(query) is in \(unit), and the panel shows \(name)")
    }

    // MARK: Division

    mutating func division(by right: PromQL) {
        if self.shape(right).isNeverZero { return }
        self.report(.divisionGuarded, "\(right) may be 0: x / (y > 0) or y * 0")
    }

    // MARK: Matching

    mutating func matching(
        _ left: PromQL, _ symbol: PromQL.BinaryOperator, _ right: PromQL, _ matching: PromQL.VectorMatching?
    ) {
        // What `or` adds may be labelled otherwise: `or vector(0)`.
        guard symbol != .or else { return }
        let (mine, others) = (self.shape(left), self.shape(right))
        guard !mine.isScalar, !others.isScalar, var labels = mine.labels, var otherLabels = others.labels else {
            return
        }
        switch matching?.labels {
        case .on?: return
        case .ignoring(let names)?:
            labels.subtract(names)
            otherLabels.subtract(names)
        case nil: break
        }
        guard labels != otherLabels, matching?.cardinality.taken == nil || matching?.labels == nil else { return }
        self.report(
            .matching,
            "\(symbol.rawValue) between what has \(labels.sorted()) and what has \(otherLabels.sorted()): say on or ignoring"
        )
    }

    // MARK: Windows

    mutating func window(_ range: PromDuration, _ selector: VectorSelector) {
        // What a rule records comes when its group is evaluated.
        if selector.metricName?.contains(":") == true { return }
        switch range {
        case .variable(let name):
            if name.contains("__interval") {
                self.report(.window, "\(name) may be shorter than two scrapes; $__rate_interval is not")
            }
        case .milliseconds(let length):
            guard case .milliseconds(let interval) = self.context.scrapeInterval, length < 2 * interval else { return }
            self.report(
                .window, "[\(range.text)] is shorter than two scrapes, \(PromDuration.milliseconds(2 * interval).text)")
        }
    }
}
