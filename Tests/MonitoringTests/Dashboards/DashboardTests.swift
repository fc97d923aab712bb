import CartService
import Gateway
import Monitoring
import OrderService
import ProductService
import ServiceKit
import Telemetry
import Testing
import UserService

/// What every dashboard promises, whoever writes the next one.
@Suite("Dashboards")
struct DashboardTests {
    @Test("There is one for each name that links and alerts may use")
    func complete() {
        #expect(DashboardCatalogue.all.map(\.id) == DashboardID.allCases)
    }

    @Test("Panels are told apart by title and by number", arguments: DashboardID.allCases)
    func identities(id: DashboardID) {
        let panels = Self.dashboard(id).panels
        #expect(Set(panels.map(\.title)).count == panels.count)
        #expect(Set(panels.map(\.id)).count == panels.count, "two titles give one number: reword one")
        #expect(panels.allSatisfy { $0.id < 1_000_001 }, "numbers of rows begin there")
    }

    @Test("Numbers of panels are kept, because links hold on to them")
    func stableNumbers() {
        let stat = Stat("Requests", .requestsPerSecond, "Requests a second.") { Query(.one(1)) }
        #expect(stat.panel.id == 778_332)
        #expect(stat.panel.spanning(2).thresholds(.neutral).id == stat.panel.id)
    }

    @Test("Every panel says what is seen, and shows something", arguments: DashboardID.allCases)
    func descriptions(id: DashboardID) {
        for panel in Self.dashboard(id).panels {
            #expect(panel.description.count >= 20 && panel.description.hasSuffix("."), "\(panel.title)")
            if case .text = panel.visualization { continue }
            #expect(!panel.queries.isEmpty, "\(panel.title)")
        }
    }

    @Test("A number in large print is judged by thresholds, unless it is a rate that is neither good nor bad")
    func thresholds() {
        for dashboard in DashboardCatalogue.all {
            for panel in dashboard.panels where panel.unit == .ratio || panel.unit == .seconds {
                switch panel.visualization {
                case .stat, .gauge, .barGauge:
                    let isFunnel = panel.thresholds == nil
                    #expect(!isFunnel, "\(dashboard.id.rawValue): \(panel.title)")
                default: break
                }
            }
        }
    }

