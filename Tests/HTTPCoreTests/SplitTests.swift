import HTTPCore
import Testing

@Suite("Decoders: bytes arrive as they like")
struct SplitTests {
    @Test("A request reads the same at every split point", arguments: Golden.requests)
    func requestSplits(text: String) {
        let bytes = [UInt8].wire(text)
        let whole = decodeRequest(bytes)
        #expect(whole.refusal == nil)
        #expect(whole.isComplete)
        #expect(whole.consumed == bytes.count)
        for stop in 0...bytes.count {
            #expect(decodeRequest(bytes, stops: [stop]) == whole)
        }
    }

    @Test(
        "A request reads the same at every pair of split points", arguments: [Golden.requests[3], Golden.requests[4]])
    func requestPairs(text: String) {
        let bytes = [UInt8].wire(text)
        let whole = decodeRequest(bytes)
        for first in 60..<bytes.count {
            for second in first...bytes.count where decodeRequest(bytes, stops: [first, second]) != whole {
                Issue.record("reads otherwise when split at \(first) and \(second)")
            }
        }
    }

    @Test("A request reads the same byte by byte, with content taken out in small pieces", arguments: Golden.requests)
    func requestTrickles(text: String) {
        let bytes = [UInt8].wire(text)
        let whole = decodeRequest(bytes)
        for outputMax in 1...4 {
            #expect(decodeRequest(bytes, stops: Array(0...bytes.count), outputMax: outputMax) == whole)
            #expect(decodeRequest(bytes, outputMax: outputMax) == whole)
        }
    }

    @Test("A response reads the same at every split point and byte by byte", arguments: Golden.responses)
    func responseSplits(text: String) {
        let bytes = [UInt8].wire(text)
        let whole = decodeResponse(bytes)
        #expect(whole.refusal == nil)
        #expect(whole.isComplete)
        for stop in 0...bytes.count {
            #expect(decodeResponse(bytes, stops: [stop]) == whole)
        }
        #expect(decodeResponse(bytes, stops: Array(0...bytes.count)) == whole)
    }

    @Test("A cut-off message is neither complete nor refused", arguments: Golden.requests)
    func truncation(text: String) {
        let bytes = [UInt8].wire(text)
        for count in 0..<bytes.count {
            let result = decodeRequest(Array(bytes[..<count]))
            #expect(result.refusal == nil)
            #expect(!result.isComplete)
        }
    }

    @Test("A hostile message is refused for the same reason at every split point", arguments: Hostile.requests)
    func hostileSplits(message: Hostile) {
        let whole = decodeRequest(message.bytes)
        for stop in 0...message.bytes.count where decodeRequest(message.bytes, stops: [stop]) != whole {
            Issue.record("\(message) reads otherwise when split at \(stop)")
        }
        #expect(decodeRequest(message.bytes, stops: Array(0...message.bytes.count)) == whole)
    }

    @Test("Random and mangled bytes never crash a decoder and read the same when split")
    func random() {
        var generator = SplitMix64(seed: 0x5EED)
        let seeds = (Golden.requests + Golden.responses).map { [UInt8].wire($0) }
        for round in 0..<6_000 {
            var bytes: [UInt8]
            if round % 3 == 0 {
                bytes = (0..<Int.random(in: 0...200, using: &generator)).map { _ in
                    .random(in: 0...255, using: &generator)
                }
            } else {
                bytes = seeds.randomElement(using: &generator) ?? []
                for _ in 0..<Int.random(in: 1...4, using: &generator) { mangle(&bytes, &generator) }
            }
            let stop = Int.random(in: 0...bytes.count, using: &generator)
            #expect(decodeRequest(bytes, stops: [stop]) == decodeRequest(bytes))
            #expect(decodeResponse(bytes, stops: [stop]) == decodeResponse(bytes))
        }
    }

    private func mangle(_ bytes: inout [UInt8], _ generator: inout SplitMix64) {
        guard !bytes.isEmpty else { return }
        let index = Int.random(in: 0..<bytes.count, using: &generator)
        let interesting: [UInt8] = [0, 9, 10, 13, 32, 35, 37, 44, 58, 59, 127, 128, 255]
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes[index] = .random(in: 0...255, using: &generator)
        case 1: bytes[index] = interesting.randomElement(using: &generator) ?? 0
        case 2: bytes.remove(at: index)
        default: bytes.insert(interesting.randomElement(using: &generator) ?? 0, at: index)
        }
    }
}

/// A small generator with a seed, so that a failure can be repeated.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        self.state = seed
    }

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var word = self.state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
