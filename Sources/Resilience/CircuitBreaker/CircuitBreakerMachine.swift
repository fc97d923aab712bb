import Telemetry

/// Leave to make one call, and which state gave it: an answer to a permit of an earlier state changes nothing.
public struct CircuitPermit: Sendable, Hashable {
    let generation: UInt64
    /// The probe's serial; 0 for every other call.
    let probe: UInt32

    @inline(__always)
    init(generation: UInt64, probe: UInt32 = 0) {
        self.generation = generation
        self.probe = probe
    }

    public var isProbe: Bool { self.probe != 0 }
}

/// The rules of a circuit breaker: no clock, no lock, no telemetry.
///
/// Instants are monotonic nanoseconds, given by the caller. All memory is taken at the start; a transition alone
/// allocates, for the flight recorder.
/// - SeeAlso: Nygard, *Release It!*, "Circuit Breaker".
public struct CircuitBreakerMachine: Sendable {
    /// What a call is told.
    public struct Admission: Sendable, Hashable {
        public let permit: CircuitPermit?
        /// When it makes sense to ask again, in nanoseconds from now; 0 with a permit.
        public let retryAfter: UInt64
        public let transition: CircuitBreakerTransition?
    }

    public let settings: CircuitBreakerSettings
    public private(set) var state = CircuitBreakerState.closed
    /// Grows with each transition and with each reset; never 0.
    public private(set) var generation: UInt64 = 1
    /// The call that tripped it last; none once it has closed.
    public private(set) var tripped = TraceReference.none
    /// The last transitions, the oldest first.
    public private(set) var flights: [FlightRecord] = []

    private var window: CallWindow
    private var recent: CallRing
    private var probes: ProbeSlots
    private var openUntil: UInt64 = 0
    /// Openings since it was closed last.
    private var openings = 0
    private var generator: SeededGenerator
    private var callCounts = [UInt64](repeating: 0, count: CircuitCallLabel.allCases.count)
    private var transitionCounts = [UInt64](repeating: 0, count: CircuitBreakerTransition.Kind.possible.count)
    private var stateNanoseconds = [UInt64](repeating: 0, count: CircuitBreakerState.allCases.count)
    /// When it came into its state.
    private var since: UInt64

    private let slowNanoseconds: UInt64
    private let watchesSlowCalls: Bool

    /// - Parameters:
    ///   - seed: of the jitter.
    ///   - now: monotonic nanoseconds.
    public init(_ settings: CircuitBreakerSettings = .init(), seed: UInt64, now: UInt64) {
        let settings = settings.bounded
        self.settings = settings
        self.window = CallWindow(settings.window)
        self.recent = CallRing(capacity: settings.recordedCallsMax)
        self.probes = ProbeSlots(inFlightMax: settings.probesInFlightMax, probesMax: settings.probesMax)
        self.generator = SeededGenerator(seed: seed)
        self.since = now
        self.slowNanoseconds = settings.slowCall.clampedNanoseconds
        self.watchesSlowCalls = settings.slowRatioMax <= 1
    }

    // MARK: Calls

    /// Whether a call may be made now.
    public mutating func admit(now: UInt64) -> Admission {
        switch self.state {
        case .closed, .disabled:
            return Admission(permit: CircuitPermit(generation: self.generation), retryAfter: 0, transition: nil)
        case .forcedOpen:
            return self.refuse(retryAfter: self.settings.openBase.clampedNanoseconds, nil)
        case .open:
            guard now >= self.openUntil else { return self.refuse(retryAfter: self.openUntil - now, nil) }
            return self.admitProbe(now: now, self.move(to: .halfOpen, .openElapsed, now: now, trace: .none))
        case .halfOpen:
            return self.admitProbe(now: now, nil)
        }
    }

