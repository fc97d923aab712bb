import Testing

@testable import NetworkIO

@Suite("The heap of deadlines", .timeLimit(.minutes(1)))
struct DeadlineHeapTests {
    /// Channels that are on no loop's list: the heap itself is a value.
    private func channels(_ count: Int, on loop: EventLoop) -> [EventChannel] {
        (0..<count).map { _ in EventChannel(descriptor: -1, loop: loop) }
    }

    private func drain(_ heap: inout DeadlineHeap) -> [ObjectIdentifier] {
        var order: [ObjectIdentifier] = []
        while let channel = heap.popIfDue(.max) {
            #expect(channel.deadlinePlace == -1)
            order.append(ObjectIdentifier(channel))
        }
        #expect(heap.earliest == nil)
        return order
    }

    /// Instants of a heap that is full to the brim with one shape or another.
    static let shapes: [[UInt64]] = (UInt64(1)...12).flatMap { (count: UInt64) -> [[UInt64]] in
        let rising = Array(0..<count)
        return [rising, rising.reversed(), rising.map { ($0 * 7 + 3) % 13 }]
    }

    @Test("A channel removed from any place leaves the others in order", arguments: shapes)
    func removes(instants: [UInt64]) async throws {
        try await withLoop { loop in
            for removed in instants.indices {
                let channels = self.channels(instants.count, on: loop)
                var heap = DeadlineHeap()
                for (channel, instant) in zip(channels, instants) { heap.schedule(channel, at: instant) }
                heap.remove(channels[removed])
                heap.remove(channels[removed])
                let left = self.drain(&heap)
                #expect(!left.contains(ObjectIdentifier(channels[removed])))
                #expect(self.instants(left, channels, instants) == self.sorted(instants, without: removed))
            }
        }
    }

    @Test("A channel moved from any place to any instant is found where it belongs", arguments: shapes)
    func moves(instants: [UInt64]) async throws {
        try await withLoop { loop in
            for moved in instants.indices {
                for instant in UInt64(0)...14 {
                    let channels = self.channels(instants.count, on: loop)
                    var heap = DeadlineHeap()
                    for (channel, instant) in zip(channels, instants) { heap.schedule(channel, at: instant) }
                    heap.schedule(channels[moved], at: instant)
                    var changed = instants
                    changed[moved] = instant
                    #expect(self.instants(self.drain(&heap), channels, changed) == changed.sorted())
                }
            }
        }
    }

    @Test("Nothing comes out before it is due")
    func waits() async throws {
        try await withLoop { loop in
            let channels = self.channels(3, on: loop)
            var heap = DeadlineHeap()
            for (index, channel) in channels.enumerated() { heap.schedule(channel, at: UInt64(10 * index + 10)) }
            #expect(heap.earliest == 10)
            #expect(heap.popIfDue(9) == nil)
            #expect(heap.popIfDue(20) === channels[0])
            #expect(heap.popIfDue(20) === channels[1])
            #expect(heap.popIfDue(20) == nil)
            heap.remove(channels[2])
            #expect(heap.earliest == nil)
        }
    }

    private func instants(_ order: [ObjectIdentifier], _ channels: [EventChannel], _ instants: [UInt64]) -> [UInt64] {
        order.map { identity in
            channels.firstIndex { ObjectIdentifier($0) == identity }.map { instants[$0] } ?? .max
        }
    }

    private func sorted(_ instants: [UInt64], without index: Int) -> [UInt64] {
        var instants = instants
        instants.remove(at: index)
        return instants.sorted()
    }
}

@Suite("The heap of timers")
struct TimerHeapTests {
    @Test("Timers come out by instant, and only when due")
    func orders() {
        for count in 1...20 {
            var heap = TimerHeap<Int>()
            let expected: [UInt64] = (0..<count).map { UInt64(($0 * 7 + 5) % 23) }
            for (number, instant) in expected.enumerated() { heap.insert(number, at: instant) }
            #expect(heap.count == count)
            var instants: [UInt64] = []
            while let next = heap.earliest {
                let isEarly = next > 0 && heap.popIfDue(next - 1) != nil
                #expect(!isEarly)
                guard let entry = heap.popIfDue(next) else { break }
                instants.append(entry.instant)
            }
            #expect(instants == expected.sorted())
            #expect(heap.count == 0)
        }
    }
}
