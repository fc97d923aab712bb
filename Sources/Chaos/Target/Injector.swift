import HTTPCore
import HTTPEngine
public import JSON
import Synchronization

/// Does an experiment's actions to a target, and undoes them.
///
/// Everything it does also ends by itself: faults carry an expiry, the supervisor keeps the time of holds, a forced
/// breaker is the exception and is reset by `vitrine chaos clear`.
public final class Injector: Sendable {
    private let target: Target
    private let client: AdminClient
    private let driver: any ProcessDriver
    private let collector: StubCollector?
    private let label: String

    /// What has been done and can be undone.
    private struct Done: Sendable {
        var faulted: Set<String> = []
        var breakers: Set<BreakerName> = []
        var budgets: Set<String> = []
        var limits: Set<String> = []
        var processes = false
        var collector = false
    }
    private let done = Mutex(Done())

    /// Seconds a fault outlives the phase it is meant for, should nobody clear it.
    static let expiryMargin = 5.0

    public init(
        target: Target, client: AdminClient, driver: any ProcessDriver, collector: StubCollector? = nil,
        label: String = "chaos"
    ) {
        self.target = target
        self.client = client
        self.driver = driver
        self.collector = collector
        self.label = label
    }

    /// Does an action.
    ///
    /// - Parameters:
    ///   - seconds: how long the fault's phase still lasts, for faults that do not say how long they last.
    ///   - seed: for faults that bring none.
    public func perform(_ action: Action, seconds: Double, seed: UInt64) async throws {
        switch action {
        case .fault(let service, let instance, let fault):
            let body = Self.completed(fault, seconds: seconds, seed: seed, label: self.label)
            for instance in try self.instances(service, instance) {
                self.done.withLock { _ = $0.faulted.insert(instance.process) }
                try await self.client.require(.post, instance.admin, "/faults", json: body)
            }
        case .process(let request, let process, let seconds):
            self.done.withLock { $0.processes = true }
            try await self.driver.perform(request, process: process, seconds: seconds)
        case .breaker(let name, let operation):
            self.done.withLock { _ = $0.breakers.insert(name) }
            // Ends by itself, should nobody be left to end it.
            var json = JSONWriter()
            json.beginObject()
            json.field("duration_seconds", Int((seconds + Self.expiryMargin).rounded(.up)))
            json.endObject()
            for instance in try self.instances(name.service, nil) {
                try await self.client.require(
                    .post, instance.admin, "/breakers/\(name.breaker)/\(operation.rawValue)", json: json.bytes)
            }
        case .retryBudget(let service, let seconds):
            self.done.withLock { _ = $0.budgets.insert(service) }
            try await self.setBudget(service, isEnabled: false, seconds: seconds)
        case .concurrency(let service, let limit, let seconds):
            self.done.withLock { _ = $0.limits.insert(service) }
            try await self.setConcurrency(service, limit: limit, seconds: seconds)
        case .stopCollector:
            guard let collector = self.collector else { throw CannotRun("there is no collector to stop") }
            self.done.withLock { $0.collector = true }
            await collector.stop()
        }
    }

    /// Undoes whatever has been done; goes on past what fails.
    ///
    /// - Returns: what could not be undone, a line each. It ends by its own expiry.
    public func rollBack() async -> [String] {
        let done = self.done.withLock { done in
            defer { done = Done() }
            return done
        }
        var failures: [String] = []
        // What fails is kept, for the next time: a process may have to come back first.
        func attempt(_ keep: (inout Done) -> Void, _ body: () async throws -> Void) async {
            do { try await body() } catch {
                failures.append("\(error)")
                self.done.withLock { keep(&$0) }
            }
        }
        // Processes first: one that is paused or held could not be told anything.
        if done.processes { await attempt({ $0.processes = true }) { try await self.driver.releaseAll() } }
        for instance in self.target.instances where done.faulted.contains(instance.process) {
            await attempt({ $0.faulted.insert(instance.process) }) { try await self.clearFaults(of: instance) }
        }
        for name in done.breakers {
            for instance in self.target.instances(of: name.service) {
                await attempt({ $0.breakers.insert(name) }) {
                    try await self.client.require(.post, instance.admin, "/breakers/\(name.breaker)/reset")
                }
            }
        }
        if done.collector { await attempt({ $0.collector = true }) { try self.collector?.start() } }
        for service in done.limits {
            await attempt({ $0.limits.insert(service) }) {
                try await self.setConcurrency(service, limit: nil, seconds: 1)
            }
        }
        for service in done.budgets {
            await attempt({ $0.budgets.insert(service) }) {
                try await self.setBudget(service, isEnabled: true, seconds: 1)
            }
        }
        return failures
    }

