import ServiceKit

/// What `vitrine up` prints once everything answers.
enum Panel {
    /// Whether the lab is monitored.
    enum Monitoring {
        case running, unwanted, missing

        init(_ topology: LabTopology, isWanted: Bool) {
            self = !isWanted ? .unwanted : topology.monitoring == nil ? .missing : .running
        }
    }

    static func show(
        _ topology: LabTopology, after elapsed: Duration, withLoad: Bool, _ monitoring: Monitoring
    ) {
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        let gateway = "http://127.0.0.1:\(topology.port(of: .gateway))"
        print(
            """

            \(Terminal.bold("Vitrine is running")) (ready after \(Self.rounded(seconds)) s)

              API        \(gateway)/api/v1        described at \(gateway)/openapi.json
              Health     \(gateway)/health
              Metrics    \(self.metrics(topology, withLoad: withLoad))
              Console    \(topology.hasConsole ? "\(topology.consoleURL)        traces, logs, dashboards, alerts, chaos; OTLP at port \(topology.receiverPort)" : "none (--no-console)")
              Prometheus \(self.prometheus(topology, monitoring))
              Logs       \(topology.logFolder)/<service>.log
              Load       \(withLoad ? Self.load : "none (--no-load)")
              Users      demo@vitrine.dev / demo-password     admin@vitrine.dev / admin-password

            Try:
              curl '\(gateway)/api/v1/products?limit=3'
              curl '\(gateway)/api/v1/products/search?q=stoneware'
              curl -X POST \(gateway)/api/v1/auth/login -H 'content-type: application/json' -d '{"email":"demo@vitrine.dev","password":"demo-password"}'

            Ctrl-C stops everything.
            """)
    }

    private static func prometheus(_ topology: LabTopology, _ monitoring: Monitoring) -> String {
        let url = "http://127.0.0.1:\(topology.prometheusPort)"
        return switch monitoring {
        case .running: "\(url)        its alerts at http://127.0.0.1:\(topology.alertmanagerPort), and printed here"
        case .unwanted: "none (--no-monitoring)"
        case .missing: "none: Prometheus or Alertmanager is not installed; '\(MonitoringPrograms.remedy)' does that"
        }
    }

    private static let load =
        "made-up customers, two requests/s or so, so that there is something to see (--no-load: none)"

    private static func metrics(_ topology: LabTopology, withLoad: Bool) -> String {
        let processes = ServiceName.allCases.flatMap { name in topology.processes.filter { $0.name == name } }
        var ports = processes.map { "\(topology.adminPort(of: $0)) \($0)" }
        if withLoad { ports.append("\(topology.loadAdminPort) \(LabMember.load)") }
        ports.append("\(topology.controlPort) \(LabTelemetry.processName)")
        return "http://127.0.0.1:<port>/metrics    \(ports.joined(separator: ", "))"
    }

    private static func rounded(_ seconds: Double) -> String {
        let tenths = Int((seconds * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