    /// Takes down how a call ended.
    ///
    /// - Parameters:
    ///   - start: when it began, in monotonic nanoseconds; its latency is `end - start`.
    ///   - trace: the call's span.
    /// - Returns: the transition it brought about, if any.
    public mutating func record(
        _ outcome: CallOutcome, for permit: CircuitPermit, start: UInt64, end: UInt64, trace: TraceReference = .none
    ) -> CircuitBreakerTransition? {
        guard permit.generation == self.generation, outcome != .ignored else {
            self.setAside(permit)
            return nil
        }
        let latency = end.saturatingSubtract(start)
        let call = RecordedCall(
            endNanoseconds: end, latencyNanoseconds: latency, isFailure: outcome == .failure,
            isSlow: latency >= self.slowNanoseconds, trace: trace)
        if permit.isProbe { return self.finishProbe(permit, call) }
        self.count(call.label)
        guard self.state == .closed else { return nil }
        self.recent.append(call)
        self.window.add(isFailure: call.isFailure, isSlow: call.isSlow, now: end)
        return self.judge(call)
    }

    /// An answer that says nothing: it gives a probe's place back.
    private mutating func setAside(_ permit: CircuitPermit) {
        self.count(.ignored)
        if permit.generation == self.generation { _ = self.probes.release(permit.probe) }
    }

    @inline(__always)
    private mutating func judge(_ call: RecordedCall) -> CircuitBreakerTransition? {
        let totals = self.window.totals
        guard totals.calls >= self.settings.callsMin else { return nil }
        let calls = Double(totals.calls)
        if Double(totals.failures) >= self.settings.failureRatioMax * calls {
            return self.open(.failureRate, call)
        }
        if self.watchesSlowCalls, Double(totals.slow) >= self.settings.slowRatioMax * calls {
            return self.open(.slowCallRate, call)
        }
        return nil
    }

    private mutating func admitProbe(now: UInt64, _ transition: CircuitBreakerTransition?) -> Admission {
        let leaseEnd = now.saturatingAdd(self.settings.probeLease.clampedNanoseconds)
        guard let serial = self.probes.take(now: now, leaseEnd: leaseEnd) else {
            // How long the probes take is not known; a second is what a person waits.
            return self.refuse(retryAfter: min(1_000_000_000, self.settings.openBase.clampedNanoseconds), transition)
        }
        return Admission(
            permit: CircuitPermit(generation: self.generation, probe: serial), retryAfter: 0, transition: transition)
    }

    private mutating func refuse(retryAfter: UInt64, _ transition: CircuitBreakerTransition?) -> Admission {
        self.count(.rejected)
        return Admission(permit: nil, retryAfter: retryAfter, transition: transition)
    }

    private mutating func finishProbe(_ permit: CircuitPermit, _ call: RecordedCall) -> CircuitBreakerTransition? {
        guard self.probes.release(permit.probe) else {
            self.count(.ignored)
            return nil
        }
        self.count(call.label)
        self.recent.append(call)
        let isUnsuccessful = call.isFailure || call.isSlow && self.watchesSlowCalls
        self.probes.count(isFailure: call.isFailure, isSlow: call.isSlow, isUnsuccessful: isUnsuccessful)
        if self.probes.succeeded >= self.settings.probeSuccessesMin {
            self.openings = 0
            return self.move(to: .closed, .probesSucceeded, now: call.endNanoseconds, trace: call.trace)
        }
        if self.probes.unsuccessful > self.settings.probesMax - self.settings.probeSuccessesMin {
            return self.open(.probesFailed, call)
        }
        return nil
    }

    // MARK: The operator

    /// Refuses every call until told otherwise; nil if it does already.
    public mutating func forceOpen(now: UInt64) -> CircuitBreakerTransition? { self.order(.forcedOpen, now: now) }

    /// Lets every call through until told otherwise; nil if it does already.
    public mutating func disable(now: UInt64) -> CircuitBreakerTransition? { self.order(.disabled, now: now) }

    /// Closed, with an empty window and no memory of earlier openings; nil if it was closed already.
    public mutating func reset(now: UInt64) -> CircuitBreakerTransition? {
        self.openings = 0
        if let transition = self.order(.closed, now: now) { return transition }
        self.beginGeneration()
        return nil
    }

