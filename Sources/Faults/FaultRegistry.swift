public import Synchronization
public import Telemetry

/// The faults of one process: set and cleared by the admin port, asked for at every point where one may happen.
///
/// Where nothing is set, asking costs one relaxed load.
public final class FaultRegistry: Sendable {
    public let service: String
    private let table = Mutex(FaultTable())
    /// The bits of the points that have a fault, and above them how often the faults have changed.
    @usableFromInline
    let generation = Atomic<UInt64>(0)
    private let telemetry: Telemetry
    private let active: [GaugeSeries]
    private let injected: [CounterSeries]
    private let now: @Sendable () -> UInt64
    private let unixMicroseconds: @Sendable () -> Int
    private let makeID: @Sendable () -> String

    private static let pointBits: UInt64 = 8

    /// - Parameters:
    ///   - now: nanoseconds of the monotonic clock.
    ///   - unixMicroseconds: the wall clock, which is shown and decides nothing.
    ///   - makeID: names for faults that come without one.
    public init(
        service: String, telemetry: Telemetry, now: @escaping @Sendable () -> UInt64,
        unixMicroseconds: @escaping @Sendable () -> Int,
        makeID: @escaping @Sendable () -> String = { FaultRegistry.randomID() }
    ) {
        self.service = service
        self.telemetry = telemetry
        self.now = now
        self.unixMicroseconds = unixMicroseconds
        self.makeID = makeID
        let active = telemetry.metrics.dynamicGauge(FaultMetrics.active)
        let injected = telemetry.metrics.dynamicCounter(FaultMetrics.injections)
        self.active = FaultKind.allCases.map { active.series([$0.rawValue, service]) }
        self.injected = FaultKind.allCases.map { injected.series([$0.rawValue, service]) }
    }

    /// Whether any fault is set at a point. One relaxed load, no lock.
    @inlinable
    @inline(__always)
    public func isActive(at point: FaultPoint) -> Bool {
        self.generation.load(ordering: .relaxed) & point.bit != 0
    }

    /// Eight hexadecimal digits.
    public static func randomID() -> String {
        let digits = String(UInt32.random(in: .min ... .max), radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    // MARK: Setting and clearing

    /// Every fault that is set and not over, in the order of setting.
    public var faults: [ActiveFault] {
        let now = self.now()
        return self.table.withLock { $0.faults }.filter { $0.endsAt > now }
    }

    /// Whether the fault of this id is set and not over.
    public func isActive(_ id: String) -> Bool { self.faults.contains { $0.id == id } }

    /// Sets a fault, from now on for as long as it says.
    public func set(_ request: FaultRequest) throws(FaultRefusal) -> ActiveFault {
        _ = self.expire()
        let duration = request.spec.duration
        let (seconds, attoseconds) = duration.components
        let nanoseconds = UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
        let fault = ActiveFault(
            id: request.id ?? self.makeID(), spec: request.spec, endsAt: self.now() &+ nanoseconds,
            endsAtUnixMicroseconds: self.unixMicroseconds() + Int(nanoseconds / 1_000))
        try self.change { table throws(FaultRefusal) in try table.set(fault) }
        self.telemetry.log.warning("fault set", Self.attributes(fault) + [.faultSeconds(duration / .seconds(1))])
        return fault
    }

    /// Takes a fault away. Gives it, or nil if there is none of this id.
    public func clear(_ id: String) -> ActiveFault? {
        _ = self.expire()
        return self.clear { $0.id == id }.first
    }

    /// Takes all faults away, and gives them.
    public func clearAll() -> [ActiveFault] {
        _ = self.expire()
        return self.clear { _ in true }
    }

    private func clear(_ isGone: (ActiveFault) -> Bool) -> [ActiveFault] {
        let gone = self.change { $0.remove(where: isGone) }
        for fault in gone {
            self.telemetry.log.info(
                "fault cleared", Self.attributes(fault) + [.faultInjections(fault.injections)])
        }
        return gone
    }

    /// Takes away what is over, and gives it. Whoever owns the registry calls it as long as there are faults; that a
    /// fault which is over hits nothing does not depend on it.
    public func expire() -> [ActiveFault] {
        let now = self.now()
        let gone = self.change { $0.expire(now: now) }
        for fault in gone {
            self.telemetry.log.info(
                "fault expired", Self.attributes(fault) + [.faultInjections(fault.injections)])
        }
        return gone
    }

    /// Changes the table, and tells the gauges and the fast path.
    private func change<T, E: Error>(_ body: (inout FaultTable) throws(E) -> T) throws(E) -> T {
        try self.table.withLock { table throws(E) in
            let result = try body(&table)
            var counts = [Int](repeating: 0, count: FaultKind.count)
            for fault in table.faults { counts[fault.spec.kind.index] += 1 }
            // Inside the lock, so that the last change also has the last word here.
            for (series, count) in zip(self.active, counts) where series.value != Double(count) { series.set(count) }
            let changes = (self.generation.load(ordering: .relaxed) >> Self.pointBits) &+ 1
            self.generation.store((changes << Self.pointBits) | table.points, ordering: .relaxed)
            return result
        }
    }

    private static func attributes(_ fault: ActiveFault) -> [Attribute] {
        let attributes: [Attribute] = [
            .faultID(fault.id), .faultKind(fault.spec.kind), .faultPoint(fault.spec.point),
        ]
        return attributes + (fault.spec.label.map { [.faultLabel($0)] } ?? [])
    }

    // MARK: Injecting

    /// What hits a call; counted, and marked on its span.
    ///
    /// - Parameters:
    ///   - kinds: those that the caller can inject; nil: all of the point.
    ///   - span: the one of the call.
    public func inject(
        at point: FaultPoint, _ call: FaultCall, kinds: Set<FaultKind>? = nil, span: ActiveSpan?
    ) -> [FaultInjection] {
        guard self.isActive(at: point) else { return [] }
        let now = self.now()
        let chosen = self.table.withLock { $0.choose(at: point, call, kinds: kinds, now: now) }
        for injection in chosen {
            self.injected[injection.effect.kind.index].add(1)
            span?.addEvent(
                "chaos.fault.injected", [.faultID(injection.id), .faultKind(injection.effect.kind)])
        }
        return chosen
    }

    /// Counts an injection that hits no call but the process.
    public func count(_ fault: ActiveFault) {
        self.injected[fault.spec.kind.index].add(1)
        self.table.withLock { $0.count(fault.id) }
    }
}
