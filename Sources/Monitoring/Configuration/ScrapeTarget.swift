/// What is scraped, by the `job` its series bear; the same in every place.
package enum ScrapeJob: String, Sendable, Hashable, CaseIterable {
    /// The five services.
    case vitrine
    /// The generator of load.
    case load
    /// The supervisor of the processes on one machine.
    case lab
    /// What telemetry is sent to for being looked at.
    case console
    case prometheus, alertmanager
    /// The collector's telemetry about itself.
    case collector = "otel-collector"
    /// What the collector counts in spans.
    case spans = "span-metrics"
    case jaeger, loki, grafana

    /// Whether labels that the target sends win over those of the target itself: the platform's own processes know what
    /// their `service` label says, `chaos_fault_active` has the one whose process misbehaves.
    package var honorsLabels: Bool {
        switch self {
        case .vitrine, .load, .lab, .console: true
        default: false
        }
    }

    /// The most series that one scrape may bring; beyond it the whole scrape fails, and `up` says so.
    package var samplesMax: Int { self == .spans ? 50_000 : 20_000 }
}

/// One address that is scraped.
package struct ScrapeTarget: Sendable, Hashable {
    package let job: ScrapeJob
    /// Becomes the label `service`.
    package let service: String
    /// `host:port`; becomes the label `instance`.
    package let address: String

    package init(job: ScrapeJob, service: String, address: String) {
        self.job = job
        self.service = service
        self.address = address
    }

    /// A part that is no service of the platform bears its own name.
    init(_ job: ScrapeJob, _ host: DeploymentHost, port: Int) {
        self.init(job: job, service: host.rawValue, address: host.at(port))
    }
}
