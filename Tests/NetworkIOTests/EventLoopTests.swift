import CSystem
import NetworkIO
import Testing

@Suite("The event loop", .timeLimit(.minutes(1)))
struct EventLoopTests {
    @Test("Work handed over by other threads runs on the loop's thread, in each thread's order")
    func handsOver() async throws {
        try await withLoop { loop in
            let record = Record<(thread: Int, number: Int, isCurrent: Bool)>()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for thread in 0..<8 {
                    group.addTask {
                        try await onThread {
                            for number in 0..<500 {
                                loop.execute { record.append((thread, number, loop.isCurrent)) }
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            await loop.perform {}
            let all = record.all
            #expect(all.count == 4_000)
            #expect(all.allSatisfy { $0.isCurrent })
            for thread in 0..<8 { #expect(all.filter { $0.thread == thread }.map(\.number) == Array(0..<500)) }
        }
    }

    @Test("A task that prefers the loop runs on its thread before and after every suspension, and so do its children")
    func runsTasks() async throws {
        try await withLoop { loop in
            let places = try await loop.task {
                var places = [loop.isCurrent, EventLoop.current === loop]
                await Task.yield()
                places.append(loop.isCurrent)
                await loop.sleep(.zero)
                places.append(loop.isCurrent)
                await loop.nextTick()
                places.append(loop.isCurrent)
                _ = try await onThread { 1 }
                places.append(loop.isCurrent)
                async let child = loop.isCurrent
                places.append(await child)
                let grandchildren = await withTaskGroup(of: Bool.self) { group in
                    for _ in 0..<4 { group.addTask { loop.isCurrent } }
                    return await group.reduce(true) { $0 && $1 }
                }
                return places + [grandchildren]
            }
            #expect(places.allSatisfy { $0 })
            #expect(EventLoop.current == nil)
            #expect(!loop.isCurrent)
        }
    }

    @Test("The loop's thread knows its index")
    func knowsItsIndex() async throws {
        let loop = try EventLoop(index: 7, name: "test")
        defer { loop.stop() }
        #expect(await loop.perform { vitrine_loop_index() } == 7)
        #expect(try await onThread { vitrine_loop_index() } == -1)
    }

    @Test("Timers run in the order of their instants, whatever the order they were set in")
    func ordersTimers() async throws {
        try await withLoop { loop in
            let record = Record<Int>()
            let order = [5, 3, 9, 1, 7, 0, 8, 2, 6, 4]
            await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
                loop.execute {
                    let start = loop.now
                    for number in order {
                        loop.schedule(at: start + UInt64(number) * 1_000) { record.append(number) }
                    }
                    loop.schedule(at: start + 20_000) { continuation.resume() }
                }
            }
            #expect(record.all == Array(0..<10))
        }
    }

    @Test("A timer never runs before its instant")
    func keepsTimers() async throws {
        try await withLoop { loop in
            let (due, ran) = await withUnsafeContinuation {
                (continuation: UnsafeContinuation<(UInt64, UInt64), Never>) in
                loop.execute {
                    let due = loop.now + 2_500_000
                    loop.schedule(at: due) { continuation.resume(returning: (due, loop.now)) }
                }
            }
            #expect(ran >= due)
        }
    }

    @Test("A task that always yields does not keep other work waiting")
    func sharesTheThread() async throws {
        try await withLoop { loop in
            let busy = Task(executorPreference: loop) {
                while !Task.isCancelled { await Task.yield() }
            }
            for _ in 0..<20 { await loop.perform {} }
            busy.cancel()
            await busy.value
        }
    }

    @Test("Waiting for the next tick lets a whole turn of the loop pass")
    func waitsForTicks() async throws {
        try await withLoop { loop in
            let (before, after) = try await loop.task {
                let before = loop.statistics.ticks
                await loop.nextTick()
                return (before, loop.statistics.ticks)
            }
            #expect(after > before)
        }
    }

    @Test("A loop whose work is over frees itself, and work handed over later is dropped without harm")
    func stops() async throws {
        weak var gone: EventLoop?
        do {
            let loop = try EventLoop(index: 0, name: "test")
            gone = loop
            await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
                loop.execute {
                    loop.stop()
                    continuation.resume()
                }
            }
            for _ in 0..<100 { loop.execute {} }
        }
        // The thread's own reference goes when the thread ends.
        while gone != nil { await Task.yield() }
    }

    @Test("A group prefers the calling loop only if it is one of its own")
    func prefersItsOwn() async throws {
        let group = try EventLoopGroup(count: 2)
        let stranger = try EventLoop(index: 0, name: "test")
        defer {
            group.stop()
            stranger.stop()
        }
        #expect(await group.traffic[1].perform { group.preferred() === group.traffic[1] })
        #expect(await group.admin.perform { group.preferred() === group.admin })
        #expect(await stranger.perform { group.contains(group.preferred()) })
        #expect(Set((0..<4).map { _ in ObjectIdentifier(group.preferred()) }).count == 2)
        #expect(!group.contains(stranger))
    }
}
