import Synchronization
public import Telemetry

/// A circuit breaker for calls of one upstream, shared by all tasks.
///
/// The machine decides under a lock, and what follows from it is done after the lock is released. While all calls are
/// let through a permit is one atomic load: the lock is taken once a call, when its outcome is recorded.
public final class CircuitBreaker: Sendable {
    public let name: String
    /// The generation of permits while every call is let through; 0 while the machine has to be asked.
    private let openGeneration = Atomic<UInt64>(0)
    private let machine: BriefMutex<CircuitBreakerMachine>
    let clock: MonotonicClock
    private let log: Logger?

    /// - Parameters:
    ///   - name: the upstream's; one of a closed set, for it becomes a label.
    ///   - seed: of the jitter; by chance by default.
    ///   - telemetry: where series and log lines go; nil for none.
    public init(
        _ name: String, _ settings: CircuitBreakerSettings = .init(), seed: UInt64? = nil,
        clock: MonotonicClock = .system, telemetry: Telemetry? = nil
    ) {
        let machine = CircuitBreakerMachine(
            settings, seed: seed ?? UInt64.random(in: .min ... .max), now: clock.now())
        self.name = name
        self.openGeneration.store(machine.generation, ordering: .relaxed)
        self.machine = BriefMutex(machine)
        self.clock = clock
        self.log = telemetry?.log
        if let telemetry { CircuitBreakerMetrics.observe(self, in: telemetry.metrics) }
    }

    /// Asks for leave to make a call.
    ///
    /// - Parameter now: monotonic nanoseconds, as they were read for the call's start.
    /// - Throws: `CircuitOpenError` at once, while open, forced open, or half open with all probes' places taken.
    /// - Complexity: one atomic load while closed or disabled, otherwise one lock; no allocation.
    @inline(__always)
    public func permit(now: UInt64) throws(CircuitOpenError) -> CircuitPermit {
        let generation = self.openGeneration.load(ordering: .acquiring)
        if generation != 0 { return CircuitPermit(generation: generation) }
        return try self.askMachine(now: now)
    }

    @inline(never)
    private func askMachine(now: UInt64) throws(CircuitOpenError) -> CircuitPermit {
        let (admission, state, tripped) = self.machine.withLock { machine in
            let admission = machine.admit(now: now)
            self.publish(machine)
            return (admission, machine.state, machine.tripped)
        }
        if let transition = admission.transition {
            self.report(transition, on: TelemetryContext.current.span)
        }
        if let permit = admission.permit { return permit }
        throw CircuitOpenError(
            breaker: self.name, state: state, retryAfterNanoseconds: admission.retryAfter, trippedBy: tripped.context)
    }

    /// Takes down how a permitted call ended. Every permit is to be recorded once; that of a cancelled call as
    /// `.ignored`.
    ///
    /// - Parameters:
    ///   - start: the call's start, in monotonic nanoseconds.
    ///   - end: its end.
    ///   - span: the call's span, which is named in the flight recorder and gets an event if the call trips the
    ///     breaker.
    /// - Complexity: one lock of a few nanoseconds, no allocation except at a transition.
    public func record(
        _ outcome: CallOutcome, for permit: CircuitPermit, start: UInt64, end: UInt64, span: ActiveSpan? = nil
    ) {
        let trace = TraceReference(span?.context)
        let transition = self.machine.withLock { machine in
            let transition = machine.record(outcome, for: permit, start: start, end: end, trace: trace)
            if transition != nil { self.publish(machine) }
            return transition
        }
        if let transition { self.report(transition, on: span) }
    }

    /// Refuses every call until told otherwise. False if it does already.
    @discardableResult
    public func forceOpen() -> Bool { self.order { $0.forceOpen(now: $1) } }

    /// Lets every call through until told otherwise. False if it does already.
    @discardableResult
    public func disable() -> Bool { self.order { $0.disable(now: $1) } }

    /// Closes it and empties its window. False if it was closed already.
    @discardableResult
    public func reset() -> Bool { self.order { $0.reset(now: $1) } }

    private func order(_ change: (inout CircuitBreakerMachine, UInt64) -> CircuitBreakerTransition?) -> Bool {
        let now = self.clock.now()
        let transition = self.machine.withLock { machine in
            let transition = change(&machine, now)
            self.publish(machine)
            return transition
        }
        if let transition { self.report(transition, on: TelemetryContext.current.span) }
        return transition != nil
    }

    /// Under the lock, so that what permits read is never older than the last transition.
    private func publish(_ machine: borrowing CircuitBreakerMachine) {
        self.openGeneration.store(machine.state.letsAllThrough ? machine.generation : 0, ordering: .releasing)
    }

    /// Whether a call would be refused now without its turn coming first: what must not wait for a place. Takes no probe's.
    ///
    /// - Complexity: one atomic load while closed or disabled, otherwise one lock.
    public func refuses(now: UInt64) -> Bool {
        guard self.openGeneration.load(ordering: .acquiring) == 0 else { return false }
        return self.machine.withLock { machine in
            switch machine.state {
            case .forcedOpen: true
            case .open: machine.openRemaining(now: now) > 0
            case .closed, .halfOpen, .disabled: false
            }
        }
    }

    public var state: CircuitBreakerState { self.machine.withLock { $0.state } }

    /// The machine as it is now, to look at: a copy.
    public var snapshot: CircuitBreakerMachine { self.machine.withLock { $0 } }

    /// Reads something of the machine without copying it.
    func inspect<R>(_ body: (inout CircuitBreakerMachine, _ now: UInt64) -> R) -> R {
        let now = self.clock.now()
        return self.machine.withLock { body(&$0, now) }
    }

    func unixMilliseconds(at instant: UInt64) -> Int { self.clock.unixMilliseconds(at: instant) }

    private func report(_ transition: CircuitBreakerTransition, on span: ActiveSpan?) {
        let attributes: [Attribute] = [
            .breakerName(self.name), .breakerFrom(transition.kind.from), .breakerState(transition.kind.to),
            .breakerReason(transition.kind.reason), .breakerFailureRatio(transition.totals.failureRatio),
            .breakerSlowRatio(transition.totals.slowRatio),
        ]
        span?.addEvent("circuit changed", attributes)
        let context = span?.context ?? transition.trace.context
        guard let log = self.log else { return }
        if transition.kind.to == .open || transition.kind.to == .forcedOpen {
            log.warning("circuit opened", attributes, in: context)
        } else {
            log.info("circuit changed", attributes, in: context)
        }
    }
}