    @Test("A dashboard is read at a glance: a bounded number of panels, numbers first", arguments: DashboardID.allCases)
    func size(id: DashboardID) {
        let dashboard = Self.dashboard(id)
        #expect((8...24).contains(dashboard.panels.count), "\(dashboard.panels.count) panels")
        let first = dashboard.rows[0].panels
        #expect(
            first.allSatisfy {
                switch $0.visualization {
                case .stat, .gauge: true
                default: false
                }
            })
    }

    @Test("A variable is declared before it is used, and is used", arguments: DashboardID.allCases)
    func variables(id: DashboardID) {
        let dashboard = Self.dashboard(id)
        let declared = dashboard.variables.map(\.name)
        var used = Set(dashboard.panels.flatMap(\.queries).flatMap(Self.variables))
        for (index, variable) in dashboard.variables.enumerated() {
            guard case .values(_, let series) = variable.source else { continue }
            #expect(series.variables.isSubset(of: declared[..<index]), "\(variable.name) refers to a later one")
            used.formUnion(series.variables)
        }
        #expect(used == Set(declared))
    }

    @Test("Links lead to dashboards that have the variable they set", arguments: DashboardID.allCases)
    func links(id: DashboardID) {
        let dashboard = Self.dashboard(id)
        #expect(!dashboard.related.isEmpty && !dashboard.related.contains(id))
        #expect(Set(dashboard.related).count == dashboard.related.count)
        for panel in dashboard.panels {
            for case .dashboard(let target, let variable, _) in panel.links {
                #expect(Self.dashboard(target).variables.map(\.name).contains(variable.name), "\(panel.title)")
            }
        }
    }

    @Test("Each can be reached from the overview")
    func reachable() {
        var seen: Set<DashboardID> = [.overview]
        var next: [DashboardID] = [.overview]
        while let id = next.popLast() {
            for other in Self.dashboard(id).related where seen.insert(other).inserted { next.append(other) }
        }
        #expect(seen == Set(DashboardID.allCases))
    }

    @Test("Legends, tables and links name only labels that the query keeps", arguments: DashboardID.allCases)
    func labels(id: DashboardID) {
        for panel in Self.dashboard(id).panels {
            var wanted = panel.links.map(\.label)
            if case .table(let keys) = panel.visualization { wanted += keys.map(\.label) }
            for query in panel.queries {
                guard case .metrics(let expression) = query.source, let kept = expression.resultLabels else { continue }
                let names = Set((wanted + query.legend.labels).map(\.name))
                #expect(names.isSubset(of: kept), "\(panel.title): \(expression)")
            }
        }
    }

    @Test("Columns of a table have the same rows", arguments: DashboardID.allCases)
    func tables(id: DashboardID) {
        for panel in Self.dashboard(id).panels {
            guard case .table(let keys) = panel.visualization else { continue }
            for query in panel.queries {
                guard case .metrics(let expression) = query.source else { continue }
                #expect(expression.resultLabels == Set(keys.map(\.label.name)), "\(panel.title): \(expression)")
            }
        }
    }

    @Test("Messages that log panels look for are declared")
    func messages() {
        let services: [any ShopService.Type] = [
            GatewayService.self, UserService.self, ProductService.self, CartService.self, OrderService.self,
        ]
        let declared = Set(services.flatMap { $0.catalogue.logEvents.map(\.message) })
        for dashboard in DashboardCatalogue.all {
            for case .logs(let query) in dashboard.panels.flatMap(\.queries).map(\.source) {
                #expect(declared.isSuperset(of: query.messages), "\(query.text)")
            }
        }
    }

    @Test("A query without data has its reason, said as the end of a sentence")
    func reasons() {
        let reasons = DashboardCatalogue.panelQueries.compactMap(\.dataNeeds.reason)
        #expect(!reasons.isEmpty)
        #expect(reasons.allSatisfy { $0.hasPrefix("when ") && !$0.hasSuffix(".") })
    }

    @Test("Nothing of Grafana's is left in what Prometheus reads")
    func substitution() {
        let service = DashboardVariable(.service, "Service", on: .named("up"))
        let series = PromQL.call(
            "rate", [.range(VectorSelector("x_total", [service.condition.matcher]), .rateInterval)])
        #expect("\(series)" == #"rate(x_total{service=~"$service"}[$__rate_interval])"#)
        #expect("\(series.substituting())" == #"rate(x_total{service=~".*"}[1m])"#)
        #expect(
            "\(series.substituting(variables: ["service": "order", "__rate_interval": "1h30m"]))"
                == #"rate(x_total{service=~"order"}[1h30m])"#)
        for query in DashboardCatalogue.panelQueries {
            let text = "\(query.expression.substituting())"
            // `$1` and `${1}` are the groups of label_replace.
            let rest = text.split(separator: "$").dropFirst().filter { !$0.hasPrefix("1") && !$0.hasPrefix("{1}") }
            #expect(rest.isEmpty, "\(text)")
        }
    }

    private static func dashboard(_ id: DashboardID) -> Dashboard {
        DashboardCatalogue.all.first { $0.id == id }!
    }

    /// Those that a query refers to.
    private static func variables(of query: Query) -> Set<String> {
        switch query.source {
        case .metrics(let expression): return expression.variables
        case .logs(let query):
            let names = query.text.split(separator: "$").dropFirst().map {
                String($0.prefix { $0.isLetter || $0 == "_" })
            }
            return Set(names).subtracting(["__auto"])
        }
    }
}

extension PanelLink {
    /// Whose value it takes along.
    fileprivate var label: LabelKey {
        switch self {
        case .dashboard(_, _, let label), .traces(let label), .logs(let label): label
        }
    }
}
