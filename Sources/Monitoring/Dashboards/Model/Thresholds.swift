/// From which value on a number is shown in which colour.
package struct Thresholds: Sendable, Hashable {
    package struct Step: Sendable, Hashable {
        package let value: Double
        package let colour: PanelColour
    }
    /// Below the first step.
    package let base: PanelColour
    /// Ascending.
    package let steps: [Step]

    private init(_ base: PanelColour, _ steps: [(Double, PanelColour)]) {
        self.base = base
        self.steps = steps.map { Step(value: $0.0, colour: $0.1) }
    }

    /// The less the better.
    package static func above(_ warning: Double, _ critical: Double) -> Thresholds {
        Thresholds(.green, [(warning, .orange), (critical, .red)])
    }
    /// The more the better.
    package static func below(_ warning: Double, _ critical: Double) -> Thresholds {
        Thresholds(.red, [(critical, .orange), (warning, .green)])
    }
    /// Anything from here on is wrong.
    package static func from(_ bound: Double, _ colour: PanelColour = .red) -> Thresholds {
        Thresholds(.green, [(bound, colour)])
    }
    /// A number that is neither good nor bad.
    package static let neutral = Thresholds(.blue, [])
    /// None may be missing.
    package static func all(_ count: Int) -> Thresholds {
        Thresholds(.red, [(Double(count), .green)])
    }
}

/// Grafana's names of the colours that mean something here.
package enum PanelColour: String, Sendable, Hashable {
    case green, yellow, orange, red, blue, purple
    case grey = "text"
    case lightBlue = "light-blue"
    case darkRed = "dark-red"
}

/// The colour of the series whose name matches: the same thing looks the same on every panel.
package struct SeriesColour: Sendable, Hashable {
    /// A regular expression, anchored at both ends.
    package let pattern: String
    package let colour: PanelColour

    package init(_ pattern: String, _ colour: PanelColour) {
        self.pattern = pattern
        self.colour = colour
    }

    /// What came of calls, orders, journeys, exports.
    package static let outcomes: [SeriesColour] = [
        .init("success|succeeded|placed|completed|captured|hit|held|confirmed|exported|cached|verified|closed", .green),
        .init("failure|failed|error|5xx|unavailable|open|lost|expired|dropped.*|refused|exhausted|critical", .red),
        .init("slow|degraded|pending|unknown|half_open|4xx|declined|payment_declined|stale|out_of_stock", .orange),
        .init("rejected|throttled|overloaded|forced_open|abandoned|queue_full|conflict", .purple),
        .init("ignored|replayed|cut|empty|disabled|background", .grey),
    ]
    /// The quantiles of a latency: the rarer, the redder.
    package static let quantiles: [SeriesColour] = [
        .init("p50", .green), .init("p95", .orange), .init("p99", .red),
    ]
    /// The severities of log lines.
    package static let severities: [SeriesColour] = [
        .init("debug", .grey), .init("info", .blue), .init("warn(ing)?", .orange), .init("error", .red),
    ]
}
