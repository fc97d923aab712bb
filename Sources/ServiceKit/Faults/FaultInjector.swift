public import Faults
import HTTPCore
import Routing
import Telemetry

/// Injects the faults that are set into requests, calls, operations and payments; `docs/faults.md` says which do what.
///
/// A caller asks `isActive(at:)` first: where nothing is set, that is one relaxed load and all there is.
public final class FaultInjector: Sendable {
    public let registry: FaultRegistry
    private let pause: @Sendable (Duration) async throws -> Void

    /// How often whoever hangs looks whether the fault is still there.
    private static let lookInterval = Duration.milliseconds(250)
    /// The longest a hang lasts, whatever the deadline.
    private static let hangMax = Duration.seconds(60)

    /// How long the peer has for what was sent before the connection is reset: a reset overtakes it with some peers.
    private static let settleTime = Duration.milliseconds(20)

    /// - Parameter pause: waits; throws when cancelled.
    public init(
        _ registry: FaultRegistry,
        pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.registry = registry
        self.pause = pause
    }

    /// Whether any fault is set at a point.
    @inline(__always)
    public func isActive(at point: FaultPoint) -> Bool { self.registry.isActive(at: point) }

    /// Waits the delays out, but not past the deadline.
    func delay(_ injections: [FaultInjection], until deadline: Deadline) async throws {
        let delay = injections.reduce(Duration.zero) { $0 + $1.delay }
        guard delay > .zero else { return }
        try await self.pause(min(delay, max(.zero, deadline.remaining)))
    }

    /// Waits until the deadline, a minute at most.
    ///
    /// - Returns: false when the fault has gone before, and the work can go on.
    func hang(_ id: String, until deadline: Deadline) async throws -> Bool {
        let end = min(deadline, .after(Self.hangMax))
        while !end.isPast {
            guard self.registry.isActive(id) else { return false }
            try await self.pause(min(Self.lookInterval, max(.zero, end.remaining)))
        }
        return true
    }

    /// Lets what was sent arrive.
    func settle() async throws { try await self.pause(Self.settleTime) }

    /// Waits between two pieces of a slow body.
    ///
    /// - Returns: false when the fault has gone or the deadline has passed, and the rest may follow at once.
    func dawdle(_ id: String, _ duration: Duration, until deadline: Deadline) async throws -> Bool {
        guard !deadline.isPast, self.registry.isActive(id) else { return false }
        try await self.pause(min(duration, max(.zero, deadline.remaining)))
        return true
    }
}
