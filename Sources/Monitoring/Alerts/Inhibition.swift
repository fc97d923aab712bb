/// Alerts that are kept quiet while another fires: its symptoms.
///
/// Source: Alertmanager documentation, "Configuration", `inhibit_rule`.
package struct Inhibition: Sendable, Hashable {
    /// Why the one explains the other.
    package let reason: String
    /// What the alert that explains looks like; all hold.
    package let source: [LabelCondition]
    /// What the alerts that are kept quiet look like.
    package let target: [LabelCondition]
    /// The labels that both have the same; a label that both lack counts as the same.
    package let equal: [LabelKey]

    package init(
        _ reason: String, source: [LabelCondition], target: [LabelCondition], equal: [LabelKey] = []
    ) {
        precondition(!source.isEmpty && !target.isEmpty, "\(reason): without conditions every alert would be meant")
        self.reason = reason
        self.source = source
        self.target = target
        self.equal = equal
    }
}
