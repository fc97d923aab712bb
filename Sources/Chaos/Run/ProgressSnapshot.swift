/// How a run stands at a moment.
public struct ProgressSnapshot: Sendable, Hashable {
    public let seconds: Double
    public let phase: Assertion.Phase
    /// Requests in the last second: all, and those that failed.
    public let requests: Int
    public let errors: Int
    /// Of the last second, in milliseconds; nil without a request.
    public let p99: Double?
    /// Breakers that are not closed, with their state.
    public let breakers: [String]
    /// What happened last.
    public let event: String?

    init(_ record: RunRecord, now: Double) {
        self.seconds = now
        let phases: [Assertion.Phase] = [.recovery, .fault, .steady]
        self.phase = phases.first { record.phases[$0] != nil } ?? .steady
        let recent = record.outcomes.suffix(10_000).filter { $0.at >= now - 1 }
        self.requests = recent.count
        self.errors = recent.count(where: \.isError)
        self.p99 = recent.map(\.seconds).quantile(0.99).map { $0 * 1_000 }
        self.breakers = record.breakers.compactMap { name, states in
            states.first { $0 != "closed" }.map { "\(name) \($0)" }
        }
        self.event = record.events.last?.text
    }

    /// One line for a terminal.
    public var line: String {
        var parts = [
            "\(self.seconds.rounded(decimals: 0).leftPadded(3)) s  \(self.phase.rawValue.padded(8))",
            "\(String(self.requests).leftPadded(4)) /s",
            "\(String(self.errors).leftPadded(3)) failed",
            "p99 \((self.p99?.rounded(decimals: 0) ?? "–").leftPadded(5)) ms",
        ]
        if !self.breakers.isEmpty { parts.append(self.breakers.joined(separator: ", ")) }
        return parts.joined(separator: "  ")
    }
}

extension String {
    func padded(_ width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - self.count)) }
    func leftPadded(_ width: Int) -> String {
        String(repeating: " ", count: Swift.max(0, width - self.count)) + self
    }
}
