import HTTPCore
import HTTPEngine

/// Reads the metrics that an experiment speaks of, and the state of every breaker, four times a second.
struct MetricSampler: Sendable {
    let target: Target
    let client: AdminClient
    let queries: [MetricQuery]
    let clock: RunClock

    /// Seconds between two scrapes of a process.
    static let interval = 0.25
    static let breakerState = "resilience_circuit_breaker_state"

    /// Samples until it is cancelled. Each process has a task of its own, so that one that hangs delays no other.
    func run(_ onScrape: @escaping @Sendable (Target.Instance, Double, MetricScrape) -> Void) async {
        await withTaskGroup { group in
            for instance in self.target.instances {
                group.addTask { await self.follow(instance, onScrape) }
            }
        }
    }

    private func follow(
        _ instance: Target.Instance, _ onScrape: @Sendable (Target.Instance, Double, MetricScrape) -> Void
    ) async {
        let names = Set(self.queries.filter { $0.service == instance.service }.map(\.metric) + [Self.breakerState])
        var next = self.clock.now
        while !Task.isCancelled {
            // A process that does not answer leaves a gap, which is what it is.
            if let scrape = await self.scrape(instance, names) { onScrape(instance, self.clock.now, scrape) }
            next = max(next + Self.interval, self.clock.now)
            do { try await self.clock.sleep(until: next) } catch { return }
        }
    }

    func scrape(_ instance: Target.Instance, _ names: Set<String>) async -> MetricScrape? {
        guard let answer = try? await self.client.send(.get, instance.admin, "/metrics", within: .seconds(1)),
            answer.status == 200
        else { return nil }
        return MetricScrape(parsing: answer.body, names: names)
    }
}

extension RunRecord {
    /// Takes what a scrape says of the queries and of breakers.
    mutating func take(_ scrape: MetricScrape, of instance: Target.Instance, at: Double, queries: [MetricQuery]) {
        for query in queries
        where query.service == instance.service && query.instance ?? instance.number == instance.number {
            guard let value = scrape.sum(query.metric, query.labels) else { continue }
            self.sample(query, process: instance.process, at: at, value: value)
        }
        for sample in scrape.samples where sample.name == MetricSampler.breakerState && sample.value == 1 {
            guard let breaker = sample.labels["breaker"], let state = sample.labels["state"] else { continue }
            self.sawBreaker(
                BreakerName(service: instance.service, breaker: breaker), process: instance.process, state: state,
                at: at)
        }
    }
}
