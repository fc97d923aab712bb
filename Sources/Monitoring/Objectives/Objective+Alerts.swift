extension Objective {
    /// As many failed requests as must be in the long window before anybody hears of it.
    ///
    /// With little traffic one failure is a great share: one of ten at night is a hundred times the budget. Errors are
    /// demanded rather than requests: a floor on requests that is high enough to make one failure small would leave a
    /// quiet shop that fails altogether unwatched, where five customers in vain are reason enough to wake somebody.
    package static let errorsMin = 5.0

    package var alerts: [AlertRule] { [self.fast, self.slow, self.exhausted] }

    package var fast: AlertRule {
        self.burnAlert(
            "ErrorBudgetBurnFast", .page, BurnRate.page,
            summary: "{{ $labels.sloth_slo }} burns its error budget fast: it is gone within five days, or sooner")
    }

    package var slow: AlertRule {
        self.burnAlert(
            "ErrorBudgetBurnSlow", .ticket, BurnRate.ticket,
            summary: "{{ $labels.sloth_slo }} burns its error budget faster than it may")
    }

    package var exhausted: AlertRule {
        AlertRule(
            "ErrorBudgetExhausted", .ticket,
            when: self.withoutWindow(self.series(SlothSeries.remaining).less(than: 0)).and(self.hasErrors(.period)),
            for: .minutes(5),
            summary: "{{ $labels.sloth_slo }} has used up its error budget",
            description: """
                {{ $value | humanizePercentage }} of the error budget of \(Self.period) days is left: more than \
                \(self.budgetPercent)% of the requests \(self.missedText).
                """,
            dashboard: .objectives)
    }

    private func burnAlert(
        _ name: String, _ severity: AlertRule.Severity, _ rates: [BurnRate], summary: String
    ) -> AlertRule {
        let conditions = rates.map(self.burns)
        let when = rates.map { "\(PromQL.text($0.factor))× over \($0.short.rawValue) and \($0.long.rawValue)" }
        return AlertRule(
            name, severity, when: conditions.dropFirst().reduce(conditions[0]) { $0.or($1) }, summary: summary,
            description: """
                {{ $value | humanizePercentage }} of the newest requests \(self.missedText), where \
                \(self.budgetPercent)% may: more than \(when.joined(separator: ", or ")).
                """,
            dashboard: .objectives, labels: [Label(SlothSeries.severity.name, severity.rawValue)])
    }

    private var missedText: String {
        switch self.promise {
        case .availability: "failed"
        case .latency(let bound): "took longer than \(PromQL.text(bound)) s"
        }
    }

    /// Its value is that of the short window.
    private func burns(_ rate: BurnRate) -> PromQL {
        let bound = PromQL.number(rate.factor) * self.budgetRatio
        func exceeds(_ window: ObjectiveWindow) -> PromQL {
            self.withoutWindow(self.series(SlothSeries.errorRatio(window)).greater(than: bound))
        }
        return exceeds(rate.short).and(exceeds(rate.long)).and(self.hasErrors(rate.long))
    }

    private func hasErrors(_ window: ObjectiveWindow) -> PromQL {
        // Rates are extrapolated, and their sum is seldom whole.
        self.withoutWindow(self.series(SlothSeries.errors(window)).greater(than: Self.errorsMin - 0.5))
    }

    /// Series of several windows find one another.
    private func withoutWindow(_ expression: PromQL) -> PromQL {
        .aggregate(.init("max", expression, .without([SlothSeries.window.name])))
    }
}
