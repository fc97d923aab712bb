import Synchronization

/// The loops that carry a process's traffic, one more for its admin listener, and one for work that can wait.
///
/// Probes and scrapes have a loop of their own, so they answer while traffic is saturated. So have exporters: encoding a
/// batch takes as long as several requests, and must not come between them.
public final class EventLoopGroup: Sendable {
    /// The loops of the traffic listener.
    public let traffic: [EventLoop]
    /// The loop of the admin listener.
    public let admin: EventLoop
    /// The loop of exporters: it gets less of a busy processor, and never takes one from the others at once.
    public let background: EventLoop
    private let turn = Atomic<Int>(0)

    /// - Parameter count: loops for traffic, at least 1.
    /// - Throws: `IOError` when the system has no descriptor or thread left.
    public init(count: Int) throws(IOError) {
        precondition(count >= 1, "an event loop group of \(count) loops")
        var loops: [EventLoop] = []
        for index in 0..<count { loops.append(try EventLoop(index: index)) }
        self.traffic = loops
        self.admin = try EventLoop(index: count, name: "admin")
        self.background = try EventLoop(index: count + 1, name: "background", isBackground: true)
    }

    public var all: [EventLoop] { self.traffic + [self.admin, self.background] }

    /// The calling thread's loop if it is one of these, or one of the traffic loops in turn.
    public func preferred() -> EventLoop {
        if let current = EventLoop.current, self.contains(current) { return current }
        let turn = self.turn.wrappingAdd(1, ordering: .relaxed).oldValue
        return self.traffic[Int(UInt(bitPattern: turn) % UInt(self.traffic.count))]
    }

    /// Whether a loop is one of these, rather than another group's of the same number.
    public func contains(_ loop: EventLoop) -> Bool {
        loop === self.admin || loop === self.background
            || loop.index < self.traffic.count && loop === self.traffic[loop.index]
    }

    public func stop() {
        for loop in self.all { loop.stop() }
    }
}
