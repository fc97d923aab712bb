import CSystem
import HTTPCore
import ServiceKit
import Synchronization

/// Asks the services for their readiness, and keeps the answers for a second, so that probes from outside cannot be
/// turned into load inside.
final class UpstreamHealth: Sendable {
    private struct Entry: Sendable {
        var failure: String?
        var freshUntil: UInt64 = 0
    }
    private let entries = Mutex<[ServiceName: Entry]>([:])
    private let platform: ServicePlatform

    init(platform: ServicePlatform) { self.platform = platform }

    /// Nil when the service is ready, otherwise why not.
    func check(_ name: ServiceName) async -> String? {
        let now = vitrine_monotonic_nanoseconds()
        if let known = self.entries.withLock({ $0[name] }), known.freshUntil > now { return known.failure }
        let failure = await self.ask(name)
        self.entries.withLock { $0[name] = Entry(failure: failure, freshUntil: now + 1_000_000_000) }
        return failure
    }

    private func ask(_ name: ServiceName) async -> String? {
        let request = HTTPRequest(.get, "/health/ready")
        do {
            let response = try await self.platform.upstream(name).send(request, deadline: .after(.seconds(1)))
            _ = try await response.body.collect(upTo: 64 << 10)
            return response.status == .ok ? nil : "answers \(response.status.code)"
        } catch {
            return "\(error)"
        }
    }
}
