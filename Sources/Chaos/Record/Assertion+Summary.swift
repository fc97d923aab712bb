extension Assertion.Claim {
    /// The claim in words, with its bound.
    var summary: String {
        switch self {
        case .answers(let steps, let status, let bounds):
            "answers \(status.map(\.text).joined(separator: ", "))\(steps.phrase) \(bounds.shares)"
        case .errors(let steps, let bounds): "errors\(steps.phrase) \(bounds.shares)"
        case .latency(let steps, let quantile, let bounds):
            "p\((quantile * 100).rounded(decimals: 1))\(steps.phrase) \(bounds.text(" ms"))"
        case .retryAfter(let steps, let bounds): "Retry-After on 503\(steps.phrase) \(bounds.shares)"
        case .stale(let steps, let bounds): "marked as stale\(steps.phrase) \(bounds.shares)"
        case .metric(let query, let reduction, let bounds):
            "\(reduction == .value ? "" : "\(reduction.rawValue) of ")\(query) \(bounds.text(reduction == .rate ? " /s" : ""))"
        case .rateRatio(let query, let bounds): "rate of \(query) \(bounds.text(" times the steady one"))"
        case .breakerOpens(let name, let limit): "breaker \(name) opens within \(limit.short) s"
        case .breakerCloses(let name, let limit): "breaker \(name) closes within \(limit.short) s"
        }
    }
}

extension Assertion.Bounds {
    func text(_ unit: String) -> String { self.text { "\($0.short)\(unit)" } }

    var shares: String { self.text(\.percent) }

    private func text(_ format: (Double) -> String) -> String {
        switch (self.atLeast, self.atMost) {
        case (let least?, let most?) where least == most: "= \(format(least))"
        case (let least?, let most?): "from \(format(least)) to \(format(most))"
        case (let least?, nil): "≥ \(format(least))"
        case (nil, let most?): "≤ \(format(most))"
        case (nil, nil): ""
        }
    }
}

extension Assertion.Window {
    /// Nothing for the whole of the fault, which is where most assertions look.
    var summary: String {
        if self.phase == .fault && self.from == 0 && self.to == nil { return "" }
        let part =
            switch (self.from, self.to) {
            case (0, nil): ""
            case (let from, nil): " from \(from.short) s on"
            case (let from, let to?): " from \(from.short) s to \(to.short) s"
            }
        return ", \(self.phase.rawValue)\(part)"
    }
}

extension [String] {
    /// Names them while they fit a line.
    fileprivate var phrase: String {
        switch self.count {
        case 0: ""
        case 1...3: " of \(self.joined(separator: ", "))"
        default: " of \(self[0]) and \(self.count - 1) more"
        }
    }
}
