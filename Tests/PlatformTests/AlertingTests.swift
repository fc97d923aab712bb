import TelemetryTesting
import Testing

/// Faults against alerts, the short form of `make test-alerts`: the whole way from a fault to Alertmanager, and back.
@Suite("Faults raise their alerts", .timeLimit(.minutes(4)))
struct AlertingTests {
    @Test(
        "Those that must fire do in time, no other does, and they are over afterwards",
        arguments: ["payment-outage", "cart-down"])
    func fires(_ experiment: String) async throws {
        let reports = TemporaryFolder()
        let run = try LabProcess(command: [
            "chaos", "run", experiment, "--lab", "--alerts", "--report", reports.path,
            "--matrix", "\(reports.path)/matrix.md",
        ])
        #expect(await run.ended() == 0, "\(run.everything())")
        let text = run.everything()
        #expect(text.contains("\(experiment): passed"), "\(text)")
        #expect(text.contains("  ok    no other alert fires: none"), "\(text)")
        #expect(text.contains("  ok    they are over within "), "\(text)")
        #expect(text.split(separator: "\n").contains { $0.hasPrefix("  ok    alert ") }, "\(text)")
    }
}
