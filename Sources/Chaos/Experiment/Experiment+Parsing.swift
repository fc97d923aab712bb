public import JSON

/// Why a file is no experiment: every mistake, with the path to it.
public struct ExperimentError: Error, Sendable, CustomStringConvertible {
    public let mistakes: [String]

    public init(mistakes: [String]) { self.mistakes = mistakes }

    public var description: String { self.mistakes.joined(separator: "\n") }
}

extension Experiment {
    /// Reads an experiment.
    ///
    /// - Parameters:
    ///   - fileName: the file's name without its suffix, which must be the experiment's.
    ///   - checkFault: what is wrong with a fault, from whoever knows them; nil for nothing.
    ///   - checkLoad: the same for the plan of the load.
    /// - Throws: `ExperimentError` with all that is wrong.
    public init(
        parsing bytes: [UInt8], fileName: String? = nil,
        checkFault: @escaping (JSONObject) -> String? = { _ in nil },
        checkLoad: @escaping (JSONObject) -> String? = { _ in nil }
    ) throws(ExperimentError) {
        let document: JSONValue
        do { document = try JSONValue(parsing: bytes) } catch { throw ExperimentError(mistakes: ["\(error)"]) }
        guard let object = document.object else { throw ExperimentError(mistakes: ["an experiment is an object"]) }
        let list = MistakeList()
        let reader = FieldReader(object, path: "", list: list)
        let experiment = ExperimentParser(checkFault: checkFault, checkLoad: checkLoad).read(reader, fileName)
        reader.finish()
        guard list.mistakes.isEmpty, let experiment else { throw ExperimentError(mistakes: list.mistakes) }
        self = experiment
    }
}

/// Reads the parts of an experiment. Every part is read even when another is wrong, so that all mistakes are named.
private struct ExperimentParser {
    let checkFault: (JSONObject) -> String?
    let checkLoad: (JSONObject) -> String?

    /// Bounds that keep a mistyped number from running for an hour.
    static let faultSecondsMax = 300.0
    static let services = ["gateway", "user", "product", "cart", "order"]

