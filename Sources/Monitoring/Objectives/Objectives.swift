/// What the shop promises. `docs/objectives.md` says why.
package enum Objectives {
    package static let all: [Objective] = [
        Objective(.browse, .availability, target: 99_90),
        Objective(.browse, .latency(0.25), target: 99_00),
        // Whoever cannot search can still browse.
        Objective(.search, .availability, target: 99_50),
        Objective(.search, .latency(0.25), target: 99_00),
        Objective(.cart, .availability, target: 99_90),
        Objective(.cart, .latency(0.25), target: 99_00),
        Objective(.checkout, .availability, target: 99_90),
        Objective(.checkout, .latency(0.5), target: 99_00),
        Objective(.logIn, .availability, target: 99_90),
        // A password takes a tenth of a second and more of a core to check, and some wait behind others.
        Objective(.logIn, .latency(0.75), target: 99_00),
    ]

    /// One file for each objective, as sloth makes one for each of its specifications.
    package static func files(_ profile: RuleProfile) -> [RuleFile] {
        self.all.map { $0.file(profile) }
    }

    /// - Parameter interval: between two evaluations.
    package static func groups(every interval: PromDuration) -> [RuleGroup] {
        self.all.flatMap { $0.groups(every: interval) }
    }
}
