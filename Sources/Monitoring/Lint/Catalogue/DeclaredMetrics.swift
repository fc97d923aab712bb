import CartService
import Console
import Faults
import Lab
import LoadGenerator
import OrderService
import Persistence
import ProductService
import RPC
import Resilience
import ServiceKit
package import Telemetry
import UserService

/// Every metric that some process may have.
///
/// A test compares it with what processes really register.
package enum DeclaredMetrics {
    package static let all: [MetricDescription] = [services, clients, platform, telemetry, laboratory]
        .flatMap { $0 }.map(\.description)

    /// Of the services themselves.
    private static let services: [any DescribedMetric] = [
        UserMetrics.registered, UserMetrics.logins, UserMetrics.refreshes, UserMetrics.sessionsDisplaced,
        UserMetrics.throttleKeys, UserMetrics.throttleEvictions, UserMetrics.signingKeys,
        ProductMetrics.searches, ProductMetrics.reservations, ProductMetrics.stockUnits,
        ProductMetrics.lowStockProducts, ProductMetrics.violations,
        CartMetrics.itemsAdded, CartMetrics.degraded, CartMetrics.expired,
        OrderMetrics.placed, OrderMetrics.orderValue, OrderMetrics.payments, OrderMetrics.checkoutDuration,
        OrderMetrics.sagaInFlight, OrderMetrics.sagaOldestAge, OrderMetrics.compensations,
        OrderMetrics.invariantViolations,
    ]

    /// Of what calls, and of what protects who calls.
    private static let clients: [any DescribedMetric] = [
        BulkheadMetrics.inFlight, BulkheadMetrics.rejected, BulkheadMetrics.limit, BulkheadMetrics.shed,
        CircuitBreakerMetrics.state, CircuitBreakerMetrics.transitions, CircuitBreakerMetrics.stateSeconds,
        CircuitBreakerMetrics.calls, CircuitBreakerMetrics.failureRatio, CircuitBreakerMetrics.slowRatio,
        DeadlineMetrics.exceeded,
        FallbackMetrics.answers,
        OutlierMetrics.ejected, OutlierMetrics.ejections,
        RateLimiterMetrics.rejected, RateLimiterMetrics.forgotten,
        RetryMetrics.attempts, RetryMetrics.remaining,
        RPCMetrics.serverDuration, RPCMetrics.clientDuration,
        FaultMetrics.active, FaultMetrics.injections,
    ]

    /// Of every process.
    private static let platform: [any DescribedMetric] = [
        CertificateMetrics.notAfter,
        HTTPMetrics.serverDuration, HTTPMetrics.serverActive, HTTPMetrics.clientDuration, HTTPMetrics.refusals,
        HTTPMetrics.refusedConnections,
        HTTPPoolMetrics.connections, HTTPPoolMetrics.sharedConnections, HTTPPoolMetrics.streams,
        HTTPPoolMetrics.waiting,
        RuntimeMetrics.loopLag, RuntimeMetrics.loopLongTicks, RuntimeMetrics.loopBusy, RuntimeMetrics.loopTicks,
        RuntimeMetrics.loopJobs,
        RuntimeMetrics.loopConnections, RuntimeMetrics.executorQueue, RuntimeMetrics.executorRunning,
        RuntimeMetrics.executorRejected,
        SecurityMetrics.tokens,
        DatabaseDescriptors.operationDuration, DatabaseDescriptors.connectionCount, DatabaseDescriptors.connectionMax,
        DatabaseDescriptors.pendingRequests, DatabaseDescriptors.waitTime, DatabaseDescriptors.useTime,
        DatabaseDescriptors.commits, DatabaseDescriptors.writesPerCommit, DatabaseDescriptors.rollbacks,
        DatabaseDescriptors.rejections, DatabaseDescriptors.checkpoints, DatabaseDescriptors.logFrames,
    ]

    /// Of telemetry about itself, and of the process.
    private static let telemetry: [any DescribedMetric] = [
        PipelineMetrics.operationDuration, PipelineMetrics.resent, PipelineMetrics.spoolSize,
        PipelineMetrics.spoolCapacity, PipelineMetrics.spoolBatches, PipelineMetrics.spansProcessed,
        PipelineMetrics.spanQueueSize, PipelineMetrics.spanQueueCapacity, PipelineMetrics.spansExported,
        PipelineMetrics.spansInFlight, PipelineMetrics.logsProcessed, PipelineMetrics.logQueueSize,
        PipelineMetrics.logQueueCapacity, PipelineMetrics.logsExported, PipelineMetrics.logsInFlight,
        PipelineMetrics.pointsExported, PipelineMetrics.pointsInFlight,
        ProcessMetrics.processorTime, ProcessMetrics.residentMemory, ProcessMetrics.virtualMemory,
        ProcessMetrics.threads, ProcessMetrics.startTime, ProcessMetrics.clock, ProcessMetrics.openDescriptors,
        ProcessMetrics.descriptorsMax,
        SelfMetrics.collectionDuration, SelfMetrics.series, SelfMetrics.overflowed, SelfMetrics.processorTime,
        SelfMetrics.lines, SelfMetrics.linesDropped, SelfMetrics.linesSkipped, SelfMetrics.logsCreated,
        SpanMetrics.started, SpanMetrics.live,
        TailMetrics.traces, TailMetrics.held, TailMetrics.droppedSpans,
    ]

    /// Of the made-up customers and of the lab.
    private static let laboratory: [any DescribedMetric] = [
        LoadMetrics.requests, LoadMetrics.requestDuration, LoadMetrics.serviceDuration, LoadMetrics.journeys,
        LoadMetrics.journeysInFlight, LoadMetrics.journeysLimit, LoadMetrics.arrivals, LoadMetrics.arrivalLag,
        LoadMetrics.rate,
        LabMetrics.processState, LabMetrics.processStarts, LabMetrics.requests, LabMetrics.experimentActive,
        LabMetrics.experiments, LabMetrics.alerts,
        ReceiverMetrics.requests, ReceiverMetrics.accepted, ReceiverMetrics.refused, ReceiverMetrics.cut,
        ConsoleMetrics.evicted, ConsoleMetrics.kept, ConsoleMetrics.memory, ConsoleMetrics.memoryLimit,
        ConsoleMetrics.readers,
        ConsoleMetrics.lagged,
    ]
}
