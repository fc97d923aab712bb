public import Telemetry

/// A call that may be hit.
public struct FaultCall: Sendable {
    /// What its span is called: `GET /api/v1/products/{id}`, `SELECT products`, `charge payment`.
    public let name: String
    /// Whom it goes to; at point `client` alone.
    public let upstream: String?
    public let baggage: Baggage

    public init(_ name: String, upstream: String? = nil, baggage: Baggage) {
        self.name = name
        self.upstream = upstream
        self.baggage = baggage
    }
}

/// One fault hitting one call.
public struct FaultInjection: Sendable, Hashable {
    public let id: String
    public let effect: FaultEffect
    /// How long to wait; zero but for `latency`.
    public let delay: Duration
}

/// Why a fault cannot be set.
public enum FaultRefusal: Error, Sendable, Hashable {
    /// As many are active as may be.
    case full(limit: Int)
    /// The process would hold more memory than may be.
    case tooMuchMemory(limitMebibytes: Int)
}

/// The faults that are set, and which calls they hit. A value: time and randomness come from outside.
public struct FaultTable: Sendable {
    /// In the order in which they were set.
    public private(set) var faults: [ActiveFault] = []

    /// Faults that may be active at once.
    public static let faultsMax = 64
    /// Mebibytes that all faults of a process may hold together.
    public static let mebibytesMax = 1_024

    public init() {}

    /// The points that have a fault, each with its bit.
    var points: UInt64 { self.faults.reduce(0) { $0 | $1.spec.point.bit } }

    /// Adds a fault. One with the same id gives way to it, and its counts go on: of the same seed, a raised percentage
    /// hits the calls that it would have hit before and more.
    mutating func set(_ fault: ActiveFault) throws(FaultRefusal) {
        var fault = fault
        let held = self.faults.reduce(0) { $0 + ($1.id == fault.id ? 0 : $1.spec.effect.mebibytes) }
        guard held + fault.spec.effect.mebibytes <= Self.mebibytesMax else {
            throw .tooMuchMemory(limitMebibytes: Self.mebibytesMax)
        }
        if let index = self.faults.firstIndex(where: { $0.id == fault.id }) {
            fault.calls = self.faults[index].calls
            fault.injections = self.faults[index].injections
            self.faults[index] = fault
            return
        }
        guard self.faults.count < Self.faultsMax else { throw .full(limit: Self.faultsMax) }
        self.faults.append(fault)
    }

    /// Takes out and gives those that `isGone` names.
    mutating func remove(where isGone: (ActiveFault) -> Bool) -> [ActiveFault] {
        let gone = self.faults.filter(isGone)
        if !gone.isEmpty { self.faults.removeAll(where: isGone) }
        return gone
    }

    /// Takes out and gives those whose time is over.
    mutating func expire(now: UInt64) -> [ActiveFault] { self.remove { $0.endsAt <= now } }

    /// What hits a call: any number of delays, one fault at most that decides its outcome, and otherwise at most one of
    /// each kind that harms the body.
    ///
    /// - Parameters:
    ///   - kinds: those that the caller can inject; nil: all of the point.
    ///   - now: those that ended before it hit nothing, whether taken out or not.
    mutating func choose(
        at point: FaultPoint, _ call: FaultCall, kinds: Set<FaultKind>? = nil, now: UInt64
    ) -> [FaultInjection] {
        var chosen: [FaultInjection] = []
        for stage in FaultKind.Stage.allCases where stage != .process {
            if stage == .body, chosen.contains(where: { $0.effect.kind.stage == .outcome }) { break }
            for index in self.faults.indices {
                let fault = self.faults[index]
                let kind = fault.spec.kind
                guard kind.stage == stage, fault.spec.point == point, now < fault.endsAt, fault.spec.isFor(call),
                    kinds?.contains(kind) ?? true
                else { continue }
                if stage == .outcome, chosen.contains(where: { $0.effect.kind.stage == .outcome }) { break }
                if stage == .body, chosen.contains(where: { $0.effect.kind == kind }) { continue }
                if let injection = self.hit(index) { chosen.append(injection) }
            }
        }
        return chosen
    }

    private mutating func hit(_ index: Int) -> FaultInjection? {
        let fault = self.faults[index]
        self.faults[index].calls += 1
        let draw = SeededDraw(seed: fault.spec.seed, call: fault.calls)
        guard draw.isChosen(percentage: fault.spec.percentage) else { return nil }
        self.faults[index].injections += 1
        let delay: Duration = if case .latency(let latency) = fault.spec.effect { latency.sample(draw) } else { .zero }
        return FaultInjection(id: fault.id, effect: fault.spec.effect, delay: delay)
    }

    /// Counts what was injected without a call.
    mutating func count(_ id: String) {
        guard let index = self.faults.firstIndex(where: { $0.id == id }) else { return }
        self.faults[index].injections += 1
    }
}

extension FaultEffect {
    fileprivate var mebibytes: Int { if case .memoryGrowth(let mebibytes) = self { mebibytes } else { 0 } }
}
