import Telemetry
import Testing

@testable import Console

@Suite("What pages are told live")
struct LiveFeedTests {
    private static func log(_ text: String, _ value: String) -> ReceivedLog {
        ReceivedLog(
            time: Made.second, severity: 9, body: .string(text),
            attributes: [ReceivedAttribute("shelf", .string(value))], resource: Made.resource("product"))
    }

    private static func events(_ bytes: [UInt8]?, _ word: String) -> Int {
        String(decoding: bytes ?? [], as: UTF8.self).split(separator: "\n").count { $0.contains(word) }
    }

    @Test("Records that fit a page's filter come, by text, value and attribute, and no others")
    func filter() async throws {
        for (change, expected) in [
            ({ $0.attributes = [("shelf", "top")] }, ["first"]), ({ $0.text = "second" }, ["second"]),
            ({ $0.text = "top" }, ["first"]), ({ _ in }, ["first", "second"]),
        ] as [((inout LogQuery) -> Void, [String])] {
            let store = Made.store()
            var wish = LiveFeed.Wish()
            wish.logs = true
            change(&wish.filter)
            let reader = try #require(store.feed.join(wish))
            _ = store.take([Self.log("first", "top"), Self.log("second", "bottom")])
            let bytes = try await reader.next()
            for word in ["first", "second"] {
                #expect(Self.events(bytes, "\"message\":\"\(word)\"") == (expected.contains(word) ? 1 : 0))
            }
            reader.cancel()
        }
    }

    @Test("What waits for a page that does not read is bounded in bytes; it is told how much it has missed")
    func slowReader() async throws {
        let store = Made.store()
        var wish = LiveFeed.Wish()
        wish.logs = true
        let reader = try #require(store.feed.join(wish))
        let large = String(repeating: "x", count: 100_000)
        for number in 0..<30 { _ = store.take([Self.log("record \(number)", large)]) }
        #expect(store.feed.lagged >= 19)
        let bytes = try await reader.next()
        #expect((bytes?.count ?? 0) <= LiveReader.queueBytesMax + 1_000)
        #expect(Self.events(bytes, "\"skipped\":\(store.feed.lagged)") == 1)
        // There is room again.
        _ = store.take([Self.log("after", "all")])
        #expect(Self.events(try await reader.next(), "after") == 1)
        reader.cancel()
    }
}
