import Monitoring
import Testing

/// The same over every query that rules and dashboards hold, so that none of them is beyond the lint's sight.
@Suite("What is broken in committed queries is found")
struct CommittedMutationTests {
    private static let rules = MonitoringFiles.committed.filter { $0.path.hasPrefix(RuleFile.folder) }
        .flatMap { RuleFileReader.rules(in: $0.text, path: $0.path) }
    private static let catalogue = MetricCatalogue(DeclaredMetrics.all).recording(rules)
    private static let lint = ExpressionLint(catalogue)

    private static func queries() throws -> Set<PromQL> {
        let dashboards = MonitoringFiles.committed.filter { $0.path.hasSuffix(".json") }
        let shown = try dashboards.flatMap { try DashboardReader.queries(in: $0.text, path: $0.path) }.map(\.text)
        return Set(Self.rules.compactMap(\.expression) + (try shown.map { try PromQL(parsing: $0) }))
    }

    private func finds(_ rule: LintRule, in query: PromQL) -> Bool {
        Self.lint.findings(in: query, LintContext("mutation")).contains { $0.rule == rule }
    }

    @Test("There are hundreds of queries, and a renamed metric is found in each")
    func metrics() throws {
        let queries = try Self.queries()
        #expect(queries.count > 200)
        for query in queries {
            for mutant in query.mutants({ $0.changingSelector { $0.name += "x" } }) {
                #expect(self.finds(.metricExists, in: mutant), "\(mutant)")
            }
        }
    }

    @Test("A renamed label is found wherever the labels are known")
    func labels() throws {
        var count = 0
        for query in try Self.queries() where query.selectors.allSatisfy({ Self.catalogue[$0.name]?.labels != nil }) {
            for mutant in query.mutants({ $0.changingGrouping { $0.map { "\($0)x" } } }) {
                #expect(self.finds(.labelExists, in: mutant), "\(mutant)")
                count += 1
            }
        }
        #expect(count > 100)
    }

    @Test("A counter without its rate is found")
    func rates() throws {
        var count = 0
        for query in try Self.queries() {
            let bare = query.mutants {
                guard case .call("rate", let arguments) = $0, case .range(let selector, _)? = arguments.first
                else { return nil }
                return .vector(selector)
            }
            for mutant in bare where !mutant.takesCountersTimesNothing {
                #expect(self.finds(.rawCounter, in: mutant), "\(mutant)")
                count += 1
            }
        }
        #expect(count > 100)
    }
}

extension PromQL {
    /// Whether a bare selector stands in `y * 0`, which asks only for what is there.
    fileprivate var takesCountersTimesNothing: Bool {
        if case .binary(let left, .times, .number(0), _) = self, left.hasBareSelector { return true }
        return self.children.contains(where: \.takesCountersTimesNothing)
    }

    private var hasBareSelector: Bool {
        if case .vector = self { return true }
        return self.children.contains(where: \.hasBareSelector)
    }
}
