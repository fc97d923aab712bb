/// The report for a terminal, 118 columns at most.
extension LoadReport {
    private static let shares: [(name: String, share: Double)] = [
        ("p50", 0.5), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99), ("p99.9", 0.999),
    ]

    public func text() -> String {
        var lines = [self.headline, ""]
        lines.append(
            LoadText.left("", 37)
                + "latency from the intended start" + String(repeating: " ", count: 21) + "service time")
        lines.append(Self.header)
        for step in self.steps { lines.append(self.row(step.step.name, step.tally, step.service)) }
        if self.steps.count > 1 { lines.append(self.row("all", self.total, self.service)) }
        lines += self.outcomeLines + self.remarks
        return lines.joined(separator: "\n")
    }

    private var headline: String {
        let journeys = self.journeys
        let seconds = self.elapsed.seconds
        let rate = LoadText.threeDigits(Double(journeys.begun) / seconds)
        return
            "\(journeys.begun) journeys in \(LoadText.threeDigits(seconds)) s (\(rate)/s) against \(self.target), seed \(self.seed)"
    }

    private static let header: String = {
        var line = LoadText.left("step", 17) + LoadText.right("requests", 9) + LoadText.right("/s", 6)
        line += LoadText.right("errors", 7)
        for share in Self.shares { line += LoadText.right(share.name, 8) }
        line += LoadText.right("max", 8) + "  "
        return line + LoadText.right("p50", 8) + LoadText.right("p99", 8) + LoadText.right("max", 8)
    }()

    private func row(_ name: String, _ tally: StepTally, _ service: LatencyHistogram) -> String {
        let rate = LoadText.threeDigits(Double(tally.requests) / self.elapsed.seconds)
        var line = LoadText.left(name, 17) + LoadText.right(String(tally.requests), 9) + LoadText.right(rate, 6)
        line += LoadText.right(String(tally.failed), 7)
        for share in Self.shares { line += Self.cell(tally.latency.percentile(share.share)) }
        line += Self.cell(tally.latency.max) + "  "
        return line + Self.cell(service.percentile(0.5)) + Self.cell(service.percentile(0.99)) + Self.cell(service.max)
    }

    private static func cell(_ duration: Duration) -> String { LoadText.right(LoadText.short(duration), 8) }

    /// What was not a plain success, by step and kind.
    private var outcomeLines: [String] {
        var lines: [String] = []
        for step in self.steps {
            for (outcome, count) in step.tally.sortedOutcomes where outcome.kind != .succeeded {
                let trace = self.failures.first { $0.step == step.step && $0.outcome == outcome }?.traceID
                let line = "  \(LoadText.left(outcome.kind.rawValue, 9)) \(LoadText.left(step.step.name, 17))"
                lines.append(
                    line + "\(LoadText.left("\(outcome)", 20))\(count)" + (trace.map { "   trace \($0)" } ?? ""))
            }
        }
        return lines.isEmpty ? [] : ["", "Not plain successes:"] + lines
    }

    private var remarks: [String] {
        var remarks: [String] = []
        if let preparationFailure { remarks.append("Before the start \(preparationFailure).") }
        if self.journeys.droppedForRoom > 0 {
            remarks.append(
                "\(self.journeys.droppedForRoom) journeys did not begin: as many as --in-flight allows were under way. The rate was not reached."
            )
        }
        if self.journeys.droppedForCustomer > 0 {
            remarks.append(
                "\(self.journeys.droppedForCustomer) journeys did not begin: every customer was busy; raise --customers."
            )
        }
        if self.journeys.cut > 0 {
            remarks.append("\(self.journeys.cut) journeys were cut short by the end of the run.")
        }
        let p99 = LoadText.short(self.lag.percentile(0.99))
        let most = LoadText.short(self.lag.max)
        if self.wasBehindSchedule {
            remarks.append(
                "The generator itself was behind schedule: p99 \(p99), at most \(most). The latencies hold that; the service times do not."
            )
        } else {
            remarks.append("The generator kept its schedule: late by p99 \(p99), at most \(most).")
        }
        return [""] + remarks
    }
}

extension StepTally {
    /// The most frequent first; of equals by name, so that two reports of the same run are the same.
    var sortedOutcomes: [(outcome: LoadOutcome, count: Int)] {
        self.outcomes.map { ($0.key, $0.value) }.sorted { left, right in
            left.1 != right.1 ? left.1 > right.1 : left.0.description < right.0.description
        }
    }
}
