import Monitoring
import ShellTesting
import Telemetry
import Testing

/// What Prometheus gets to read.
@Suite("Files of rules")
struct RuleFileTests {
    private let series = PromQL.named("walls_painted_total")

    @Test("A group is written with everything its rules say, times in those of the profile")
    func text() {
        let alert = AlertRule(
            "WallWet", .ticket, when: self.series.greater(than: 3), for: .minutes(5), keepFiring: .minutes(10),
            summary: "{{ $labels.wall }} is wet", description: "{{ $value }} walls", dashboard: .overview,
            labels: [Label("colour", "red")])
        let record = RecordingRule(
            "wall:painted:rate1h", .call("rate", [.range(VectorSelector("walls_painted_total"), .hours(1))]),
            labels: [Label("window", "1h")])
        let group = RuleGroup("walls", [.record(record), .alert(alert)], every: .minutes(2))
        let profile = RuleProfile(
            scale: .lab, links: MonitoringLinks(grafana: "http://g", runbooks: "r"), interval: .seconds(2))
        #expect(
            RuleFile("walls", [group]).text(profile) == """
                # Made by `make dashboards` from Sources/Monitoring: edit it there.
                groups:
                  - name: walls
                    interval: "2s"
                    rules:
                      - record: "wall:painted:rate1h"
                        expr: "rate(walls_painted_total[1m])"
                        labels:
                          window: "1h"
                      - alert: WallWet
                        expr: "walls_painted_total > 3"
                        for: "5s"
                        keep_firing_for: "10s"
                        labels:
                          severity: ticket
                          colour: red
                        annotations:
                          summary: "{{ $labels.wall }} is wet"
                          description: "{{ $value }} walls"
                          dashboard_url: "http://g/d/vitrine-overview"
                          runbook_url: r/WallWet.md

                """)
    }

    @Test("A long expression is broken at its operators, and means the same")
    func layout() {
        let (a, b) = (PromQL.named("a").sum(by: [.service]), PromQL.named("b").sum(by: [.service]))
        let query = PromQL.ratio(a, b).and(a.greater(than: 1))
        #expect(
            query.layout(width: 40) == """
                (
                  sum by (service) (a)
                  / (sum by (service) (b) > 0)
                  or
                  sum by (service) (b) * 0
                )
                and
                sum by (service) (a) > 1
                """)
        #expect(query.layout(width: 200) == "\(query)")
        let lines = query.layout(width: 40).split(separator: "\n").map { String($0.drop { $0 == " " }) }
        let joined: String = lines.joined(separator: " ").replacing("( ", with: "(").replacing(" )", with: ")")
        #expect(joined == "\(query)")
    }

    @Test("Days shrink more than hours in the lab, and a longer window never becomes the shorter one")
    func ceilings() {
        let windows = ObjectiveWindow.allCases.map { TimeScale.lab.window($0.duration).text }
        #expect(windows == ["10s", "30s", "1m", "2m", "6m", "10m", "15m", "30m"])
        let lengths = (1...1_000).map { TimeScale.lab.window(.hours($0)).seconds }
        #expect(lengths == lengths.sorted())
        #expect(ObjectiveWindow.allCases.map { TimeScale.production.window($0.duration).text }.last == "30d")
    }

    @Test("Input is written end to end: a segment begins one step after the one before it")
    func input() {
        let file = RuleTestFile(
            "walls", of: [RuleFile("walls", [])], every: .seconds(15),
            [
                RuleTest(
                    "Walls dry", every: .seconds(30),
                    given: [
                        InputSeries(
                            self.series, .rising(perSecond: 0.5, for: .minutes(2)), .missing(for: .minutes(1)),
                            .rising(perSecond: 1, for: .minutes(1)), .at(3, for: .minutes(1)))
                    ], expect: [.nothing(self.series, at: .hours(1))])
            ])
        let line = file.text().split(separator: "\n").first { $0.contains("values:") } ?? ""
        #expect(line.contains("0+15x4 _x2 90+30x1 3+0x1"), "\(line)")
    }

    @Test("promtool runs every case of the committed files, and those in compressed time")
    func promtool() throws {
        for (file, profile) in RuleTestFiles.all.map({ ($0, RuleProfile.production) })
            + [(ObjectiveRuleTests.compressed, RuleProfile.lab)]
        {
            let outcome = Shell.run(Self.script(file, profile))
            #expect(outcome.status == 0, "\(file.name): \(outcome.text)\(outcome.errors)")
        }
    }

    @Test("A case that expects what is not so fails")
    func sensitivity() {
        let checkout = Objectives.of(.checkout)
        let rules = RuleFile("objective", checkout.groups(every: .seconds(15)))
        let wrong = RuleTestFile(
            "wrong", of: [rules], every: .minutes(1),
            [
                RuleTest(
                    "No objective", every: .minutes(1), given: [],
                    expect: [.nothing(checkout.series(SlothSeries.objective), at: .minutes(2))])
            ])
        let outcome = Shell.run(Self.script(wrong, .production))
        #expect(outcome.status == 1, "\(outcome.text)\(outcome.errors)")
    }

    /// Writes the rules and the cases into the folder of the run.
    private static func script(_ file: RuleTestFile, _ profile: RuleProfile) -> String {
        let rules = file.files.map { "cat > \"$WORK/\($0.name).yml\" <<'END'\n\($0.text(profile))END\n" }.joined()
        let cases = "cat > \"$WORK/cases.yml\" <<'END'\n\(file.text(links: profile.links, rules: "."))END\n"
        return "\(rules)\(cases)promtool test rules \"$WORK/cases.yml\""
    }
}

