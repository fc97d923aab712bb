import Telemetry

/// A fault as it is asked for: what happens, where, to which calls, and for how long.
///
/// Made by `init(_:)` from JSON alone, so that one that exists is one that makes sense.
public struct FaultSpec: Sendable, Hashable {
    /// A member of a call's baggage.
    public struct BaggageEntry: Sendable, Hashable {
        public let key: String
        public let value: String
    }

    public let effect: FaultEffect
    public let point: FaultPoint
    /// The upstream whose calls suffer; of point `client` alone.
    public let upstream: String?
    /// Nil: all calls of the point.
    public let route: RoutePattern?
    /// Of the calls it is for, how many in a hundred it hits, above 0 to 100; 100 by default.
    public let percentage: Double
    /// Chooses which; 0 by default.
    public let seed: Int
    /// Only calls that bear it are hit; nil: all.
    public let baggage: BaggageEntry?
    /// 100 ms to 1 h.
    public let duration: Duration
    /// What it belongs to, for people; at most 64 characters.
    public let label: String?

    public var kind: FaultKind { self.effect.kind }

    /// The longest a fault may last.
    public static let durationSecondsMax = 3_600.0

    /// Whether a call is one of those it is for.
    func isFor(_ call: FaultCall) -> Bool {
        if let upstream = self.upstream, upstream != call.upstream { return false }
        if let route = self.route, !route.matches(call.name) { return false }
        if let entry = self.baggage, call.baggage[entry.key] != entry.value { return false }
        return true
    }
}

/// Something wrong with a fault that was asked for.
public struct FaultMistake: Sendable, Hashable {
    /// The field's path, such as `baggage.key`.
    public let field: String
    /// A sentence fragment, such as `must be from 0.1 to 3600`.
    public let message: String

    public init(_ field: String, _ message: String) {
        self.field = field
        self.message = message
    }
}

/// All that is wrong with a fault that was asked for.
public struct FaultSpecError: Error, Sendable, Hashable {
    public let mistakes: [FaultMistake]
}
