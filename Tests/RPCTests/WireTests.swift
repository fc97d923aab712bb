import Compression
import HTTPCore
import Protobuf
import RPC
import Testing

@testable import RPC

@Suite("Messages on the wire")
struct FramingTests {
    private static func decode(_ pieces: [[UInt8]], limit: Int = 1_000) throws(RPCError) -> [[UInt8]] {
        var decoder = RPCFrameDecoder(limit: limit)
        var messages: [[UInt8]] = []
        for piece in pieces {
            decoder.append(piece)
            while let frame = try decoder.next() { messages.append(Array(frame.payload)) }
        }
        #expect(decoder.isAtBoundary)
        return messages
    }

    @Test("A message is a flag, four bytes of length and itself")
    func golden() throws {
        let bytes = try RPCMessageCoding.frame(EchoMessage("hi", count: 7), compression: .identity, limit: 100)
        #expect(bytes == [0, 0, 0, 0, 6, 0x0A, 2, 0x68, 0x69, 0x10, 7])
    }

    @Test("Split anywhere, once and twice, the messages are the same")
    func splits() throws {
        let messages: [[UInt8]] = [[1, 2, 3], [], Array(repeating: 9, count: 20)]
        let bytes = messages.flatMap { framed($0) }
        for first in 0...bytes.count {
            #expect(try Self.decode([Array(bytes[..<first]), Array(bytes[first...])]) == messages)
            for second in first...bytes.count {
                let pieces = [Array(bytes[..<first]), Array(bytes[first..<second]), Array(bytes[second...])]
                #expect(try Self.decode(pieces) == messages)
            }
        }
        #expect(try Self.decode(bytes.map { [$0] }) == messages)
    }

    @Test("A message over the limit is refused by its prefix alone; one at the limit is taken")
    func limit() throws {
        #expect(try Self.decode([framed([UInt8](repeating: 1, count: 10))], limit: 10).count == 1)
        var decoder = RPCFrameDecoder(limit: 10)
        decoder.append([0, 0, 0, 0, 11])
        #expect(throws: RPCError.self) { try decoder.next() }
        var huge = RPCFrameDecoder(limit: 10)
        huge.append([0, 255, 255, 255, 255])
        do throws(RPCError) { _ = try huge.next() } catch { #expect(error.code == .resourceExhausted) }
    }

    @Test("A flag that means nothing is refused", arguments: [2, 0x80, 255] as [UInt8])
    func flag(flag: UInt8) {
        var decoder = RPCFrameDecoder(limit: 10)
        decoder.append([flag, 0, 0, 0, 0])
        do throws(RPCError) {
            _ = try decoder.next()
            Issue.record("taken")
        } catch {
            #expect(error.code == .internal)
        }
    }

    @Test("A message that is cut short ends the call")
    func cut() async {
        let bytes = framed([1, 2, 3])
        for count in 1..<bytes.count {
            let input = RPCMessageInput(.bytes(Array(bytes[..<count])), compression: .identity, limit: 100)
            await #expect(throws: RPCError.self) { try await input.next() }
        }
    }

    @Test("A message to send over the limit is refused")
    func sending() {
        #expect(throws: RPCError.self) {
            try RPCMessageCoding.frame(EchoMessage("12345"), compression: .identity, limit: 6)
        }
        #expect(throws: Never.self) {
            try RPCMessageCoding.frame(EchoMessage("1234"), compression: .identity, limit: 6)
        }
    }
}

@Suite("Compressed messages")
struct CompressionTests {
    @Test("A message from 1 KiB on is compressed and expanded; a smaller one goes as it is")
    func gzip() throws {
        let large = EchoMessage(String(repeating: "abc", count: 1_000))
        let bytes = try RPCMessageCoding.frame(large, compression: .gzip, limit: 10_000)
        #expect(bytes[0] == 1)
        #expect(bytes.count < 200)
        var decoder = RPCFrameDecoder(limit: 10_000)
        decoder.append(bytes)
        let frame = try #require(try decoder.next())
        #expect(
            try RPCMessageCoding.decode(EchoMessage.self, RPCCompression.gzip.expand(frame, limit: 10_000)) == large)
        #expect(try RPCMessageCoding.frame(EchoMessage("abc"), compression: .gzip, limit: 100)[0] == 0)
    }

    @Test("A bomb is refused before it grows past the limit")
    func bomb() throws {
        let small = try #require(Gzip.compress([UInt8](repeating: 0, count: 50_000_000)))
        let frame = RPCFrame(isCompressed: true, payload: small[...])
        do throws(RPCError) {
            _ = try RPCCompression.gzip.expand(frame, limit: 4 << 20)
            Issue.record("expanded")
        } catch {
            #expect(error.code == .resourceExhausted)
        }
    }

    @Test("Garbage, and compression that was not announced, are INTERNAL")
    func garbage() {
        for (compression, payload) in [(RPCCompression.gzip, [1, 2, 3]), (.identity, [1])]
            as [(RPCCompression, [UInt8])]
        {
            do throws(RPCError) {
                _ = try compression.expand(RPCFrame(isCompressed: true, payload: payload[...]), limit: 100)
                Issue.record("expanded")
            } catch {
                #expect(error.code == .internal)
            }
        }
    }
}

@Suite("grpc-timeout")
struct TimeoutTests {
    @Test(
        "Every unit is read",
        arguments: [
            ("1H", Duration.seconds(3_600)), ("2M", .seconds(120)), ("3S", .seconds(3)), ("4m", .milliseconds(4)),
            ("5u", .microseconds(5)), ("6n", .nanoseconds(6)), ("99999999H", .seconds(99_999_999 * 3_600)),
            ("00000001S", .seconds(1)), ("0S", .zero),
        ])
    func read(text: String, duration: Duration) {
        #expect(Array(text.utf8).withUnsafeBufferPointer { RPCTimeout.parse($0) } == duration)
    }

    @Test(
        "Anything else is refused",
        arguments: ["", "1", "S", "1s", "123456789S", "-1S", "+1S", "1.5S", " 1S", "1S ", "1SS", "1h", "१S", "1\u{0}"])
    func hostile(text: String) {
        #expect(Array(text.utf8).withUnsafeBufferPointer { RPCTimeout.parse($0) } == nil)
    }

    @Test(
        "Written in the finest unit of 8 digits, rounded down",
        arguments: [
            (Duration.nanoseconds(1), "1n"), (.nanoseconds(99_999_999), "99999999n"), (.milliseconds(100), "100000u"),
            (.nanoseconds(100_000_999), "100000u"), (.seconds(1), "1000000u"), (.seconds(99), "99000000u"),
            (.seconds(100), "100000m"), (.seconds(99_999), "99999000m"), (.seconds(100_000), "100000S"),
            (.seconds(99_999_999), "99999999S"), (.seconds(100_000_000), "1666666M"),
            (.seconds(99_999_999 * 60), "99999999M"), (.seconds(100_000_000 * 60), "1666666H"),
            (.seconds(Int64.max / 4), "99999999H"), (.zero, "1n"), (.seconds(-1), "1n"),
        ])
    func write(duration: Duration, text: String) {
        #expect(RPCTimeout.withText(duration) { String(decoding: $0, as: UTF8.self) } == text)
    }

    @Test("What is written is read again, never longer")
    func roundTrip() throws {
        for exponent in 0..<60 {
            let duration = Duration.nanoseconds(Int64(1) << Int64(exponent)) + .nanoseconds(12_345)
            let read = try #require(RPCTimeout.withText(duration) { RPCTimeout.parse($0) })
            #expect(read <= duration)
            #expect(read * 1.02 >= duration)
        }
    }
}
