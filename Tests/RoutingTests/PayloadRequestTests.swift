import HTTPCore
import Routing
import Synchronization
import Testing

@Suite("Payloads of requests")
struct PayloadRequestTests {
    private func refusal(
        _ body: HTTPBody, type: String? = "application/json", bodyBytesMax: Int? = nil
    ) async throws -> (status: Int, detail: String)? {
        var request = HTTPRequest(.post, "/", body: body)
        request.fields[.contentType] = type
        let context = try RequestContextTests.context("/", template: "/", bodyBytesMax: bodyBytesMax)
        do {
            _ = try await request.payload(context)
            return nil
        } catch let problem as Problem {
            return (problem.status.code, problem.detail)
        }
    }

    private func bytes(_ text: String) -> HTTPBody { .bytes(Array(text.utf8)) }

    @Test(
        "JSON by any of its content types is read, and without one",
        arguments: [
            "application/json", "Application/JSON", "application/json; charset=utf-8", "application/json ;x=y",
            "application/merge-patch+json", nil,
        ] as [String?])
    func acceptsTypes(type: String?) async throws {
        #expect(try await self.refusal(self.bytes("{}"), type: type) == nil)
    }

    @Test(
        "Other content types are refused",
        arguments: ["text/plain", "application/x-www-form-urlencoded", "", "json", "application/jsonp"])
    func refusesTypes(type: String) async throws {
        #expect(try await self.refusal(self.bytes("{}"), type: type)?.status == 415)
    }

    @Test(
        "What is no JSON object is refused, malformed JSON with its place",
        arguments: [
            ("", "the body is empty"), ("{", "at byte 1"), ("{\"a\":1,}", "at byte 7"), ("[]", "must be a JSON object"),
            ("null", "must be a JSON object"), ("\"x\"", "must be a JSON object"), ("{}x", "at byte 2"),
            ("{\"a\":1,\"a\":2}", "at byte"),
        ])
    func refusesNonsense(text: String, detail: String) async throws {
        let refusal = try #require(try await self.refusal(text.isEmpty ? .empty : self.bytes(text)))
        #expect(refusal.status == 400)
        #expect(refusal.detail.contains(detail), "\(refusal.detail)")
    }

    @Test("A body is as long as its route takes, 64 KiB where the route does not say")
    func boundsBodies() async throws {
        func padded(_ count: Int) -> HTTPBody {
            self.bytes("{\"a\":\"" + String(repeating: "x", count: count - 8) + "\"}")
        }
        #expect(try await self.refusal(padded(100), bodyBytesMax: 100) == nil)
        #expect(try await self.refusal(padded(101), bodyBytesMax: 100)?.status == 413)
        #expect(try await self.refusal(padded(64 << 10)) == nil)
        #expect(try await self.refusal(padded(64 << 10 + 1))?.status == 413)
    }

    @Test("A stream longer than the route takes is cancelled, before it is read if its length says so")
    func cancelsLongStreams() async throws {
        final class Endless: HTTPBodyStream {
            let taken = Mutex(0)
            let isCancelled = Mutex(false)
            var trailers: HTTPFields? { nil }
            func next() async throws -> [UInt8]? {
                self.taken.withLock { $0 += 1 }
                return [UInt8](repeating: 0x20, count: 40)
            }
            func cancel() { self.isCancelled.withLock { $0 = true } }
        }
        for (length, taken) in [(nil, 3), (101, 0)] as [(Int?, Int)] {
            let stream = Endless()
            #expect(try await self.refusal(.stream(stream, length: length), bodyBytesMax: 100)?.status == 413)
            #expect(stream.isCancelled.withLock { $0 })
            #expect(stream.taken.withLock { $0 } == taken)
        }
    }
}
