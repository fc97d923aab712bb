import CSystem
import Glibc

@testable import NetworkIO

/// The reading end of a pipe on a loop, which notes what the loop tells it.
final class ProbeChannel: EventChannel, @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: that of `EventChannel`.
    private let writeEnd: Int32
    var onReadable: (() -> Void)?
    var onDeadline: (() -> Void)?
    let onDeinit: @Sendable () -> Void

    init(loop: EventLoop, onDeinit: @escaping @Sendable () -> Void = {}) throws(IOError) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw IOError.last(in: "pipe") }
        self.writeEnd = ends[1]
        self.onDeinit = onDeinit
        super.init(descriptor: ends[0], loop: loop)
    }

    deinit {
        close(self.writeEnd)
        self.onDeinit()
    }

    func start() throws(IOError) { try self.loop.register(self, events: EPOLLIN.rawValue) }

    func makeReadable() {
        var byte: UInt8 = 1
        write(self.writeEnd, &byte, 1)
    }

    func end() {
        guard self.descriptor >= 0 else { return }
        self.loop.deregister(self)
        close(self.descriptor)
        self.descriptor = -1
        self.onReadable = nil
        self.onDeadline = nil
    }

    override func handle(events: UInt32) { self.onReadable?() }
    override func deadlinePassed() { self.onDeadline?() }
}
