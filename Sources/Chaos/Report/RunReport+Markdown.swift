extension RunReport {
    /// The report for people. The chart lies beside it as `chart.svg`.
    public func markdown() -> String {
        var text = "# \(self.experiment.title)\n\n"
        text += "**\(self.verdict.rawValue)** · experiment `\(self.experiment.name)` · seed \(self.experiment.seed)"
        text += " · \(self.target)\n\n\(self.experiment.description)\n\n"
        if case .cannotRun(let reason) = self.ending { text += "It could not be run: \(reason)\n\n" }
        if case .interrupted = self.ending { text += "It was interrupted, and everything was undone.\n\n" }
        text += "![Requests, errors and p99 by second](chart.svg)\n\n"
        text += self.findingsTable + self.timeline + self.breakerTable + self.alertTable + self.traceTable
        return text
    }

    private var findingsTable: String {
        guard !self.findings.isEmpty else { return "" }
        let rows = self.findings.map {
            "| \($0.passed ? "ok" : "**FAIL**") | \($0.claim.cell) | \($0.measured.cell) |\n"
        }
        return "## What was asserted\n\n| | Claim | Measured |\n|---|---|---|\n\(rows.joined())\n"
    }

    private var timeline: String {
        let rows = self.record.events.map { "| \($0.at.rounded(decimals: 1)) s | \($0.text.cell) |\n" }
        guard !rows.isEmpty else { return "" }
        return "## Timeline\n\n| At | What |\n|---|---|\n\(rows.joined())\n"
    }

    private var breakerTable: String {
        let changes = self.record.breakerChanges.filter { $0.from != nil || $0.to != "closed" }
        guard !changes.isEmpty else { return "" }
        let rows = changes.map {
            "| \($0.at.rounded(decimals: 1)) s | \($0.process) | \($0.name.breaker.cell) | \($0.from ?? "–") → \($0.to) |\n"
        }
        return "## Breakers\n\n| At | Process | Breaker | Change |\n|---|---|---|---|\n\(rows.joined())\n"
    }

    private var alertTable: String {
        let episodes = self.record.alerts.episodes.filter { $0.name != AlertExpectations.watchdog }
        guard !episodes.isEmpty else { return "" }
        let rows = episodes.map { episode in
            let end = episode.end.isFinite ? "\(episode.end.rounded(decimals: 1)) s" : "fires still"
            let told = episode.activeFrom == nil ? "suppressed" : episode.alert.labels["severity"] ?? ""
            return "| \(episode.begin.rounded(decimals: 1)) s | \(end) | \(episode.text.cell) | \(told) |\n"
        }
        return "## Alerts\n\n| From | To | Alert | Severity |\n|---|---|---|---|\n\(rows.joined())\n"
    }

    private var traceTable: String {
        guard !self.sampleTraces.isEmpty else { return "" }
        let rows = self.sampleTraces.map {
            "| \($0.at.rounded(decimals: 1)) s | \($0.step.cell) | \($0.status == 0 ? "none" : String($0.status)) | `\($0.traceID ?? "")` |\n"
        }
        return "## Traces of failed requests\n\n| At | Step | Status | Trace |\n|---|---|---|---|\n\(rows.joined())\n"
    }
}

extension String {
    /// Fit for a cell of a table.
    fileprivate var cell: String {
        self.map { $0 == "|" ? "\\|" : $0.isNewline ? " " : String($0) }.joined()
    }
}
