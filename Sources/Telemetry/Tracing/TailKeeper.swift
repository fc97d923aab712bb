import Synchronization

/// Why a trace was kept or dropped.
package enum TailDecision: String, MetricLabel {
    case error, slow, share
    /// Too many spans to hold back.
    case large
    case dropped
    package static var labelName: String { "decision" }

    var isKept: Bool { self != .dropped }
}

/// The spans of one local root, held back until the root has ended. A pure value.
struct TailTrace: Sendable {
    /// What is to be done with the spans that were held back, the one that just ended among them.
    enum Outcome: Sendable {
        case hold
        case decided(TailDecision, [RecordingSpan])
        /// After the decision: as it said.
        case late(isKept: Bool)
    }

    private var held: [RecordingSpan] = []
    private var hasError = false
    private var decision: TailDecision?

    /// Takes in a span that has ended.
    ///
    /// - Parameters:
    ///   - isRoot: Whether it is the local root, which brings about the decision.
    ///   - canHold: Whether there is room for another span.
    ///   - decide: What a root that has not failed comes to.
    mutating func end(
        _ span: RecordingSpan, isRoot: Bool, isError: Bool, canHold: Bool, heldMax: Int, decide: () -> TailDecision
    ) -> Outcome {
        if let decision { return .late(isKept: decision.isKept) }
        self.held.append(span)
        self.hasError = self.hasError || isError
        if isRoot { return self.decide(self.hasError ? .error : decide()) }
        if !canHold || self.held.count >= heldMax { return self.decide(.large) }
        return .hold
    }

    /// The root went away without having ended: what it held goes with it.
    mutating func abandon() -> [RecordingSpan] {
        guard self.decision == nil, case .decided(_, let spans) = self.decide(.dropped) else { return [] }
        return spans
    }

    private mutating func decide(_ decision: TailDecision) -> Outcome {
        self.decision = decision
        defer { self.held = [] }
        return .decided(decision, self.held)
    }
}

/// One local root's trace behind its lock.
final class TailTraceHolder: Sendable {
    let trace = Mutex(TailTrace())
}

/// The series of tail keepers.
package enum TailMetrics {
    package static let traces = CounterDescriptor<TailDecision>(
        "shop.telemetry.tail.traces", unit: .count("trace"),
        help: "Local roots whose trace was kept or dropped once they had ended, by why.")
    package static let held = GaugeDescriptor<NoLabels>(
        "shop.telemetry.tail.held", unit: .count("span"), help: "Ended spans held back until their local root ends.")
    package static let droppedSpans = CounterDescriptor<NoLabels>(
        "shop.telemetry.tail.dropped_spans", unit: .count("span"), help: "Spans dropped with an unremarkable trace.")
}

/// What a tail keeper tells; there, at zero, where none is at work too.
final class TailCounts: Sendable {
    let held = Atomic<Int>(0)
    let droppedSpans = Atomic<Int>(0)
    let decisions: Counter<TailDecision>

    init(in metrics: MetricRegistry) {
        self.decisions = metrics.counter(TailMetrics.traces)
        metrics.observableGauge(TailMetrics.held) { [(NoLabels(), Double(self.held.load(ordering: .relaxed)))] }
        metrics.observableCounter(TailMetrics.droppedSpans) {
            [(NoLabels(), Double(self.droppedSpans.load(ordering: .relaxed)))]
        }
    }
}

/// Holds spans back until their local root has ended, then exports or drops them together.
final class TailKeeper: Sendable {
    let settings: TailSettings
    private let share: SamplingRule
    private let counts: TailCounts

    init(_ settings: TailSettings, counts: TailCounts) {
        self.settings = settings
        self.share = SamplingRule(ratio: settings.ratio)
        self.counts = counts
    }

    /// What becomes of a span that has ended: handed to `export`, held back, or dropped and counted.
    func ended(
        _ span: RecordingSpan, in holder: TailTraceHolder, isRoot: Bool, isError: Bool, nanoseconds: UInt64,
        export: (RecordingSpan) -> Void
    ) {
        let canHold = self.counts.held.load(ordering: .relaxed) < self.settings.spansMax
        let outcome = holder.trace.withLock {
            $0.end(
                span, isRoot: isRoot, isError: isError, canHold: canHold, heldMax: self.settings.spansPerRootMax
            ) { self.decide(span.context.traceID, nanoseconds) }
        }
        switch outcome {
        case .hold: self.counts.held.wrappingAdd(1, ordering: .relaxed)
        case .late(true): export(span)
        case .late(false): self.counts.droppedSpans.wrappingAdd(1, ordering: .relaxed)
        case .decided(let decision, let spans):
            self.counts.decisions.add(1, decision)
            self.counts.held.wrappingSubtract(spans.count - 1, ordering: .relaxed)
            if decision.isKept {
                for span in spans { export(span) }
            } else {
                self.counts.droppedSpans.wrappingAdd(spans.count, ordering: .relaxed)
            }
        }
    }

    /// The root was let go of without having ended.
    func abandon(_ holder: TailTraceHolder) {
        let spans = holder.trace.withLock { $0.abandon() }
        self.counts.held.wrappingSubtract(spans.count, ordering: .relaxed)
        self.counts.droppedSpans.wrappingAdd(spans.count, ordering: .relaxed)
    }

    private func decide(_ traceID: TraceID, _ nanoseconds: UInt64) -> TailDecision {
        if Duration.nanoseconds(nanoseconds) >= self.settings.slow { return .slow }
        return self.share.isKept(traceID) ? .share : .dropped
    }
}
