/// Alertmanager's configuration: who hears of what, how soon, how often.
///
/// Source: Alertmanager documentation, "Configuration"; only what 0.25 knows already.
package struct AlertmanagerConfiguration: Sendable {
    /// Shortens the times, where a day of the rules passes in minutes.
    let scale: TimeScale
    /// Where notifications are posted; their `receiver` says which route they took.
    let webhook: String
    let inhibitions: [Inhibition]

    package init(scale: TimeScale, webhook: String, inhibitions: [Inhibition]) {
        self.scale = scale
        self.webhook = webhook
        self.inhibitions = inhibitions
    }

    /// For processes of one machine, in compressed time.
    ///
    /// - Parameter webhook: `http://127.0.0.1:9007/alerts`
    package static func lab(
        webhook: String, scale: TimeScale = .lab, inhibitions: [Inhibition] = Inhibition.all
    ) -> AlertmanagerConfiguration {
        AlertmanagerConfiguration(scale: scale, webhook: webhook, inhibitions: inhibitions)
    }

    /// For compose and Kubernetes alike.
    package static var deployed: AlertmanagerConfiguration {
        let webhook = "http://\(DeploymentHost.console.at(DeploymentPort.otlpHTTP))/alerts"
        return AlertmanagerConfiguration(scale: .production, webhook: webhook, inhibitions: Inhibition.all)
    }

    /// Who is notified.
    package enum Receiver: String, Sendable, Hashable, CaseIterable {
        /// Somebody is woken.
        case page
        /// Somebody looks at it on a working day; also whatever has no severity, lest it be lost.
        case ticket
        /// Expects to hear all the time, and raises the alarm itself when it does not: a dead man's switch.
        case watchdog
        /// What is shown, and inhibits, but is sent to nobody.
        case nobody
    }

    /// The alert that always fires.
    package static let watchdog = "Watchdog"
}

extension AlertmanagerConfiguration {
    /// The file.
    package var text: String {
        self.document.document(comment: "Alertmanager. \(ConfigurationFiles.madeBy)")
    }

    var document: YAML {
        [
            "global": ["resolve_timeout": self.time(.minutes(5))],
            "route": self.tree,
            "inhibit_rules": .list(self.inhibitions.map(Self.rule)),
            "receivers": .list(Receiver.allCases.map(self.receiver)),
        ]
    }

    // MARK: Routes

    /// The first route that matches is taken.
    private var tree: YAML {
        .map(
            self.route(.ticket, by: ["alertname", "service"], .ticket)
                + [
                    .init(
                        "routes",
                        .list([
                            self.child([#"alertname="\#(Self.watchdog)""#], .watchdog, by: ["alertname"], .heartbeat),
                            self.child([Self.severities(.info, .none)], .nobody, by: ["alertname"], .ticket),
                            // Windows of one objective burn together: one notification, by objective.
                            self.child([Self.severities(.page), Self.objective], .page, by: ["sloth_slo"], .page),
                            self.child([Self.severities(.page)], .page, by: ["alertname", "service"], .page),
                            self.child([Self.objective], .ticket, by: ["sloth_slo"], .ticket),
                        ]))
                ])
    }

    private static let objective = #"sloth_slo!="""#

    private static func severities(_ severities: AlertRule.Severity...) -> String {
        let values = severities.map(\.rawValue)
        return values.count == 1 ? #"severity="\#(values[0])""# : #"severity=~"\#(values.joined(separator: "|"))""#
    }

    private func child(_ matchers: [String], _ receiver: Receiver, by labels: [String], _ pace: Pace) -> YAML {
        .map([.init("matchers", .list(matchers.map(YAML.string)))] + self.route(receiver, by: labels, pace))
    }

    private func route(_ receiver: Receiver, by labels: [String], _ pace: Pace) -> [YAML.Pair] {
        [
            .init("receiver", .string(receiver.rawValue)),
            .init("group_by", .list(labels.map(YAML.string))),
            .init("group_wait", self.time(pace.wait)),
            .init("group_interval", self.time(pace.interval)),
            .init("repeat_interval", self.time(pace.repetition)),
        ]
    }

    /// How soon a group is sent, how soon its changes, and how often what stays the same.
    private struct Pace {
        let wait: PromDuration
        let interval: PromDuration
        let repetition: PromDuration

        /// Long enough for what fails together to arrive together.
        static let page = Pace(wait: .seconds(10), interval: .minutes(1), repetition: .hours(1))
        static let ticket = Pace(wait: .seconds(30), interval: .minutes(5), repetition: .hours(12))
        /// Whoever listens waits a few of these before raising the alarm.
        static let heartbeat = Pace(wait: .seconds(1), interval: .seconds(30), repetition: .minutes(1))
    }

    /// Scaled; nothing gets shorter than Alertmanager can keep.
    private func time(_ duration: PromDuration) -> YAML {
        guard case .milliseconds(let count) = self.scale.wait(duration) else { return .string(duration.text) }
        return .string(PromDuration.milliseconds(max(count, 100)).text)
    }

    // MARK: Receivers and inhibition

    private func receiver(_ receiver: Receiver) -> YAML {
        let name = YAML.Pair("name", .string(receiver.rawValue))
        guard receiver != .nobody else { return .map([name]) }
        let isHeartbeat = receiver == .watchdog
        let hook: YAML = [
            "url": .string(self.webhook),
            // That the watchdog is over is told by its silence.
            "send_resolved": .bool(!isHeartbeat),
            // The rest is counted in `truncatedAlerts`.
            "max_alerts": .int(isHeartbeat ? 1 : 100),
        ]
        return .map([name, .init("webhook_configs", [hook])])
    }

    private static func rule(_ inhibition: Inhibition) -> YAML {
        .map([
            .init("source_matchers", .list(inhibition.source.map(self.matcher)), comment: inhibition.reason),
            .init("target_matchers", .list(inhibition.target.map(self.matcher))),
            .init("equal", .list(inhibition.equal.map { .string($0.name) })),
        ])
    }

    private static func matcher(_ condition: LabelCondition) -> YAML {
        let matcher = condition.matcher
        return .string("\(matcher.label)\(matcher.kind.rawValue)\(PromQL.quoted(matcher.value))")
    }
}
