/// The series of objectives, under sloth's names and labels, so that dashboards made for sloth read them.
///
/// Source: slok/sloth, `pkg/common/conventions` and the core plug-ins for SLI, metadata and alert rules.
package enum SlothSeries {
    package static let id = LabelKey("sloth_id")
    package static let service = LabelKey("sloth_service")
    package static let slo = LabelKey("sloth_slo")
    package static let window = LabelKey("sloth_window")
    static let severity = LabelKey("sloth_severity")

    package static let objective = "slo:objective:ratio"
    package static let budget = "slo:error_budget:ratio"
    package static let periodDays = "slo:time_period:days"
    package static let currentBurn = "slo:current_burn_rate:ratio"
    package static let periodBurn = "slo:period_burn_rate:ratio"
    package static let remaining = "slo:period_error_budget_remaining:ratio"
    package static let info = "sloth_slo_info"
    /// The share of requests that missed the promise.
    package static func errorRatio(_ window: ObjectiveWindow) -> String { "slo:sli_error:ratio_rate\(window.rawValue)" }

    // Ours: sloth divides within each window, and so has no need of these.
    /// Requests a second that the promise is about, and those that missed it.
    package static let requestRate = "slo:sli_requests:rate5m"
    package static let errorRate = "slo:sli_errors:rate5m"
    /// How many of them within a window.
    package static func requests(_ window: ObjectiveWindow) -> String { "slo:sli_requests:increase\(window.rawValue)" }
    package static func errors(_ window: ObjectiveWindow) -> String { "slo:sli_errors:increase\(window.rawValue)" }
}

extension Objective {
    /// What every series of the objective bears.
    var labels: [Label] {
        [
            Label(SlothSeries.id.name, self.id), Label(SlothSeries.service.name, Self.service),
            Label(SlothSeries.slo.name, self.name),
        ]
    }

    func labels(_ window: ObjectiveWindow) -> [Label] {
        self.labels + [Label(SlothSeries.window.name, window.rawValue)]
    }

    /// A recorded series of this objective: the id alone chooses it.
    package func series(_ name: String) -> PromQL { .vector(self.selector(name)) }

    func selector(_ name: String) -> VectorSelector {
        VectorSelector(name, [LabelMatcher(SlothSeries.id.name, .equal, self.id)])
    }
}
