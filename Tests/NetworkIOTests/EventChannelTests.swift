import CSystem
import Synchronization
import Testing

@testable import NetworkIO

@Suite("Channels on a loop", .timeLimit(.minutes(1)))
struct EventChannelTests {
    @Test("A channel closed by another one's event in the same tick hears nothing more")
    func closesOthersInTheSameTick() async throws {
        try await withLoop { loop in
            let heard = Record<Int>()
            let freed = Record<Int>()
            for _ in 0..<50 {
                await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
                    loop.execute {
                        let channels = (0..<8).compactMap { number in
                            try? ProbeChannel(loop: loop, onDeinit: { freed.append(number) })
                        }
                        for (number, channel) in channels.enumerated() {
                            // The first event that is delivered closes all of them, itself included.
                            channel.onReadable = {
                                heard.append(number)
                                for other in channels { other.end() }
                                continuation.resume()
                            }
                            try? channel.start()
                        }
                        for channel in channels { channel.makeReadable() }
                    }
                }
            }
            await loop.perform {}
            await loop.perform {}
            #expect(heard.all.count == 50)
            #expect(freed.all.count == 400)
        }
    }

    @Test("A deadline comes once, not before its time, and not at all when it is cleared or its channel closed")
    func tellsOfDeadlines() async throws {
        try await withLoop { loop in
            let passed = Record<String>()
            await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
                loop.execute {
                    func channel(_ name: String) -> ProbeChannel? {
                        let channel = try? ProbeChannel(loop: loop)
                        channel?.onDeadline = { passed.append(name) }
                        try? channel?.start()
                        return channel
                    }
                    let start = loop.now
                    let all = ["early", "late", "moved earlier", "moved later", "cleared", "closed"].map(channel)
                    all[0]?.setDeadline(start + 1_000_000)
                    all[1]?.setDeadline(start + 3_000_000)
                    all[2]?.setDeadline(start + 9_000_000_000)
                    all[2]?.setDeadline(start + 2_000_000)
                    all[3]?.setDeadline(start + 500_000)
                    all[3]?.setDeadline(start + 4_000_000)
                    all[4]?.setDeadline(start + 1_500_000)
                    all[4]?.clearDeadline()
                    all[5]?.setDeadline(start + 1_500_000)
                    all[5]?.end()
                    all[5]?.setDeadline(start + 1_600_000)
                    loop.schedule(at: start + 6_000_000) {
                        for channel in all { channel?.end() }
                        continuation.resume()
                    }
                }
            }
            // On a machine that stalls, several fall due in one tick; their order is then nobody's promise.
            #expect(passed.all.sorted() == ["early", "late", "moved earlier", "moved later"])
        }
    }

    @Test("A channel that closes itself at its deadline is freed at once, not at a later one's time")
    func freesAtTheDeadline() async throws {
        try await withLoop { loop in
            await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
                loop.execute {
                    guard let channel = try? ProbeChannel(loop: loop, onDeinit: { continuation.resume() }) else {
                        return
                    }
                    try? channel.start()
                    channel.onDeadline = { [unowned channel] in
                        channel.setDeadline(after: .seconds(3_600))
                        channel.end()
                    }
                    channel.setDeadline(after: .microseconds(10))
                }
            }
        }
    }

    @Test(
        "Durations become whole nanoseconds, within bounds",
        arguments: [
            (Duration.seconds(2), UInt64(2_000_000_000)), (.nanoseconds(1), 1), (.zero, 0), (.seconds(-1), 0),
            (.nanoseconds(-1), 0), (.seconds(Int64.max / 4), 9_000_000_000_000_000_000),
        ])
    func clampsDurations(duration: Duration, nanoseconds: UInt64) {
        #expect(duration.wholeNanoseconds == nanoseconds)
    }
}
