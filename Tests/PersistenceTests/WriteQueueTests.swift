import Testing

@testable import Persistence

@Suite("The queue of writes")
struct WriteQueueTests {
    private func request(_ number: UInt64) -> WriteRequest { WriteRequest(enqueued: number) }

    @Test("The writer is woken by the first write only, until it has gone idle")
    func wakesOnce() {
        var queue = WriteQueue(limit: 10)
        #expect(queue.enqueue(self.request(1)) == .accepted(wakesWriter: true))
        #expect(queue.enqueue(self.request(2)) == .accepted(wakesWriter: false))
        let early = queue.becomeIdle()
        #expect(!early)
        _ = queue.next()
        _ = queue.next()
        // Taken but not yet idle: the writer will look again by itself.
        #expect(queue.enqueue(self.request(3)) == .accepted(wakesWriter: false))
        _ = queue.next()
        let late = queue.becomeIdle()
        #expect(late)
        #expect(queue.enqueue(self.request(4)) == .accepted(wakesWriter: true))
    }

    @Test("First come, first served, over any number of rounds")
    func order() {
        var queue = WriteQueue(limit: 5_000)
        var (sent, received): (UInt64, UInt64) = (0, 0)
        for round in 0..<6_000 {
            if round % 3 != 2 {
                _ = queue.enqueue(self.request(sent))
                sent += 1
            } else if let next = queue.next() {
                #expect(next.enqueued == received)
                received += 1
            }
        }
        while let next = queue.next() {
            #expect(next.enqueued == received)
            received += 1
        }
        #expect(sent == received)
    }

    @Test("Full and closed are refused, and what waits stays")
    func refuses() {
        var queue = WriteQueue(limit: 1)
        _ = queue.enqueue(self.request(1))
        #expect(queue.enqueue(self.request(2)) == .full)
        let closes = [queue.close(), queue.close()]
        #expect(closes == [true, false])
        #expect(queue.enqueue(self.request(3)) == .closed)
        #expect(queue.count == 1)
        #expect(queue.next()?.enqueued == 1)
        #expect(queue.next() == nil)
    }
}
