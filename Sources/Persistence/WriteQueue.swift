/// Writes waiting for the writer, first come first served, bounded. Pure: whoever holds it guards it with a lock.
struct WriteQueue {
    enum Admission: Equatable {
        /// Taken; when `wakesWriter`, the writer is idle and has to be started.
        case accepted(wakesWriter: Bool)
        case full
        case closed
    }

    private var waiting: [WriteRequest?] = []
    private var head = 0
    private var isDraining = false
    private var isClosed = false
    let limit: Int

    init(limit: Int) { self.limit = limit }

    var count: Int { self.waiting.count - self.head }

    mutating func enqueue(_ request: WriteRequest) -> Admission {
        if self.isClosed { return .closed }
        if self.count >= self.limit { return .full }
        self.waiting.append(request)
        defer { self.isDraining = true }
        return .accepted(wakesWriter: !self.isDraining)
    }

    /// The next write, or nil when none waits.
    mutating func next() -> WriteRequest? {
        guard self.head < self.waiting.count else { return nil }
        let request = self.waiting[self.head]
        self.waiting[self.head] = nil
        self.head += 1
        if self.head == self.waiting.count {
            self.waiting.removeAll(keepingCapacity: true)
            self.head = 0
        } else if self.head >= 1_024 {
            self.waiting.removeFirst(self.head)
            self.head = 0
        }
        return request
    }

    /// The writer asks whether it may stop; true only when nothing waits.
    mutating func becomeIdle() -> Bool {
        guard self.count == 0 else { return false }
        self.isDraining = false
        return true
    }

    /// Refuses all further writes; what waits still runs. False when it was closed already.
    mutating func close() -> Bool {
        defer { self.isClosed = true }
        return !self.isClosed
    }
}
