import HTTPEngine
import NetworkIO
package import Telemetry

/// Event loops and executors: what the runtime tells about itself.
package enum RuntimeMetrics {
    package static let loopLag = DynamicDescriptor(
        "shop.event_loop.tick.max", kind: .gauge, unit: .seconds,
        help: "The longest turn of the loop since the last scrape: how late an event can have been served.",
        labelNames: ["loop"])
    package static let loopLongTicks = DynamicDescriptor(
        "shop.event_loop.long_ticks", kind: .counter, unit: .count("tick"),
        help: "Turns of the loop that took 100 ms or longer, whoever scrapes.", labelNames: ["loop"])
    package static let loopBusy = DynamicDescriptor(
        "shop.event_loop.busy", kind: .counter, unit: .seconds,
        help: "Time the loop has spent working rather than waiting.", labelNames: ["loop"])
    package static let loopTicks = DynamicDescriptor(
        "shop.event_loop.ticks", kind: .counter, unit: .count("tick"), help: "Turns of the loop.",
        labelNames: ["loop"])
    package static let loopJobs = DynamicDescriptor(
        "shop.event_loop.jobs", kind: .counter, unit: .count("job"), help: "Task jobs run by the loop.",
        labelNames: ["loop"])
    package static let loopConnections = DynamicDescriptor(
        "shop.event_loop.connections", kind: .gauge, unit: .count("connection"),
        help: "Connections open on the loop, inbound and outbound.", labelNames: ["loop"])
    package static let executorQueue = DynamicDescriptor(
        "shop.executor.queue", kind: .gauge, unit: .count("job"),
        help: "Blocking calls that wait for a thread of the executor.", labelNames: ["executor"])
    package static let executorRunning = DynamicDescriptor(
        "shop.executor.running", kind: .gauge, unit: .count("job"),
        help: "Blocking calls now running on the executor.", labelNames: ["executor"])
    package static let executorRejected = DynamicDescriptor(
        "shop.executor.rejected", kind: .counter, unit: .count("job"),
        help: "Blocking calls refused because the executor's queue was full.", labelNames: ["executor"])

    static func register(loops: EventLoopGroup, executors: [BlockingExecutor], on telemetry: Telemetry) {
        let metrics = telemetry.metrics
        let all = loops.all.map { loop in
            let name = loop === loops.admin ? "admin" : loop === loops.background ? "background" : String(loop.index)
            return (name: name, statistics: loop.statistics)
        }
        metrics.observable(self.loopLag) { all.map { ([$0.name], Double($0.statistics.takeLongestTick()) / 1e9) } }
        metrics.observable(self.loopLongTicks) { all.map { ([$0.name], Double($0.statistics.longTicks)) } }
        metrics.observable(self.loopBusy) { all.map { ([$0.name], Double($0.statistics.busyNanoseconds) / 1e9) } }
        metrics.observable(self.loopTicks) { all.map { ([$0.name], Double($0.statistics.ticks)) } }
        metrics.observable(self.loopJobs) { all.map { ([$0.name], Double($0.statistics.jobs)) } }
        metrics.observable(self.loopConnections) { all.map { ([$0.name], Double($0.statistics.connections)) } }
        metrics.observable(self.executorQueue) { executors.map { ([$0.name], Double($0.queueDepth)) } }
        metrics.observable(self.executorRunning) { executors.map { ([$0.name], Double($0.running)) } }
        metrics.observable(self.executorRejected) { executors.map { ([$0.name], Double($0.rejected)) } }
    }
}
