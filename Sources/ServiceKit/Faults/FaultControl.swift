import Faults
import NetworkIO
import Synchronization

/// Sets and clears the faults of a process, and sees to it that each ends at its time.
///
/// It works on the admin loop, which no fault touches: whoever set a fault may be gone, the process ends it all the
/// same.
final class FaultControl: Sendable {
    let injector: FaultInjector
    let process: ProcessFaults
    private let loop: EventLoop
    private let isWatching = Atomic<Bool>(false)

    /// How often is looked for faults that are over, in nanoseconds.
    private static let interval: UInt64 = 50_000_000

    init(_ injector: FaultInjector, loops: EventLoopGroup) {
        self.injector = injector
        self.process = ProcessFaults(loops: loops.traffic, registry: injector.registry)
        self.loop = loops.admin
    }

    var registry: FaultRegistry { self.injector.registry }

    /// - Throws: `FaultRefusal`; `IOError` when there is no thread for it.
    func set(_ request: FaultRequest) throws -> ActiveFault {
        let fault = try self.registry.set(request)
        do throws(IOError) {
            try self.process.begin(fault)
        } catch {
            _ = self.registry.clear(fault.id)
            throw error
        }
        self.watch()
        return fault
    }

    func clear(_ id: String) -> ActiveFault? {
        self.process.end(id)
        return self.registry.clear(id)
    }

    @discardableResult
    func clearAll() -> [ActiveFault] {
        self.process.endAll()
        return self.registry.clearAll()
    }

    private func watch() {
        guard !self.isWatching.exchange(true, ordering: .relaxed) else { return }
        self.loop.execute { self.scheduleLook() }
    }

    private func scheduleLook() {
        self.loop.schedule(at: self.loop.now &+ Self.interval) { self.look() }
    }

    private func look() {
        for fault in self.registry.expire() { self.process.end(fault.id) }
        if self.registry.faults.isEmpty {
            self.isWatching.store(false, ordering: .relaxed)
            // One that came in between has found the watch still on.
            if !self.registry.faults.isEmpty { self.watch() }
        } else {
            self.scheduleLook()
        }
    }
}