    /// Clears the whole target, whoever broke it: faults, holds and pauses, and forced breakers.
    ///
    /// - Returns: what was cleared and what could not be, a line each.
    public func clearAll() async -> (cleared: [String], failures: [String]) {
        var cleared: [String] = []
        var failures: [String] = []
        do { try await self.driver.releaseAll() } catch { failures.append("\(error)") }
        for instance in self.target.instances {
            do {
                let count = try await self.faults(of: instance)
                if count > 0 {
                    try await self.clearFaults(of: instance)
                    cleared.append("\(instance.process): \(count) faults")
                }
                for breaker in try await self.forcedBreakers(of: instance) {
                    try await self.client.require(.post, instance.admin, "/breakers/\(breaker)/reset")
                    cleared.append("\(instance.process): breaker \(breaker)")
                }
            } catch {
                failures.append("\(instance.process): \(error)")
            }
        }
        return (cleared, failures)
    }

    /// How many faults an instance has armed; 0 where it knows none.
    ///
    /// - Throws: `CannotRun` when it does not answer.
    public func faults(of instance: Target.Instance) async throws -> Int {
        guard let document = try await self.document(instance, "/faults") else { return 0 }
        return (document["faults"] ?? document).array?.count ?? 0
    }

    /// The breakers of an instance that somebody has forced open or disabled; none where it knows none.
    ///
    /// - Throws: `CannotRun` when it does not answer.
    public func forcedBreakers(of instance: Target.Instance) async throws -> [String] {
        guard let document = try await self.document(instance, "/breakers") else { return [] }
        return ((document["breakers"] ?? document).array ?? []).compactMap { entry in
            guard let state = entry["state"]?.string, state == "forced_open" || state == "disabled" else { return nil }
            return entry["breaker"]?.string
        }
    }

    /// An admin document; nil where there is no such path.
    private func document(_ instance: Target.Instance, _ path: String) async throws -> JSONValue? {
        let answer = try await self.client.send(.get, instance.admin, path)
        if answer.status == 404 { return nil }
        guard answer.status == 200 else { throw CannotRun("GET \(path) answers \(answer.status)") }
        return try JSONValue(parsing: answer.body)
    }

    private func clearFaults(of instance: Target.Instance) async throws {
        try await self.client.require(.delete, instance.admin, "/faults")
    }

    private func setBudget(_ service: String, isEnabled: Bool, seconds: Double) async throws {
        var json = JSONWriter()
        json.beginObject()
        json.field("enabled", isEnabled)
        json.field("duration_seconds", Int(seconds.rounded(.up)))
        json.endObject()
        for instance in try self.instances(service, nil) {
            try await self.client.require(.post, instance.admin, "/resilience/retry-budget", json: json.bytes)
        }
    }

    /// - Parameter limit: nil to end what an earlier call set.
    private func setConcurrency(_ service: String, limit: Int?, seconds: Double) async throws {
        var json = JSONWriter()
        json.beginObject()
        if let limit { json.field("limit", limit) }
        json.field("duration_seconds", Int(seconds.rounded(.up)))
        json.endObject()
        for instance in try self.instances(service, nil) {
            try await self.client.require(.post, instance.admin, "/resilience/concurrency", json: json.bytes)
        }
    }

    private func instances(_ service: String, _ number: Int?) throws(CannotRun) -> [Target.Instance] {
        let found = self.target.instances(of: service, number: number)
        if found.isEmpty { throw CannotRun("there is no process of \(service)\(number.map { "-\($0)" } ?? "")") }
        return found
    }

    /// The fault with what its file leaves out: how long, with which seed, whose.
    public static func completed(_ fault: JSONObject, seconds: Double, seed: UInt64, label: String) -> [UInt8] {
        var fault = fault
        // Ignored where the file says otherwise: `append` keeps what is there.
        fault.append("duration_seconds", .number(JSONNumber(Int((seconds + Self.expiryMargin).rounded(.up)))))
        // Only where something is left to chance.
        if fault["percentage"] != nil { fault.append("seed", .number(JSONNumber(Int(seed & 0x7FFF_FFFF)))) }
        fault.append("label", .string(label))
        var json = JSONWriter()
        json.value(.object(fault))
        return json.bytes
    }
}
