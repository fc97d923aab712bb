import Glibc

/// Holds a thread until it is opened: a pipe, because the bodies of writes are synchronous.
final class Gate: Sendable {
    private let readEnd: Int32
    private let writeEnd: Int32

    init() {
        var ends: [Int32] = [0, 0]
        precondition(pipe(&ends) == 0, "no pipe: errno \(errno)")
        (self.readEnd, self.writeEnd) = (ends[0], ends[1])
    }

    deinit {
        close(self.readEnd)
        close(self.writeEnd)
    }

    /// Blocks the calling thread until `open`.
    func wait() {
        var byte: UInt8 = 0
        while Glibc.read(self.readEnd, &byte, 1) < 0 && errno == EINTR {}
    }

    /// Lets one waiting thread pass.
    func open() {
        var byte: UInt8 = 1
        while Glibc.write(self.writeEnd, &byte, 1) < 0 && errno == EINTR {}
    }
}