    func read(_ reader: FieldReader, _ fileName: String?) -> Experiment? {
        let name = reader.string("name")
        if let name, !name.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }) {
            reader.note("name", "must be of small letters, digits and dashes")
        }
        if let name, let fileName, name != fileName { reader.note("name", "must be that of the file, '\(fileName)'") }
        let title = reader.string("title")
        let description = reader.string("description")
        let seed = reader.integer("seed", in: 0...Int.max)
        let needs = self.needs(reader.object("needs", required: false))
        let load = reader.document("load")
        if let load, let mistake = self.checkLoad(load) { reader.note("load", mistake) }
        let steady = self.steady(reader.object("steady"))
        let faultSeconds = reader.number("fault_seconds", in: 1...Self.faultSecondsMax)
        let actions = reader.objects("method").compactMap { self.action($0, until: faultSeconds ?? .infinity) }
        if reader.has("method"), actions.isEmpty { reader.note("method", "must do something") }
        let expectations = reader.objects("expect").compactMap { self.assertion($0, default: .fault) }
        let recovery = self.recovery(reader.object("recovery"))
        let alerts = self.alerts(reader.object("alerts", required: false))
        guard let name, let title, let description, let seed, let load, let steady, let faultSeconds, let recovery
        else { return nil }
        return Experiment(
            name: name, title: title, description: description, seed: UInt64(seed), needs: needs, load: load,
            steady: steady, faultSeconds: faultSeconds, actions: actions.sorted { $0.at < $1.at },
            expectations: expectations, recovery: recovery, alerts: alerts)
    }

    private func needs(_ reader: FieldReader?) -> Experiment.Needs {
        var needs = Experiment.Needs()
        guard let reader else { return needs }
        if let instances = reader.object("instances", required: false) {
            for service in Self.services where instances.has(service) {
                needs.instances[service] = instances.integer(service, in: 1...9)
            }
            instances.finish()
        }
        needs.collector = reader.flag("collector", required: false) ?? false
        reader.finish()
        return needs
    }

    private func steady(_ reader: FieldReader?) -> Experiment.Steady? {
        guard let reader else { return nil }
        let seconds = reader.number("seconds", in: 1...60)
        let probes = reader.objects("probes").compactMap { self.assertion($0, default: .steady, isProbe: true) }
        if reader.has("probes"), probes.isEmpty { reader.note("probes", "must hold at least one") }
        reader.finish()
        return seconds.map { Experiment.Steady(seconds: $0, probes: probes) }
    }

    private func recovery(_ reader: FieldReader?) -> Experiment.Recovery? {
        guard let reader else { return nil }
        let seconds = reader.number("within_seconds", in: 1...120)
        let closed = reader.objects("closed", required: false).compactMap { entry -> BreakerName? in
            defer { entry.finish() }
            return self.breaker(entry)
        }
        reader.finish()
        return seconds.map { Experiment.Recovery(withinSeconds: $0, closed: closed) }
    }

    private func alerts(_ reader: FieldReader?) -> AlertExpectations? {
        guard let reader else { return nil }
        defer { reader.finish() }
        let must = reader.objects("must", required: false).compactMap { entry -> AlertExpectations.Demand? in
            defer { entry.finish() }
            let alert = entry.string("alert")
            let labels = entry.labels("labels")
            let seconds = entry.number("within_seconds", in: 1...120)
            guard let alert, let seconds else { return nil }
            return .init(alert: alert, labels: labels, withinSeconds: seconds)
        }
        let may = reader.strings("may", required: false) ?? []
        let resolve = reader.number("resolve_within_seconds", in: 1...300, required: false) ?? 60
        return AlertExpectations(must: must, may: may, resolveWithinSeconds: resolve)
    }

    // MARK: Actions

    private enum ActionKind: String, CaseIterable {
        case fault, kill, hold, pause, restart, breaker
        case retryBudgetOff = "retry_budget_off"
        case limitConcurrency = "limit_concurrency"
        case stopCollector = "stop_collector"
    }

    private func action(_ reader: FieldReader, until end: Double) -> Experiment.ScheduledAction? {
        defer { reader.finish() }
        let at = reader.number("at", in: 0...Self.faultSecondsMax)
        if let at, at >= end { reader.note("at", "is not before fault_seconds") }
        guard let kind = reader.word("action", of: ActionKind.self) else { return nil }
        let action: Action? =
            switch kind {
            case .fault: self.fault(reader)
            case .kill: self.process(reader, .kill)
            case .hold: self.process(reader, .hold)
            case .pause: self.process(reader, .pause)
            case .restart: self.process(reader, .restart)
            case .breaker: self.breakerOperation(reader)
            case .retryBudgetOff: self.retryBudget(reader)
            case .limitConcurrency: self.concurrency(reader)
            case .stopCollector: .stopCollector
            }
        guard let at, let action else { return nil }
        return Experiment.ScheduledAction(at: at, action: action)
    }

    private func fault(_ reader: FieldReader) -> Action? {
        let service = self.service(reader)
        let instance = reader.integer("instance", in: 1...9, required: false)
        guard let fault = reader.document("fault") else { return nil }
        if let mistake = self.checkFault(fault) { reader.note("fault", mistake) }
        return service.map { .fault(service: $0, instance: instance, fault: fault) }
    }

    private func process(_ reader: FieldReader, _ request: ProcessRequest) -> Action? {
        let process = reader.string("process")
        if let process, !Self.services.contains(String(process.split(separator: "-").first ?? "")) {
            reader.note("process", "must be \(Self.services.joined(separator: ", ")), or one with -2 and so on")
        }
        let seconds = request.isTimed ? reader.number("seconds", in: 1...Self.faultSecondsMax) : 0
        guard let process, let seconds else { return nil }
        return .process(request, process: process, seconds: seconds)
    }

    private func breakerOperation(_ reader: FieldReader) -> Action? {
        let name = self.breaker(reader)
        let operation = reader.word("operation", of: BreakerOperation.self)
        guard let name, let operation else { return nil }
        return .breaker(name, operation)
    }

    private func retryBudget(_ reader: FieldReader) -> Action? {
        let service = self.service(reader)
        let seconds = reader.number("seconds", in: 1...Self.faultSecondsMax)
        guard let service, let seconds else { return nil }
        return .retryBudget(service: service, seconds: seconds)
    }

    private func concurrency(_ reader: FieldReader) -> Action? {
        let service = self.service(reader)
        let limit = reader.integer("limit", in: 1...1_000_000)
        let seconds = reader.number("seconds", in: 1...Self.faultSecondsMax)
        guard let service, let limit, let seconds else { return nil }
        return .concurrency(service: service, limit: limit, seconds: seconds)
    }

    // MARK: Assertions

    private func assertion(
        _ reader: FieldReader, default phase: Assertion.Phase, isProbe: Bool = false
    ) -> Assertion? {
        defer { reader.finish() }
        let says = reader.string("says", required: false)
        let window = isProbe ? Assertion.Window(phase) : self.window(reader, default: phase)
        guard let kind = reader.word("that", of: Assertion.Kind.self) else { return nil }
        if isProbe, kind == .breakerOpens || kind == .breakerCloses || kind == .rateRatio {
            reader.note("that", "'\(kind.rawValue)' compares phases and cannot be a steady probe")
        }
        return self.claim(reader, kind).map { Assertion(claim: $0, window: window, says: says) }
    }

    private func window(_ reader: FieldReader, default phase: Assertion.Phase) -> Assertion.Window {
        let phase = reader.word("during", of: Assertion.Phase.self, required: false) ?? phase
        let from = reader.number("from", in: 0...Self.faultSecondsMax, required: false) ?? 0
        let to = reader.number("to", in: 0...Self.faultSecondsMax, required: false)
        if let to, to <= from { reader.note("to", "is not after 'from'") }
        return Assertion.Window(phase, from: from, to: to)
    }

    private func claim(_ reader: FieldReader, _ kind: Assertion.Kind) -> Assertion.Claim? {
        switch kind {
        case .answers:
            let steps = self.steps(reader)
            let status = reader.strings("status")?.compactMap { text -> Assertion.StatusPattern? in
                if let pattern = Assertion.StatusPattern(text) { return pattern }
                reader.note("status", "'\(text)' is neither a status like 503 nor a hundred like 2xx")
                return nil
            }
            let bounds = self.bounds(reader)
            return status.map { .answers(steps: steps, status: $0, bounds) }
        case .errors: return .errors(steps: self.steps(reader), self.bounds(reader))
        case .latency:
            let steps = self.steps(reader)
            let quantile = reader.number("quantile", in: 0.01...1)
            let most = reader.number("at_most_ms", in: 0...600_000)
            guard let quantile, let most else { return nil }
            return .latency(steps: steps, quantile: quantile, .init(atMost: most))
        case .retryAfter: return .retryAfter(steps: self.steps(reader), self.bounds(reader))
        case .stale: return .stale(steps: self.steps(reader), self.bounds(reader))
        case .metric:
            let query = self.metric(reader)
            let reduction = reader.word("take", of: Assertion.Reduction.self)
            let bounds = self.bounds(reader)
            guard let query, let reduction else { return nil }
            return .metric(query, reduction, bounds)
        case .rateRatio:
            let query = self.metric(reader)
            let bounds = self.bounds(reader)
            return query.map { .rateRatio($0, bounds) }
        case .breakerOpens, .breakerCloses:
            let name = self.breaker(reader)
            let seconds = reader.number("within_seconds", in: 0.1...120)
            guard let name, let seconds else { return nil }
            return kind == .breakerOpens
                ? .breakerOpens(name, withinSeconds: seconds) : .breakerCloses(name, withinSeconds: seconds)
        }
    }

    /// The steps of the load it speaks of; none for all.
    private func steps(_ reader: FieldReader) -> [String] { reader.strings("steps", required: false) ?? [] }

    private func bounds(_ reader: FieldReader) -> Assertion.Bounds {
        let range = -1e15...1e15
        let least = reader.number("at_least", in: range, required: false)
        let most = reader.number("at_most", in: range, required: false)
        if !reader.has("at_least"), !reader.has("at_most") { reader.note("", "needs at_least or at_most") }
        if let least, let most, least > most { reader.note("at_least", "is above at_most") }
        return Assertion.Bounds(atLeast: least, atMost: most)
    }

    private func metric(_ reader: FieldReader) -> MetricQuery? {
        let service = self.service(reader)
        let instance = reader.integer("instance", in: 1...9, required: false)
        let metric = reader.string("metric")
        let labels = reader.labels("labels")
        guard let service, let metric else { return nil }
        return MetricQuery(service: service, instance: instance, metric: metric, labels: labels)
    }

    private func breaker(_ reader: FieldReader) -> BreakerName? {
        let service = self.service(reader)
        let breaker = reader.string("breaker")
        guard let service, let breaker else { return nil }
        return BreakerName(service: service, breaker: breaker)
    }

    private func service(_ reader: FieldReader) -> String? {
        guard let service = reader.string("service") else { return nil }
        guard Self.services.contains(service) else {
            reader.note("service", "'\(service)' is none of \(Self.services.joined(separator: ", "))")
            return nil
        }
        return service
    }
}
