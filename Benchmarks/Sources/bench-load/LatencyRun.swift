import CBenchSystem
import Glibc

/// An open loop: requests arrive at a fixed rate whether or not the earlier ones are answered, and each one's time counts
/// from the moment it was meant to be sent. A server that stalls is charged for everybody who had to wait, which a client
/// that waits for its answer before it asks again would hide ("coordinated omission").
struct LatencyRun {
    private let options: Options
    private let request: [UInt8]
    private var clients: [Client] = []
    private var polls: [pollfd] = []
    /// Arrivals that found no free connection, by intended time.
    private var waiting: [UInt64] = []
    private var waitingStart = 0
    private var measured: [UInt64] = []
    private var failures = 0
    private var countFrom: UInt64 = 0

    init(_ options: Options) throws(UsageError) {
        self.options = options
        self.request = options.request
        for _ in 0..<options.connections {
            guard let client = Client(port: options.port) else {
                throw UsageError("nothing listens on 127.0.0.1:\(options.port)")
            }
            self.clients.append(client)
            self.polls.append(pollfd(fd: client.descriptor, events: Int16(POLLIN), revents: 0))
        }
        self.measured.reserveCapacity(options.rate * options.seconds)
    }

    mutating func run() throws(UsageError) -> Report {
        bench_be_punctual()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { buffer.deallocate() }
        let start = bench_nanoseconds() + 1_000_000
        let interval = 1_000_000_000 / Double(self.options.rate)
        let arrivals = self.options.rate * (self.options.warmUpSeconds + self.options.seconds)
        self.countFrom = start + UInt64(self.options.warmUpSeconds) * 1_000_000_000
        var sent = 0
        let end = start + UInt64(Double(arrivals) * interval)
        // What is not answered two seconds after the last arrival counts as failed.
        let limit = end + 2_000_000_000
        while true {
            let now = bench_nanoseconds()
            while sent < arrivals, case let due = start + UInt64(Double(sent) * interval), due <= now {
                self.waiting.append(due)
                sent += 1
            }
            try self.dispatch()
            let isOver = sent == arrivals && self.waitingStart == self.waiting.count
            if isOver && self.clients.allSatisfy(\.isIdle) || now > limit { break }
            let next = sent < arrivals ? start + UInt64(Double(sent) * interval) : now + 10_000_000
            let count = bench_poll(&self.polls, UInt64(self.polls.count), next > now ? next - now : 0)
            if count > 0 { try self.receive(buffer) }
        }
        let unanswered = self.clients.count { !$0.isIdle } + self.waiting.count - self.waitingStart
        for client in self.clients { close(client.descriptor) }
        return Report(
            rate: self.options.rate, nanoseconds: self.measured.sorted(), failures: self.failures + unanswered)
    }

    /// Gives waiting arrivals to the connections that rest, the oldest first.
    private mutating func dispatch() throws(UsageError) {
        guard self.waitingStart < self.waiting.count else { return }
        for index in self.clients.indices where self.clients[index].isIdle {
            let intended = self.waiting[self.waitingStart]
            self.waitingStart += 1
            if !self.clients[index].send(self.request, intended: intended) { try self.fail(index) }
            if self.waitingStart == self.waiting.count {
                self.waiting.removeAll(keepingCapacity: true)
                self.waitingStart = 0
                return
            }
        }
    }

    private mutating func receive(_ buffer: UnsafeMutableRawBufferPointer) throws(UsageError) {
        for index in self.polls.indices where self.polls[index].revents != 0 {
            switch self.clients[index].receive(buffer) {
            case .pending: continue
            case .broken: try self.fail(index)
            case .answered(let status, let intended):
                guard intended >= self.countFrom else { continue }
                if status >= 400 { self.failures += 1 }
                self.measured.append(bench_nanoseconds() - intended)
            }
        }
    }

    private mutating func fail(_ index: Int) throws(UsageError) {
        self.failures += 1
        guard self.clients[index].reconnect() else { throw UsageError("the server is gone") }
        self.polls[index].fd = self.clients[index].descriptor
    }
}

/// What a run found; printed as one line of `name value` pairs, times in microseconds.
struct Report {
    let rate: Int
    /// Sorted.
    let nanoseconds: [UInt64]
    let failures: Int

    var line: String {
        let parts = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999), ("max", 1)].map { name, share in
            "\(name) \(self.microseconds(share))"
        }
        return
            "rate \(self.rate) answers \(self.nanoseconds.count) failures \(self.failures) \(parts.joined(separator: " "))"
    }

    private func microseconds(_ share: Double) -> UInt64 {
        guard !self.nanoseconds.isEmpty else { return 0 }
        let position = min(self.nanoseconds.count - 1, Int(Double(self.nanoseconds.count) * share))
        return self.nanoseconds[position] / 1_000
    }
}
