/// What is marked over every panel of a dashboard: that a version changed, a process began, a fault was set.
package struct DashboardAnnotation: Sendable, Hashable {
    package let name: String
    package let colour: PanelColour
    package let expression: PromQL
    package let title: Legend
    /// Whether the value is the moment, in Unix milliseconds; otherwise it holds while the value is there.
    package let isMoment: Bool
    package let isShown: Bool
}
