/// The rules of one objective, in sloth's groups.
extension Objective {
    package func file(_ profile: RuleProfile) -> RuleFile {
        RuleFile("objective-\(self.name)", self.groups(every: profile.interval))
    }

    /// - Parameter interval: between two evaluations; what is summed over a window is counted in them.
    package func groups(every interval: PromDuration) -> [RuleGroup] {
        [
            RuleGroup("sloth-slo-sli-recordings-\(self.id)", self.indicatorRules(interval).map(RuleGroup.Rule.record)),
            // Reads a month of samples: not every few seconds, and yet within the five minutes that Prometheus looks
            // back.
            RuleGroup(
                "sloth-slo-extra-rules-000-\(self.id)",
                self.windowRules(.period, interval).map(RuleGroup.Rule.record), every: .minutes(2)),
            RuleGroup("sloth-slo-meta-recordings-\(self.id)", self.metadataRules.map(RuleGroup.Rule.record)),
            RuleGroup("sloth-slo-alerts-\(self.id)", self.alerts.map(RuleGroup.Rule.alert)),
        ]
    }

    // MARK: Errors by window

    private func indicatorRules(_ interval: PromDuration) -> [RecordingRule] {
        [
            RecordingRule(SlothSeries.requestRate, self.requestRate, labels: self.labels),
            RecordingRule(SlothSeries.errorRate, self.errorRate, labels: self.labels),
            RecordingRule(
                SlothSeries.errorRatio(.fiveMinutes),
                .ratio(self.series(SlothSeries.errorRate), self.series(SlothSeries.requestRate)),
                labels: self.labels(.fiveMinutes)),
        ]
            + ObjectiveWindow.allCases.filter { $0 != .fiveMinutes && $0 != .period }
            .flatMap { self.windowRules($0, interval) }
    }

    /// Requests weigh alike whenever they came: both sides are summed over the window, and then divided.
    private func windowRules(_ window: ObjectiveWindow, _ interval: PromDuration) -> [RecordingRule] {
        let labels = self.labels(window)
        return [
            RecordingRule(
                SlothSeries.requests(window), self.total(SlothSeries.requestRate, window, interval), labels: labels),
            RecordingRule(
                SlothSeries.errors(window), self.total(SlothSeries.errorRate, window, interval), labels: labels),
            RecordingRule(
                SlothSeries.errorRatio(window),
                .ratio(self.series(SlothSeries.errors(window)), self.series(SlothSeries.requests(window))),
                labels: labels),
        ]
    }

    /// A rate that was recorded once in an interval stands for that many seconds.
    private func total(_ rate: String, _ window: ObjectiveWindow, _ interval: PromDuration) -> PromQL {
        .call("sum_over_time", [.range(self.selector(rate), window.duration)]) * interval.seconds
    }

    // MARK: Metadata

    private var metadataRules: [RecordingRule] {
        [
            RecordingRule(SlothSeries.objective, .one(self.targetRatio), labels: self.labels),
            RecordingRule(SlothSeries.budget, .one(self.budgetRatio), labels: self.labels),
            RecordingRule(SlothSeries.periodDays, .one(Double(Self.period)), labels: self.labels),
            RecordingRule(SlothSeries.currentBurn, self.burn(.fiveMinutes), labels: self.labels),
            RecordingRule(SlothSeries.periodBurn, self.burn(.period), labels: self.labels),
            RecordingRule(
                SlothSeries.remaining, .number(1) - self.series(SlothSeries.periodBurn), labels: self.labels),
            RecordingRule(SlothSeries.info, .one(1), labels: self.labels + self.infoLabels),
        ]
    }

    /// How many times faster than it may.
    private func burn(_ window: ObjectiveWindow) -> PromQL {
        let shared = [SlothSeries.id, SlothSeries.slo, SlothSeries.service].map(\.name)
        return .binary(
            self.series(SlothSeries.errorRatio(window)), .divided, self.series(SlothSeries.budget),
            .init(.on(shared), .manyToOne([])))
    }

    private var infoLabels: [Label] {
        [
            Label("sloth_mode", "vitrine"), Label("sloth_objective", self.targetPercent),
            Label("sloth_spec", "prometheus/v1"), Label("sloth_version", "vitrine"),
        ]
    }
}
