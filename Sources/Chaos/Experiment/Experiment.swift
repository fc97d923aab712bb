public import JSON

/// One experiment: what must hold before, what is broken, what must happen meanwhile, and how it must end.
public struct Experiment: Sendable {
    /// Lower-case words with dashes between them; also the name of its file and of its report.
    public let name: String
    public let title: String
    public let description: String
    /// Of the load, and of every fault that names none.
    public let seed: UInt64
    public let needs: Needs
    /// The plan of the load, handed to the load generator as it is.
    public let load: JSONObject
    public let steady: Steady
    /// How long the fault lasts, in seconds.
    public let faultSeconds: Double
    /// What is done and when, in order of time.
    public let actions: [ScheduledAction]
    public let expectations: [Assertion]
    public let recovery: Recovery
    /// What it says of alerts, for places that have them; nil where it says nothing.
    public let alerts: AlertExpectations?

    /// What the target must have.
    public struct Needs: Sendable, Hashable {
        /// Processes of each service; one where nothing is said.
        public var instances: [String: Int] = [:]
        /// Whether services have to export to a collector that the experiment can take away.
        public var collector = false
    }

    /// What must hold before anything is broken, and again afterwards.
    public struct Steady: Sendable {
        /// How long it must hold.
        public let seconds: Double
        public let probes: [Assertion]
    }

    public struct Recovery: Sendable {
        /// How soon after the end of the fault the steady state must be back, in seconds.
        public let withinSeconds: Double
        /// Breakers that must be closed again by then.
        public let closed: [BreakerName]
    }

    /// Something that is done at a time.
    public struct ScheduledAction: Sendable {
        /// Seconds after the begin of the fault.
        public let at: Double
        public let action: Action
    }

    /// How long a run takes at most when all goes well: for people, and for tests of the shipped experiments.
    public var secondsMax: Double { self.steady.seconds + self.faultSeconds + self.recovery.withinSeconds }

    /// The breakers that expectations or recovery speak of.
    public var breakers: [BreakerName] {
        var names = self.recovery.closed
        for expectation in self.expectations {
            switch expectation.claim {
            case .breakerOpens(let name, _), .breakerCloses(let name, _): names.append(name)
            default: break
            }
        }
        return names
    }

    /// The metrics that its assertions read.
    public var metrics: [MetricQuery] { (self.steady.probes + self.expectations).compactMap(\.metric) }
}

/// A circuit breaker: of the service that calls, named by the one that is called.
public struct BreakerName: Sendable, Hashable, CustomStringConvertible {
    public let service: String
    public let breaker: String

    public init(service: String, breaker: String) {
        self.service = service
        self.breaker = breaker
    }

    public var description: String { "\(self.service) → \(self.breaker)" }
}

/// What an experiment can do to its target.
public enum Action: Sendable {
    /// Arms a fault at the admin port of a service's instance; nil for all of them.
    case fault(service: String, instance: Int?, fault: JSONObject)
    /// Does something to a process; `seconds` for those that last.
    case process(ProcessRequest, process: String, seconds: Double)
    case breaker(BreakerName, BreakerOperation)
    /// Turns the retry budget of a caller off for a time.
    case retryBudget(service: String, seconds: Double)
    /// Lowers the limit of requests in flight at a service for a time.
    case concurrency(service: String, limit: Int, seconds: Double)
    /// Ends the experiment's own collector, so that exports have nowhere to go.
    case stopCollector

    /// In a few words, for a person.
    public var summary: String {
        switch self {
        case .fault(let service, let instance, let fault):
            let number = instance.map { "-\($0)" } ?? ""
            let kind = fault["kind"]?.string ?? "fault"
            let upstream = fault["upstream"]?.string.map { " towards \($0)" } ?? ""
            return "\(kind) at \(service)\(number)\(upstream)"
        case .process(let request, let process, let seconds):
            return request.isTimed
                ? "\(request.rawValue) \(process) for \(seconds.short) s" : "\(request.rawValue) \(process)"
        case .breaker(let name, let operation): return "\(operation.rawValue) the breaker \(name)"
        case .retryBudget(let service, let seconds): return "no retry budget at \(service) for \(seconds.short) s"
        case .concurrency(let service, let limit, let seconds):
            return "\(limit) requests in flight at \(service) for \(seconds.short) s"
        case .stopCollector: return "stop the collector"
        }
    }
}

/// What can be asked of a process.
public enum ProcessRequest: String, Sendable, CaseIterable {
    case kill, hold, pause, restart
    var isTimed: Bool { self == .hold || self == .pause }
}

/// What an operator can do to a breaker.
public enum BreakerOperation: String, Sendable, CaseIterable {
    case open, disable, reset
}

/// A sum over the series of a metric that bear all of the labels, over the instances of a service.
public struct MetricQuery: Sendable, Hashable, CustomStringConvertible {
    public let service: String
    /// One instance of it; nil for all.
    public let instance: Int?
    /// Its Prometheus name.
    public let metric: String
    public let labels: [String: String]

    public init(service: String, instance: Int? = nil, metric: String, labels: [String: String] = [:]) {
        self.service = service
        self.instance = instance
        self.metric = metric
        self.labels = labels
    }

    public var description: String {
        let pairs = self.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\($0.value)\"" }
        let braces = pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}"
        return "\(self.service)\(self.instance.map { "-\($0)" } ?? "") \(self.metric)\(braces)"
    }
}