    private mutating func order(_ state: CircuitBreakerState, now: UInt64) -> CircuitBreakerTransition? {
        self.state == state ? nil : self.move(to: state, .operator, now: now, trace: .none)
    }

    // MARK: Transitions

    @inline(never)
    private mutating func open(_ reason: CircuitTransitionReason, _ call: RecordedCall) -> CircuitBreakerTransition {
        self.move(to: .open, reason, now: call.endNanoseconds, trace: call.trace)
    }

    @inline(never)
    private mutating func move(
        to state: CircuitBreakerState, _ reason: CircuitTransitionReason, now: UInt64, trace: TraceReference
    ) -> CircuitBreakerTransition {
        let kind = CircuitBreakerTransition.Kind(from: self.state, to: state, reason: reason)
        let openNanoseconds = state == .open ? self.nextOpenNanoseconds() : 0
        let transition = CircuitBreakerTransition(
            kind: kind, atNanoseconds: now, totals: self.totals(now: now), openNanoseconds: openNanoseconds,
            trace: trace)
        self.keep(transition)
        self.stateNanoseconds[self.state.index] &+= now.saturatingSubtract(self.since)
        self.since = max(now, self.since)
        if let index = CircuitBreakerTransition.Kind.indexByKind[kind] { self.transitionCounts[index] += 1 }
        self.state = state
        if state == .open {
            self.openUntil = now.saturatingAdd(openNanoseconds)
            self.tripped = trace
        } else if state != .halfOpen {
            self.tripped = .none
        }
        self.beginGeneration()
        return transition
    }

    private mutating func keep(_ transition: CircuitBreakerTransition) {
        if self.flights.count >= self.settings.flightsMax { self.flights.removeFirst() }
        // Probes count whenever they ended.
        let since = self.state == .closed ? self.window.since(now: transition.atNanoseconds) : 0
        self.flights.append(
            FlightRecord(transition: transition, calls: self.recent.contents(since: since), settings: self.settings))
    }

    private mutating func beginGeneration() {
        self.generation += 1
        self.window.reset()
        self.recent.reset()
        self.probes.reset()
    }

    /// Grows with each opening, then loses a share by chance, so that it never exceeds its maximum.
    private mutating func nextOpenNanoseconds() -> UInt64 {
        var nanoseconds = Double(self.settings.openBase.clampedNanoseconds)
        let longest = Double(self.settings.openMax.clampedNanoseconds)
        for _ in 0..<min(self.openings, 64) { nanoseconds = min(longest, nanoseconds * self.settings.openGrowth) }
        self.openings += 1
        nanoseconds = min(longest, nanoseconds) * (1 - self.settings.openJitter * self.generator.unit())
        return UInt64(nanoseconds)
    }

    @inline(__always)
    private mutating func count(_ label: CircuitCallLabel) { self.callCounts[label.index] &+= 1 }

    // MARK: Observing

    /// What the window holds now or, while half open, what the probes have come to.
    public func totals(now: UInt64) -> WindowTotals {
        self.state == .halfOpen ? self.probes.totals : self.window.totals(now: now)
    }

    /// When an open breaker lets a probe through, in nanoseconds from now.
    public func openRemaining(now: UInt64) -> UInt64 {
        self.state == .open ? self.openUntil.saturatingSubtract(now) : 0
    }

    public var probesInFlight: Int { self.probes.inFlight }
    /// Probes that were never reported and lost their place.
    public var expiredProbes: Int { self.probes.expiredCount }

    /// Calls so far.
    public func callCount(_ label: CircuitCallLabel) -> UInt64 { self.callCounts[label.index] }

    /// Transitions so far, by their place in `Kind.possible`.
    func transitionCount(at index: Int) -> UInt64 { self.transitionCounts[index] }

    /// How long it has been in a state altogether.
    public func nanoseconds(in state: CircuitBreakerState, now: UInt64) -> UInt64 {
        self.stateNanoseconds[state.index] &+ (state == self.state ? now.saturatingSubtract(self.since) : 0)
    }
}
