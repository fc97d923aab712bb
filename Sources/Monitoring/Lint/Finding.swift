/// What the lint says of a query, under a name that stays.
package enum LintRule: String, Sendable, Hashable, CaseIterable {
    /// The text is no query.
    case parses
    /// Nothing has a metric of that name.
    case metricExists = "metric-exists"
    /// The metric, or what is left of it, has no such label.
    case labelExists = "label-exists"
    /// The label never has that value.
    case labelValueExists = "label-value-exists"
    /// `rate`, `irate` and `increase` mean something of what only grows.
    case rateOnCounter = "rate-on-counter"
    /// `max_over_time`, `delta` and their like mean nothing of what only grows.
    case gaugeFunction = "gauge-function"
    /// A sum hides that one of its parts began anew.
    case rateOfSum = "rate-of-sum"
    /// What has been counted since a start says nothing by itself.
    case rawCounter = "raw-counter"
    /// A quantile needs `le`, and whatever sums buckets must keep or pin it.
    case leKept = "le-kept"
    /// The histogram has no bucket that ends there.
    case bucketBound = "bucket-bound"
    /// Seconds and bytes are neither added nor compared, nor shown as one another.
    case unitsFit = "units-fit"
    /// What is divided by may be 0.
    case divisionGuarded = "division-guarded"
    /// Both sides of an operator have labels by which they never find one another.
    case matching
    /// A window in which there are not surely two scrapes.
    case window
    /// An alert's expression always holds.
    case alertFilters = "alert-filters"
    /// A template names a label that the alert has not.
    case templateLabels = "template-labels"
}

package struct Finding: Sendable, Hashable, CustomStringConvertible {
    package let rule: LintRule
    /// The file, and the panel, rule or line within.
    package let place: String
    package let message: String

    package var description: String { "\(self.place): \(self.message) [\(self.rule.rawValue)]" }
}

/// What a query is for, as far as it decides what is right.
package struct LintContext: Sendable, Hashable {
    package let place: String
    /// Between two scrapes of what is asked for.
    package let scrapeInterval: PromDuration
    /// Grafana's name of the unit in which the answer is shown.
    package let panelUnit: String?

    package init(_ place: String, scrapeInterval: PromDuration = .seconds(15), panelUnit: String? = nil) {
        self.place = place
        self.scrapeInterval = scrapeInterval
        self.panelUnit = panelUnit
    }
}
