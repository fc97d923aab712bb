import Telemetry

/// What the collector masks, after the services have done so themselves: senders may be older than a declaration, or
/// not the platform's at all.
package enum Redaction {
    /// Personal by declaration.
    package static var personalKeys: [String] {
        Signals.attributes.filter { $0.sensitivity == .personal }.map(\.key)
    }

    /// Keys whose values are secrets in any program; none of the platform's attributes is called so.
    package static let secretKeys =
        "(?i)(password|passwd|secret|credential|authorization|cookie|api[._-]?key|private[._-]?key|"
        + #"access[._-]?token|refresh[._-]?token|([._-]|^)token\z)"#

    /// Values that are personal or secret wherever they stand, in the text of a log line too. RE2.
    package static let values: [(what: String, pattern: String)] = [
        ("e-mail addresses", #"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}"#),
        ("JSON web tokens", #"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"#),
        ("bearer tokens", #"(?i)bearer [A-Za-z0-9._~+/=-]{8,}"#),
        ("numbers of payment cards", #"\b(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|3[47][0-9]{13})\b"#),
    ]

    /// The whole key and nothing else; `\z` in place of `$`, which the collector expands.
    package static func pattern(ofKeys keys: [String]) -> String {
        #"\A("# + keys.map { $0.split(separator: ".").joined(separator: #"\."#) }.joined(separator: "|") + #")\z"#
    }

    static var attributes: CollectorConfiguration.Component {
        .init(
            .processors, "redaction",
            [
                "allow_all_keys": true,
                "blocked_key_patterns": [.string(self.pattern(ofKeys: self.personalKeys)), .string(self.secretKeys)],
                "blocked_values": .list(self.values.map { .string($0.pattern) }),
                // How many, not which: the names would tell what was there.
                "summary": "info",
            ],
            comment: """
                Attributes of resources, spans and log records, and the text of log lines. Personal keys are those
                declared so; values: \(self.values.map(\.what).joined(separator: ", ")).
                """)
    }

    /// Attributes of span events, by key: whether the processor above reaches them depends on its version.
    static var spanEvents: CollectorConfiguration.Component {
        let patterns = [self.pattern(ofKeys: self.personalKeys), self.secretKeys]
        return .init(
            .processors, "transform/span_events",
            [
                "error_mode": "ignore",
                "trace_statements": [
                    [
                        "context": "spanevent",
                        "statements": .list(
                            patterns.map { .string("delete_matching_keys(spanevent.attributes, \(PromQL.quoted($0)))") }
                        ),
                    ]
                ],
            ])
    }
}
