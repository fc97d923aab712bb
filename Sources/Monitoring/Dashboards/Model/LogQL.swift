import Telemetry

/// A query of Loki, over log lines as they arrive through OTLP: the service is a label of the stream, the message is
/// the line, and everything else is structured metadata.
package struct LogQL: Sendable, Hashable {
    /// As Loki detects it.
    package enum Level: String, Sendable, Hashable {
        case debug, info, error
        case warning = "warn"
    }

    /// As Loki reads it.
    package let text: String
    /// What the lines must say, as declared in the catalogues of log lines.
    package let messages: [String]

    private init(text: String, messages: [String]) {
        self.text = text
        self.messages = messages
    }

    /// The lines of the chosen services.
    package static func lines(of service: DashboardVariable) -> LogQL {
        LogQL(text: #"{service_name=~"\#(service.reference)"}"#, messages: [])
    }

    /// Those that contain what is typed.
    package func containing(_ text: DashboardVariable) -> LogQL {
        LogQL(text: "\(self.text) |~ \(PromQL.quoted("(?i)" + text.reference))", messages: self.messages)
    }

    /// Those with one of these messages.
    package func saying(_ messages: String...) -> LogQL {
        let pattern = "^(?:\(messages.joined(separator: "|")))$"
        return LogQL(text: "\(self.text) |~ \(PromQL.quoted(pattern))", messages: self.messages + messages)
    }

    package func at(_ levels: Level...) -> LogQL {
        let pattern = levels.map(\.rawValue).joined(separator: "|")
        return LogQL(text: "\(self.text) | detected_level=~\(PromQL.quoted(pattern))", messages: self.messages)
    }

    /// How many there are a second, by severity.
    package var ratesByLevel: LogQL { self.rate(by: "detected_level") }
    /// How many there are a second, by service.
    package var ratesByService: LogQL { self.rate(by: "service_name") }

    private func rate(by label: String) -> LogQL {
        LogQL(text: "sum by (\(label)) (rate(\(self.text) [$__auto]))", messages: self.messages)
    }
}
