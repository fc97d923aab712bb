import CSystem

/// One file descriptor that an event loop watches.
///
/// A class rather than a protocol: the loop calls `handle` through one table look-up, without an existential.
/// Confined to its loop: every member is touched on the loop's thread only.
open class EventChannel: @unchecked Sendable {
    // Invariant of `@unchecked Sendable`: all state is read and written on `loop`'s thread only; whoever holds a
    // channel elsewhere reaches it through `loop.execute`.
    public let loop: EventLoop
    public internal(set) var descriptor: Int32
    var isRegistered = false

    public init(descriptor: Int32, loop: EventLoop) {
        self.descriptor = descriptor
        self.loop = loop
    }

    /// Readiness has come, as the `EPOLL…` bits of `epoll_ctl(2)`.
    open func handle(events: UInt32) {}

    /// The tick is ending: send what was written in it.
    func flushPending() {}

    /// The deadline set with `setDeadline` has passed.
    open func deadlinePassed() {}

    // MARK: Deadline

    /// Nanoseconds of the monotonic clock; 0 while none is set.
    final var deadline: UInt64 = 0
    /// The deadline has passed and nobody has been told yet. Setting or clearing a deadline takes it back, or the next
    /// use of the channel would be told of the last one's.
    final var deadlineExpired = false
    /// When the loop looks at this channel's deadline next; 0 while it is not in the heap.
    final var deadlineCheck: UInt64 = 0
    /// The channel's place in the loop's heap of deadlines; -1 while it is not there.
    final var deadlinePlace = -1

    /// Sets when `deadlinePassed` is called, in nanoseconds of the monotonic clock.
    ///
    /// Cheap to call for every request: the heap is touched only when the new deadline is earlier than the next look.
    public final func setDeadline(_ nanoseconds: UInt64) {
        self.deadline = nanoseconds
        self.deadlineExpired = false
        if self.deadlineCheck == 0 || nanoseconds < self.deadlineCheck {
            self.loop.scheduleDeadlineCheck(of: self, at: nanoseconds)
        }
    }

    /// Sets a deadline `duration` from the loop's present tick.
    public final func setDeadline(after duration: Duration) {
        self.setDeadline(self.loop.now &+ duration.wholeNanoseconds)
    }

    public final func clearDeadline() {
        self.deadline = 0
        self.deadlineExpired = false
    }
}

extension Duration {
    /// The duration in nanoseconds, clamped to what fits; 0 when negative.
    @inlinable
    public var wholeNanoseconds: UInt64 {
        let (seconds, attoseconds) = self.components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        guard seconds < 9_000_000_000 else { return 9_000_000_000_000_000_000 }
        return UInt64(seconds) &* 1_000_000_000 &+ UInt64(attoseconds / 1_000_000_000)
    }
}
