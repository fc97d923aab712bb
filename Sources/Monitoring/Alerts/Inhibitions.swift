extension Inhibition {
    /// All of the platform's.
    package static var all: [Inhibition] {
        [
            Inhibition(
                "While an objective's budget burns fast, that it also burns slowly is no news.",
                source: [.is(LabelKey("severity"), "page"), .isNot(LabelKey("sloth_slo"), "")],
                target: [.is(LabelKey("severity"), "ticket"), .isNot(LabelKey("sloth_slo"), "")],
                equal: [LabelKey("sloth_slo")])
        ]
    }
}
