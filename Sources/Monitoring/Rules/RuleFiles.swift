/// Every file of rules that Prometheus is given.
package enum RuleFiles {
    /// - Parameter profile: some rules count in evaluations, and so depend on how often there is one.
    package static func all(_ profile: RuleProfile) -> [RuleFile] {
        Objectives.files(profile) + AlertCatalogue.areas(profile.scale).map(\.file)
    }
}