/// What is promised, and what would not be a promise.
@Suite("Objectives")
struct ObjectiveTests {
    @Test("Every journey has both promises, under sloth's names")
    func names() {
        let names = CustomerJourney.allCases.flatMap { ["\($0.rawValue)-availability", "\($0.rawValue)-latency"] }
        #expect(Objectives.all.map(\.name).sorted() == names.sorted())
        for objective in Objectives.all {
            let records = objective.groups(every: .seconds(15)).flatMap(\.records)
            let ratios = ["5m", "30m", "1h", "2h", "6h", "1d", "3d", "30d"].map { "slo:sli_error:ratio_rate\($0)" }
            let metadata = [
                "slo:objective:ratio", "slo:error_budget:ratio", "slo:time_period:days", "slo:current_burn_rate:ratio",
                "slo:period_burn_rate:ratio", "slo:period_error_budget_remaining:ratio", "sloth_slo_info",
            ]
            #expect(Set(ratios + metadata).isSubset(of: records.map(\.record)))
            for record in records {
                let labels = Dictionary(uniqueKeysWithValues: record.labels.map { ($0.name, $0.value) })
                #expect(labels["sloth_id"] == "shop-\(objective.name)" && labels["sloth_slo"] == objective.name)
                #expect(labels["sloth_service"] == "shop")
                if ratios.contains(record.record) {
                    #expect(record.record.hasSuffix("rate\(labels["sloth_window"] ?? "?")"))
                }
            }
        }
    }

    @Test("No window is read as raw samples for longer than five minutes")
    func cheap() {
        for group in Objectives.groups(every: .seconds(15)) {
            for record in group.records where record.expression.description.contains("http_server") {
                #expect(!record.expression.description.contains("h]") && !record.expression.description.contains("d]"))
                #expect(record.expression.description.contains("[5m]"))
            }
        }
        let month = Objectives.groups(every: .seconds(15)).filter { $0.records.contains { $0.record.hasSuffix("30d") } }
        #expect(month.count == Objectives.all.count && month.allSatisfy { $0.interval == .minutes(2) })
    }

    @Test("Budgets are written as they are meant")
    func budgets() {
        let checkout = Objectives.of(.checkout)
        #expect("\(PromQL.number(checkout.budgetRatio))" == "0.001")
        #expect("\(PromQL.number(checkout.targetRatio))" == "0.999")
    }

    @Test("Bounds that are whole, or between buckets, and targets that leave no budget are refused")
    func refusals() async {
        await #expect(processExitsWith: .failure) { _ = Objective(.checkout, .latency(1), target: 99_00) }
        await #expect(processExitsWith: .failure) {
            _ = Objective(.checkout, .latency(0.3), target: 99_00).groups(every: .seconds(15))
        }
        await #expect(processExitsWith: .failure) { _ = Objective(.checkout, .availability, target: 10_000) }
    }
}
