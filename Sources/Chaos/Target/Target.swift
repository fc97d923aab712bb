public import HTTPEngine

/// What an experiment runs against: where the services are, and how their processes can be reached.
public struct Target: Sendable {
    /// A process of a service.
    public struct Instance: Sendable, Hashable {
        /// `product`, `product-2`.
        public let process: String
        public let service: String
        /// From 1.
        public let number: Int
        public let admin: HTTPEndpoint

        public init(process: String, service: String, number: Int, admin: HTTPEndpoint) {
            self.process = process
            self.service = service
            self.number = number
            self.admin = admin
        }
    }

    /// In a few words, for the report: `lab in .vitrine`.
    public let description: String
    public let gateway: HTTPEndpoint
    public let instances: [Instance]
    /// The secret of internal calls.
    public let token: String

    public init(description: String, gateway: HTTPEndpoint, instances: [Instance], token: String) {
        self.description = description
        self.gateway = gateway
        self.instances = instances
        self.token = token
    }

    /// The processes of a service; one of them when `number` is given.
    public func instances(of service: String, number: Int? = nil) -> [Instance] {
        self.instances.filter { $0.service == service && (number == nil || $0.number == number) }
    }

    /// What an experiment needs and this does not have; nil when it has everything.
    public func lacks(_ needs: Experiment.Needs, hasCollector: Bool) -> String? {
        for (service, count) in needs.instances.sorted(by: { $0.key < $1.key }) {
            let present = self.instances(of: service).count
            if present < count { return "it needs \(count) instances of \(service), and there are \(present)" }
        }
        if needs.collector, !hasCollector { return "it needs services that export to a collector of its own" }
        return nil
    }
}

/// Why an experiment cannot be run at all, as opposed to failing.
public struct CannotRun: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}

/// Reaches the processes of a target. The lab has one; other places bring theirs.
public protocol ProcessDriver: Sendable {
    /// Does something to a process. What lasts ends by itself after `seconds`, whatever becomes of this program.
    /// - Throws: `CannotRun`.
    func perform(_ request: ProcessRequest, process: String, seconds: Double) async throws
    /// Ends every hold and pause.
    func releaseAll() async throws
    /// Tells the place that an experiment runs, for so long at most, so that its metrics and dashboards show it.
    /// - Throws: `CannotRun`, which is no reason not to run.
    func began(_ experiment: String, seconds: Double) async throws
    /// Tells the place what an experiment came to.
    /// - Throws: `CannotRun`, which changes nothing about that.
    func ended(_ experiment: String, _ verdict: RunReport.Verdict) async throws
}

extension ProcessDriver {
    public func began(_ experiment: String, seconds: Double) async throws {}
    public func ended(_ experiment: String, _ verdict: RunReport.Verdict) async throws {}
}

/// Where processes are out of reach: services known by their addresses alone.
public struct NoProcessDriver: ProcessDriver {
    public init() {}

    public func perform(_ request: ProcessRequest, process: String, seconds: Double) async throws {
        throw CannotRun("processes can be reached in a lab alone")
    }

    public func releaseAll() async throws {}
}
