import ServiceKit
import Telemetry

extension Dashboard {
    static let process = Dashboard(
        .process,
        "What each process uses of what it has, how full that is, and what went wrong with it: processor, memory, "
            + "descriptors, and the event loops everything runs on.",
        tags: ["use", "runtime"], variables: [.process, .instance], related: [.service, .stores, .telemetry, .overview]
    ) {
        ProcessRows.now
        ProcessRows.process
        ProcessRows.loops
        ProcessRows.executors
    }
}

private enum ProcessRows {
    static let chosen = [DashboardVariable.service.condition, DashboardVariable.instance.condition]
    static let busy = Series(RuntimeMetrics.loopBusy, where: Self.chosen)
    static let lag = Series(RuntimeMetrics.loopLag, where: Self.chosen)
    static let processor = Series(ProcessMetrics.processorTime, where: Self.chosen)
    static let started = Series(ProcessMetrics.startTime, where: Self.chosen)
    /// Open descriptors of those that may be.
    static let descriptors =
        Series(ProcessMetrics.openDescriptors, where: Self.chosen).value
        / Series(ProcessMetrics.descriptorsMax, where: Self.chosen).value

    static let now = Row("Now", columns: 6, height: 4) {
        Stat("Processor", .ratio, "Of one core, the busiest process. Loops are few: above 100 % several are busy.") {
            Query(Self.processor.rate(.rateInterval).max())
        }.thresholds(.above(0.7, 1.5)).decimals(1)
        Stat("Memory", .bytes, "Resident, of the largest process. Growth that does not end is a leak.") {
            Query(Series(ProcessMetrics.residentMemory, where: Self.chosen).value.max())
        }.thresholds(.above(500_000_000, 1_000_000_000))
        Stat(
            "Descriptors", .ratio,
            "Open, of those that may be; the fullest process. At 100 % connections are refused."
        ) {
            Query(Self.descriptors.max())
        }.thresholds(.above(0.5, 0.8)).decimals(1)
        Stat(
            "Busiest loop", .ratio,
            "Share of time that the busiest event loop works. Near 100 % everything on it waits."
        ) {
            Query(Self.busy.rate(.rateInterval).max())
        }.thresholds(.above(0.6, 0.9)).decimals(1)
        Stat(
            "Longest turn", .seconds,
            "How late an event can have been served on any loop since the last scrape. Something blocks a loop from a "
                + "tenth of a second on."
        ) {
            Query(Self.lag.value.max())
        }.thresholds(.above(0.05, 0.1))
        Stat(
            "Starts", .none, "Processes that began anew within the range shown. Without a deployment: a crash.",
            hasTrend: false
        ) {
            Query(Self.started.changes(.range).sum())
        }.thresholds(.from(1, .orange)).decimals(0)
    }

    static let process = Row("Processes", columns: 3) {
        TimeSeries(
            "Processor by process", .ratio,
            "Of one core. Compare with the request rate: the same work for more processor time is a regression."
        ) {
            Query(Self.processor.rate(.rateInterval).sum(by: [.service, .instance]), "\(.service) \(.instance)")
        }.thresholds(.above(0.7, 1.5)).scale()
        TimeSeries("Resident memory", .bytes, "A saw-tooth is normal, a staircase is a leak.") {
            Query(
                Series(ProcessMetrics.residentMemory, where: Self.chosen).value.max(by: [.service, .instance]),
                "\(.service) \(.instance)")
        }.scale()
        TimeSeries(
            "Open descriptors", .short,
            "Connections, files and the loops' own. They follow the connections; if they only rise, something is not "
                + "closed."
        ) {
            Query(
                Series(ProcessMetrics.openDescriptors, where: Self.chosen).value.max(by: [.service, .instance]),
                "\(.service) \(.instance)")
        }.scale()
        TimeSeries(
            "Threads", .short,
            "Fixed after the start: loops, executors and a few more. More of them each hour is a defect."
        ) {
            Query(
                Series(ProcessMetrics.threads, where: Self.chosen).value.max(by: [.service, .instance]),
                "\(.service) \(.instance)")
        }.scale()
        Table(
            "Since when each runs",
            "How long each process has been up, and how far its clock is from that of the monitoring. Clocks that "
                + "differ break tokens and traces.",
            keys: [.init(.service, "Service"), .init(.instance, "Instance")]
        ) {
            Column("Started", .sinceMilliseconds, Self.started.value.max(by: [.service, .instance]) * 1_000)
            Column("Clock ahead", .seconds, Self.clockSkew, .above(1, 5))
            Column(
                "Memory", .bytes,
                Series(ProcessMetrics.residentMemory, where: Self.chosen).value.max(
                    by: [.service, .instance]))
        }.spanning(2).link(.logs(of: .service))
    }

    /// The process' clock at the scrape, against the moment of the scrape.
    private static let clockSkew: PromQL = {
        let clock = Series(ProcessMetrics.clock, where: Self.chosen).value
        return (clock - .call("timestamp", [clock])).max(by: [.service, .instance])
    }()

    static let loops = Row("Event loops", columns: 4) {
        TimeSeries(
            "Busy by loop", .ratio,
            "Share of time each loop works rather than waits. One far above the others has the heavy connections."
        ) {
            Query(Self.busy.rate(.rateInterval).max(by: [.service, .loop]), "\(.service) \(.loop)")
        }.thresholds(.above(0.6, 0.9)).scale()
        TimeSeries(
            "Longest turn by loop", .seconds,
            "How late an event can have been served since the last scrape. Peaks are blocking calls on a loop."
        ) {
            Query(Self.lag.value.max(by: [.service, .loop]), "\(.service) \(.loop)")
        }.thresholds(.above(0.05, 0.1)).scale()
        TimeSeries(
            "Jobs by service", .operationsPerSecond,
            "Task jobs that loops run. Many more for each request than before: something suspends too often."
        ) {
            Query(
                Series(RuntimeMetrics.loopJobs, where: Self.chosen).rate(.rateInterval).sum(by: [.service]),
                "\(.service)")
        }.scale()
        TimeSeries("Connections by loop", .short, "Inbound and outbound connections on each loop.") {
            Query(
                Series(RuntimeMetrics.loopConnections, where: Self.chosen).value.sum(by: [.service, .loop]),
                "\(.service) \(.loop)")
        }.scale()
    }

    static let executors = Row("Threads for what blocks", columns: 3) {
        TimeSeries(
            "Waiting for a thread", .short,
            "Blocking calls, such as passwords and files, that wait. Anything but 0 for long is felt."
        ) {
            Query(
                Series(RuntimeMetrics.executorQueue, where: Self.chosen).value.sum(by: [.service, .executor]),
                "\(.service) \(.executor)")
        }.thresholds(.above(10, 50)).scale()
        TimeSeries("Running on threads", .short, "Blocking calls in progress. Flat at the top: all threads are busy.") {
            Query(
                Series(RuntimeMetrics.executorRunning, where: Self.chosen).value.sum(by: [.service, .executor]),
                "\(.service) \(.executor)")
        }.scale()
        TimeSeries(
            "Refused by executors", .perSecond,
            "Blocking calls refused because the queue was full. Anything but 0: requests fail of it."
        ) {
            Query(
                Series(RuntimeMetrics.executorRejected, where: Self.chosen).rate(.rateInterval).sum(
                    by: [.service, .executor]), "\(.service) \(.executor)")
        }.thresholds(.from(0.01)).scale()
    }
}
