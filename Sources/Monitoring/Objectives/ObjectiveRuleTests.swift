import HTTPCore
import ServiceKit

/// Cases for the rules of objectives: on checkout, and what differs on others.
package enum ObjectiveRuleTests {
    static let checkout = Objectives.of(.checkout)
    static let rules = checkout.file(.production)

    package static var files: [RuleTestFile] {
        [
            RuleTestFile("objective-burn-fast", of: [self.rules], every: .minutes(1), self.fast),
            RuleTestFile(
                "objective-traffic", of: [self.rules], every: .seconds(15), self.littleTraffic + self.nothing),
            // Hours are seen every minute, days every five, so that the cases run in seconds. What is counted in
            // evaluations is too little then, and more traffic makes up for it.
            RuleTestFile("objective-burn-slow", of: [self.rules], every: .minutes(5), self.slow),
            RuleTestFile("objective-budget", of: [self.rules], every: .hours(1), self.budget),
            RuleTestFile(
                "objective-latency", of: [Objectives.of(.checkout, isLatency: true).file(.production)],
                every: .seconds(15), [self.latency]),
        ]
    }

    // MARK: Input

    static func up(_ segments: InputSeries.Segment) -> InputSeries {
        InputSeries(.named("up", .is(.job, "vitrine"), .is(.service, ServiceName.gateway.rawValue)), segments)
    }

    /// Orders as the gateway answered them.
    static func orders(_ status: HTTPStatus) -> Series {
        Series(
            HTTPMetrics.serverDuration, .is(.service, ServiceName.gateway.rawValue),
            .is(.requestMethod, HTTPMethod.post.name), .is(.route, "/api/v1/orders"),
            .is(.responseStatus, String(status.code)))
    }

    /// A stretch of traffic: requests a second, and the share of them that fails.
    struct Traffic {
        let perSecond: Double
        let failing: Double
        let length: PromDuration

        init(_ perSecond: Double, failing: Double = 0, for length: PromDuration) {
            self.perSecond = perSecond
            self.failing = failing
            self.length = length
        }
    }

    static func traffic(_ stretches: Traffic...) -> [InputSeries] {
        let good = stretches.map { stretch in
            InputSeries.Segment.rising(perSecond: stretch.perSecond * (1 - stretch.failing), for: stretch.length)
        }
        let bad = stretches.map { stretch in
            InputSeries.Segment.rising(perSecond: stretch.perSecond * stretch.failing, for: stretch.length)
        }
        return [
            InputSeries(self.orders(.created).count.value, good),
            InputSeries(self.orders(.serviceUnavailable).count.value, bad),
        ]
    }

    // MARK: What is expected

    static func fires(_ rule: AlertRule, at time: PromDuration, _ description: String) -> RuleExpectation {
        let name = Self.checkout.name
        return .alert(
            rule, at: time,
            firing: [
                ExpectedAlert(
                    Self.checkout.labels,
                    summary: "\(name)\(rule.summary.dropFirst("{{ $labels.sloth_slo }}".count))",
                    description: description)
            ])
    }

    static func fast(_ share: String, at time: PromDuration) -> RuleExpectation {
        self.fires(
            self.checkout.fast, at: time,
            """
            \(share) of the newest requests failed, where 0.1% may: more than 14.4× over 5m and 1h, or 6× \
            over 30m and 6h.
            """
        )
    }

    static func slow(_ share: String, at time: PromDuration) -> RuleExpectation {
        self.fires(
            self.checkout.slow, at: time,
            """
            \(share) of the newest requests failed, where 0.1% may: more than 3× over 2h and 1d, or 1× over \
            6h and 3d.
            """
        )
    }

    static func exhausted(_ share: String, at time: PromDuration) -> RuleExpectation {
        self.fires(
            self.checkout.exhausted, at: time,
            "\(share) of the error budget of 30 days is left: more than 0.1% of the requests failed.")
    }

    static func ratio(_ window: ObjectiveWindow, _ at: PromDuration, _ value: Double, within: Double) -> RuleExpectation
    {
        .value(self.checkout.series(SlothSeries.errorRatio(window)), at: at, near: value, within: within)
    }
}

extension Objectives {
    /// The objective of a journey that is of a kind.
    package static func of(_ journey: CustomerJourney, isLatency: Bool = false) -> Objective {
        for objective in self.all where objective.journey == journey {
            if case .latency = objective.promise, isLatency { return objective }
            if case .availability = objective.promise, !isLatency { return objective }
        }
        preconditionFailure("nothing is promised about \(journey)")
    }
}
