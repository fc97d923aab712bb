import HTTPCore
import JSON
import Testing

@testable import ProductService

@Suite("Times in lists")
struct TimestampTextTests {
    private func text(_ times: inout TimestampText, _ microseconds: Int) -> String {
        var writer = JSONWriter()
        times.write(microseconds, to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test("They read as everywhere else, whatever was written before")
    func sameAsRFC3339() {
        var times = TimestampText()
        var random = SplitMix(seed: 7)
        let edges = [
            0, -1, 1, 86_400_000_000 - 1, 86_400_000_000, -86_400_000_000, -86_400_000_001, 951_782_400_000_000,
            4_107_542_399_999_999, -62_167_219_200_000_000, 253_402_300_799_999_999,
        ]
        let others = (0..<20_000).map { _ in
            Int.random(in: -62_167_219_200_000_000...253_402_300_799_999_999, using: &random)
        }
        for microseconds in edges + others {
            let expected = "\"\(RFC3339.string(microseconds: microseconds))\""
            #expect(self.text(&times, microseconds) == expected)
            #expect(self.text(&times, microseconds) == expected)
        }
    }

    @Test("Years that four digits cannot hold are clamped")
    func clamped() {
        var times = TimestampText()
        #expect(self.text(&times, .max) == "\"9999-12-31T23:59:59.999999Z\"")
        #expect(self.text(&times, .min) == "\"0000-01-01T00:00:00.000000Z\"")
    }
}
