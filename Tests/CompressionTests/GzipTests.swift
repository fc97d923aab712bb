import Compression
import Testing

@Suite("Gzip")
struct GzipTests {
    private static let text = Array(String(repeating: "{\"key\":\"value\",\"n\":12345}", count: 4_000).utf8)

    @Test("What is compressed comes back, small, large and empty", arguments: [0, 1, 100, 65_536, 96_000])
    func roundTrip(count: Int) throws {
        let bytes = Array(Self.text.prefix(count))
        let small = try #require(Gzip.compress(bytes))
        #expect(small.prefix(2) == [0x1f, 0x8b])
        #expect(try Gzip.expand(small, upTo: count) == bytes)
        if count > 1_000 { #expect(small.count < count / 10) }
    }

    @Test("What another implementation wrote is read: RFC 1952 with a file name")
    func golden() throws {
        // printf 'hello' | gzip -n | od, with the name flag and a name put in by hand.
        let bytes: [UInt8] = [
            0x1f, 0x8b, 0x08, 0x08, 0, 0, 0, 0, 0, 0x03, 0x61, 0x2e, 0x74, 0x78, 0x74, 0, 0xcb, 0x48, 0xcd, 0xc9, 0xc9,
            0x07, 0, 0x86, 0xa6, 0x10, 0x36, 0x05, 0, 0, 0,
        ]
        #expect(try Gzip.expand(bytes, upTo: 100) == Array("hello".utf8))
    }

    @Test("A body that would become too large is refused before it does")
    func bomb() throws {
        let small = try #require(Gzip.compress([UInt8](repeating: 0, count: 10_000_000)))
        #expect(small.count < 100_000)
        #expect(throws: Gzip.ExpandError.tooLarge) { try Gzip.expand(small, upTo: 1_000_000) }
    }

    @Test("Members that follow one another are one body, within one bound")
    func members() throws {
        let parts = ["", "one", "", "two and more"]
        let whole = try parts.flatMap { try #require(Gzip.compress(Array($0.utf8))) }
        #expect(try Gzip.expand(whole, upTo: 100) == Array(parts.joined().utf8))
        #expect(throws: Gzip.ExpandError.tooLarge) { try Gzip.expand(whole, upTo: 10) }
        let last = try #require(Gzip.compress(Array("two and more".utf8)))
        for count in 1..<last.count {
            #expect(throws: Gzip.ExpandError.malformed) { try Gzip.expand(Array(whole.dropLast(count)), upTo: 100) }
        }
        #expect(throws: Gzip.ExpandError.malformed) { try Gzip.expand(whole + [0x1f, 0x8b, 9], upTo: 100) }
    }

    @Test("Cut at any place, or damaged, it is malformed")
    func hostile() throws {
        let whole = try #require(Gzip.compress(Array("a body that is not very long".utf8)))
        for count in 0..<whole.count {
            #expect(throws: Gzip.ExpandError.malformed) { try Gzip.expand(Array(whole.prefix(count)), upTo: 1_000) }
        }
        for index in 10..<whole.count {
            var damaged = whole
            damaged[index] ^= 0x5a
            #expect(throws: (any Error).self) { try Gzip.expand(damaged, upTo: 1_000) }
        }
        #expect(throws: Gzip.ExpandError.malformed) { try Gzip.expand(whole + [0], upTo: 1_000) }
    }
}
