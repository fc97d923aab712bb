import Compression
import HTTPCore
import Protobuf
import RPC
import Synchronization
import Telemetry
import TelemetryTesting
import Testing

@testable import RPC

@Suite("A server of gRPC")
struct ServerTests {
    @Test("A call of one message: head, message, trailers, byte for byte")
    func golden() async throws {
        let echo = EchoServer()
        let (head, bytes, trailers) = try await echo.answer(EchoServer.request(.bytes(framed(EchoMessage("hi")))))
        #expect(head.status == .ok)
        #expect(head.fields.description == "content-type: application/grpc\r\n")
        #expect(bytes == [0, 0, 0, 0, 4, 0x0A, 2, 0x68, 0x69])
        #expect(trailers.description == "grpc-status: 0\r\n")
    }

    @Test("A request in any pieces is understood")
    func pieces() async throws {
        let echo = EchoServer()
        let bytes = framed(EchoMessage("some text", count: 3))
        for split in 0...bytes.count {
            let pieces = [Array(bytes[..<split]), Array(bytes[split...])].filter { !$0.isEmpty }
            let request = EchoServer.request(.stream(FedBody(pieces), length: nil))
            #expect(try await echo.answer(request).bytes == bytes)
        }
    }

    @Test("What is no call of gRPC is answered as HTTP does")
    func notGRPC() async {
        let echo = EchoServer()
        var request = EchoServer.request(.empty)
        request.method = .get
        let refused = await echo.server.respond(to: request)
        #expect(refused.status == .methodNotAllowed)
        #expect(refused.fields[.allow] == "POST")
        for type in [
            "application/json", "application/grpc-web", "application/grpc+json", "text/plain", "application/grp",
        ] {
            var request = EchoServer.request(.empty)
            request.fields[.contentType] = type
            #expect(!RPCServer.accepts(request))
            #expect(await echo.server.respond(to: request).status == .unsupportedMediaType)
        }
    }

    @Test(
        "Both names of the content type are taken, with parameters too",
        arguments: ["application/grpc", "application/grpc+proto", "Application/GRPC", "application/grpc;charset=utf-8"])
    func contentType(type: String) async throws {
        var request = EchoServer.request(.bytes(framed(EchoMessage("x"))))
        request.fields[.contentType] = type
        #expect(try await EchoServer().status(request).code == "0")
    }

    @Test("A method that is not there is UNIMPLEMENTED, in the head alone")
    func unknownMethod() async throws {
        let echo = EchoServer()
        let method = RPCMethod(service: "vitrine.test.Echo", name: "Nothing", kind: .unary)
        let (head, bytes, trailers) = try await echo.answer(
            EchoServer.request(method, .bytes(framed(EchoMessage("x")))))
        #expect(head.status == .ok)
        #expect(bytes.isEmpty)
        #expect(trailers["grpc-status"] == "12")
        guard case .empty = head.body else { return #expect(Bool(false), "not in the head alone") }
    }

    @Test("Calls that break the protocol end with INTERNAL")
    func broken() async throws {
        let echo = EchoServer()
        let message = framed(EchoMessage("x"))
        let bodies: [HTTPBody] = [
            .empty, .bytes(message + message), .bytes([9] + message), .bytes(Array(message.dropLast())),
            .bytes(framed([0xFF, 0xFF])), .bytes(framed([1, 2], flag: 1)),
        ]
        for body in bodies { #expect(try await echo.status(EchoServer.request(body)).code == "13") }
        var request = EchoServer.request(.bytes(message))
        request.fields["te"] = nil
        #expect(try await echo.status(request).code == "13")
        #expect(try await echo.status(EchoServer.request(.bytes(message), ["grpc-timeout": "soon"])).code == "13")
    }

    @Test("Messages and metadata over their limits end with RESOURCE_EXHAUSTED")
    func limits() async throws {
        var configuration = RPCServerConfiguration()
        configuration.receivedMessageBytesMax = 100
        configuration.sentMessageBytesMax = 50
        configuration.metadataBytesMax = 1_000
        let echo = EchoServer(configuration: configuration)
        func code(_ text: Int, _ extra: HTTPFields = [:]) async throws -> String? {
            let message = EchoMessage(String(repeating: "x", count: text))
            return try await echo.status(EchoServer.request(.bytes(framed(message)), extra)).code
        }
        #expect(try await code(48) == "0")
        #expect(try await code(49) == "8")
        #expect(try await code(99) == "8")
        #expect(try await code(1, ["x": String(repeating: "y", count: 1_000)]) == "8")
    }

    @Test("A compression nobody knows is UNIMPLEMENTED, and the known ones are named")
    func unknownCompression() async throws {
        let request = EchoServer.request(.bytes(framed(EchoMessage("x"))), ["grpc-encoding": "snappy"])
        let (head, _, trailers) = try await EchoServer().answer(request)
        #expect(trailers["grpc-status"] == "12")
        #expect(head.fields["grpc-accept-encoding"] == "identity,gzip")
    }

    @Test("gzip both ways, and only for a caller that takes it")
    func gzip() async throws {
        let echo = EchoServer()
        let message = EchoMessage(String(repeating: "abc", count: 1_000))
        let small = try #require(Gzip.compress(message.bytes))
        let body = HTTPBody.bytes(framed(small, flag: 1))
        let taking: HTTPFields = ["grpc-encoding": "gzip", "grpc-accept-encoding": "identity, gzip"]
        let (head, bytes, trailers) = try await echo.answer(EchoServer.request(body, taking))
        #expect(trailers["grpc-status"] == "0")
        #expect(head.fields["grpc-encoding"] == "gzip")
        #expect(bytes[0] == 1)
        #expect(try Gzip.expand(Array(bytes[5...]), upTo: 10_000) == message.bytes)
        let plain = try await echo.answer(EchoServer.request(body, ["grpc-encoding": "gzip"]))
        #expect(plain.head.fields["grpc-encoding"] == nil)
        #expect(plain.bytes == framed(message))
    }

    @Test("A gzip bomb is refused")
    func bomb() async throws {
        let bomb = try #require(Gzip.compress([UInt8](repeating: 0, count: 20_000_000)))
        let request = EchoServer.request(.bytes(framed(bomb, flag: 1)), ["grpc-encoding": "gzip"])
        #expect(try await EchoServer().status(request).code == "8")
    }

    @Test("A handler's status reaches the caller with its message", arguments: RPCCode.allCases.filter { $0 != .ok })
    func status(code: RPCCode) async throws {
        let message = EchoMessage("für 50%", count: Int32(code.rawValue))
        let (sent, text) = try await EchoServer().status(EchoServer.request(EchoMethods.fail, .bytes(framed(message))))
        #expect(sent == String(code.rawValue))
        #expect(text == "f%C3%BCr 50%25")
    }

    @Test("An error nobody foresaw is INTERNAL, and its text stays here")
    func unforeseen() async throws {
        struct Broken: Error { let secret = "password" }
        var service = EchoService()
        service.say = { _, _ in throw Broken() }
        let echo = EchoServer(service)
        let (code, message) = try await echo.status(EchoServer.request(.bytes(framed(EchoMessage("x")))))
        #expect(code == "13")
        #expect(message == "The call failed.")
        #expect(echo.recorded.logLines.contains { $0.contains("exception") && $0.contains("password") })
        #expect(echo.recorded.finishedSpans[0]["error.type"] != .string("INTERNAL"))
    }

    @Test("An error of the application says itself what the caller is told")
    func convertible() async throws {
        struct Missing: RPCErrorConvertible { var rpcError: RPCError { RPCError(.notFound, "Gone.") } }
        var service = EchoService()
        service.say = { _, _ in throw Missing() }
        let (code, message) = try await EchoServer(service).status(EchoServer.request(.bytes(framed(EchoMessage("x")))))
        #expect(code == "5")
        #expect(message == "Gone.")
    }

    @Test("Metadata goes both ways")
    func metadata() async throws {
        var service = EchoService()
        service.say = { message, context in
            try context.responseMetadata.append("x-head", context.metadata["x-asked"] ?? "")
            try context.trailingMetadata.append("x-tail-bin", binary: context.metadata.binaryValues(of: "x-bin")[0])
            return message
        }
        let request = EchoServer.request(.bytes(framed(EchoMessage("x"))), ["x-asked": "yes", "x-bin": "AAE"])
        let (head, _, trailers) = try await EchoServer(service).answer(request)
        #expect(head.fields["x-head"] == "yes")
        #expect(trailers["x-tail-bin"] == "AAE")
        #expect(trailers["grpc-status"] == "0")
    }

    @Test("Interceptors stand around the handler in their order, and may refuse")
    func interceptors() async throws {
        final class Journal: Sendable {
            let lines = Mutex<[String]>([])
            func note(_ line: String) { self.lines.withLock { $0.append(line) } }
        }
        struct Noting: RPCServerInterceptor {
            let name: String
            let journal: Journal
            func intercept(_ context: RPCServerContext, _ proceed: RPCServerProceed) async throws {
                self.journal.note("\(self.name) begins")
                do { try await proceed() } catch {
                    self.journal.note("\(self.name) sees \(error)")
                    throw error
                }
                self.journal.note("\(self.name) ends")
            }
        }
        struct Token: RPCServerInterceptor {
            func intercept(_ context: RPCServerContext, _ proceed: RPCServerProceed) async throws {
                guard context.metadata["x-internal-token"] == "right" else {
                    throw RPCError(.permissionDenied, "This listener answers the platform's own processes only.")
                }
                try await proceed()
            }
        }
        let journal = Journal()
        let echo = EchoServer(
            interceptors: [Noting(name: "a", journal: journal), Token(), Noting(name: "b", journal: journal)])
        let body = HTTPBody.bytes(framed(EchoMessage("x")))
        #expect(try await echo.status(EchoServer.request(body, ["x-internal-token": "right"])).code == "0")
        #expect(journal.lines.withLock { $0 } == ["a begins", "b begins", "b ends", "a ends"])
        journal.lines.withLock { $0 = [] }
        #expect(
            try await echo.status(EchoServer.request(EchoMethods.count, body, ["x-internal-token": "no"])).code == "7")
        #expect(journal.lines.withLock { $0.count } == 2)
    }
}

@Suite("Streams of a server")
struct ServerStreamTests {
    @Test("The caller's messages are read to their end, and one comes back")
    func clientStreaming() async throws {
        let echo = EchoServer()
        let body = FedBody()
        async let answer = echo.answer(EchoServer.request(EchoMethods.sum, .stream(body, length: nil)))
        for number in 1...100 { body.feed(framed(EchoMessage("x", count: Int32(number)))) }
        body.end()
        let (_, bytes, trailers) = try await answer
        #expect(bytes == framed(EchoMessage(String(repeating: "x", count: 100), count: 5_050)))
        #expect(trailers["grpc-status"] == "0")
    }

    @Test("The messages of an answer come in their order, the status behind them")
    func serverStreaming() async throws {
        let request = EchoServer.request(EchoMethods.count, .bytes(framed(EchoMessage("x", count: 500))))
        let (head, bytes, trailers) = try await EchoServer().answer(request)
        #expect(head.fields.description == "content-type: application/grpc\r\n")
        #expect(bytes == (0..<500).flatMap { framed(EchoMessage("x", count: $0)) })
        #expect(trailers.description == "grpc-status: 0\r\n")
    }

    @Test("A stream of no messages is answered in the head alone")
    func emptyStream() async throws {
        let (head, bytes, trailers) = try await EchoServer().answer(
            EchoServer.request(EchoMethods.count, .bytes(framed(EchoMessage("x")))))
        #expect(head.fields.description == "content-type: application/grpc\r\ngrpc-status: 0\r\n")
        #expect(bytes.isEmpty)
        #expect(trailers["grpc-status"] == "0")
    }

    @Test("An error after some messages comes behind them")
    func lateError() async throws {
        var service = EchoService()
        service.count = { request, responses, _ in
            try await responses.write(request)
            throw RPCError(.dataLoss, "half of it")
        }
        let request = EchoServer.request(EchoMethods.count, .bytes(framed(EchoMessage("x"))))
        let (head, bytes, trailers) = try await EchoServer(service).answer(request)
        #expect(head.fields["grpc-status"] == nil)
        #expect(bytes == framed(EchoMessage("x")))
        #expect(trailers["grpc-status"] == "15")
    }

    @Test("Both sides send while the other does")
    func bidirectional() async throws {
        let body = FedBody()
        let echo = EchoServer()
        body.feed(framed(EchoMessage("0")))
        let response = await echo.server.respond(to: EchoServer.request(EchoMethods.chat, .stream(body, length: nil)))
        guard case .stream(let answers, _) = response.body else { throw CancellationError() }
        for number in 0..<50 {
            #expect(try await answers.next() == framed(EchoMessage("\(number)")))
            body.feed(framed(EchoMessage("\(number + 1)")))
        }
        body.end()
        #expect(try await answers.next() == framed(EchoMessage("50")))
        #expect(try await answers.next() == nil)
        #expect(answers.trailers?["grpc-status"] == "0")
    }

    @Test("A handler waits for a caller that does not read")
    func backPressure() async throws {
        let written = Atomic<Int>(0)
        let text = String(repeating: "x", count: 10_000)
        var service = EchoService()
        let full = Event()
        service.count = { _, responses, _ in
            for number in 1...100 {
                written.store(number, ordering: .relaxed)
                if number == 7 { full.happen() }
                try await responses.write(EchoMessage(text))
            }
        }
        let echo = EchoServer(service)
        let response = await echo.server.respond(
            to: EchoServer.request(EchoMethods.count, .bytes(framed(EchoMessage("x")))))
        guard case .stream(let answers, _) = response.body else { throw CancellationError() }
        await full.wait()
        for _ in 0..<100 { await Task.yield() }
        // 64 KiB are 7 messages of 10,000 bytes: the seventh write waits.
        #expect(written.load(ordering: .relaxed) == 7)
        var count = 0
        while let piece = try await answers.next() { count += piece.count }
        #expect(count == 100 * framed(EchoMessage(text)).count)
        #expect(answers.trailers?["grpc-status"] == "0")
    }

    @Test("Metadata set before the first message goes before it; the head can go alone")
    func head() async throws {
        var service = EchoService()
        let go = Event()
        service.count = { request, responses, context in
            try context.responseMetadata.append("x-head", "1")
            responses.begin()
            await go.wait()
            try context.trailingMetadata.append("x-tail", "2")
        }
        let response = await EchoServer(service).server.respond(
            to: EchoServer.request(EchoMethods.count, .bytes(framed(EchoMessage("x")))))
        #expect(response.fields["x-head"] == "1")
        go.happen()
        guard case .stream(let answers, _) = response.body else { throw CancellationError() }
        #expect(try await answers.next() == nil)
        #expect(answers.trailers?["x-tail"] == "2")
    }
}

@Suite("Ends of calls before their time")
struct CancellationTests {
    @Test("A caller that goes cancels the handler of a call of one message")
    func unary() async throws {
        var service = EchoService()
        let begun = Event()
        service.say = { message, _ in
            begun.happen()
            try await sleepUntilCancelled()
            return message
        }
        let echo = EchoServer(service)
        let task = Task { await echo.server.respond(to: EchoServer.request(.bytes(framed(EchoMessage("x"))))) }
        await begun.wait()
        task.cancel()
        #expect(await task.value.fields["grpc-status"] == "1")
        #expect(echo.recorded.finishedSpans[0]["rpc.response.status_code"] == .string("CANCELLED"))
        #expect(echo.recorded.finishedSpans[0].status == .unset)
    }

    @Test("A caller that goes cancels the handler of a stream, whether it waits for room or for something else")
    func stream() async throws {
        for text in ["x", String(repeating: "x", count: 100_000)] {
            var service = EchoService()
            let ended = Event()
            service.count = { _, responses, _ in
                defer { ended.happen() }
                try await responses.write(EchoMessage(text))
                try await sleepUntilCancelled()
            }
            let echo = EchoServer(service)
            let response = await echo.server.respond(
                to: EchoServer.request(EchoMethods.count, .bytes(framed(EchoMessage("x")))))
            guard case .stream(let answers, _) = response.body else { throw CancellationError() }
            answers.cancel()
            await ended.wait()
            await #expect(throws: CancellationError.self) { try await answers.next() }
        }
    }

    @Test("A body that is dropped unread cancels the handler")
    func dropped() async throws {
        var service = EchoService()
        let ended = Event()
        service.count = { _, responses, _ in
            defer { ended.happen() }
            responses.begin()
            try await sleepUntilCancelled()
        }
        let echo = EchoServer(service)
        _ = await echo.server.respond(to: EchoServer.request(EchoMethods.count, .bytes(framed(EchoMessage("x")))))
        await ended.wait()
    }

    @Test("A caller that goes while the first message is awaited cancels the handler")
    func beforeOpening() async throws {
        var service = EchoService()
        let begun = Event()
        let ended = Event()
        service.count = { _, _, _ in
            defer { ended.happen() }
            begun.happen()
            try await sleepUntilCancelled()
        }
        let echo = EchoServer(service)
        let task = Task {
            await echo.server.respond(to: EchoServer.request(EchoMethods.count, .bytes(framed(EchoMessage("x")))))
        }
        await begun.wait()
        task.cancel()
        await ended.wait()
        _ = await task.value
    }

    @Test("Messages that break off end the call")
    func brokenBody() async throws {
        struct Reset: RPCTransportFailure {
            var requestWasNotSent: Bool { false }
            var isTimeout: Bool { false }
            var http2ResetCode: UInt32? { 8 }
            var errorType: String { "reset" }
        }
        let body = FedBody()
        let echo = EchoServer()
        async let status = echo.status(EchoServer.request(EchoMethods.sum, .stream(body, length: nil)))
        body.feed(framed(EchoMessage("x")))
        body.fail(Reset())
        #expect(try await status.code == "1")
    }

    @Test("Past its deadline a call is cancelled and ends with DEADLINE_EXCEEDED")
    func deadline() async throws {
        let clock = ManualClock()
        var configuration = RPCServerConfiguration()
        configuration.clock = .manual(clock)
        var service = EchoService()
        service.say = { message, _ in
            try await sleepUntilCancelled()
            return message
        }
        service.count = { request, responses, _ in
            try await responses.write(request)
            try await sleepUntilCancelled()
        }
        let echo = EchoServer(service, configuration: configuration)
        let timeout: HTTPFields = ["grpc-timeout": "50m"]
        for method in [EchoMethods.say, EchoMethods.count] {
            async let status = echo.status(EchoServer.request(method, .bytes(framed(EchoMessage("x"))), timeout))
            await clock.waitForSleepers()
            clock.advance(by: .milliseconds(49))
            await Task.yield()
            clock.advance(by: .milliseconds(1))
            #expect(try await status.code == "4")
        }
        #expect(echo.recorded.finishedSpans.allSatisfy { $0.status == .error("The deadline has passed.") })
    }

    @Test("A call whose time is over does not reach its handler")
    func late() async throws {
        var service = EchoService()
        service.say = { _, _ in throw RPCError(.dataLoss, "reached") }
        let request = EchoServer.request(.bytes(framed(EchoMessage("x"))), ["grpc-timeout": "0n"])
        #expect(try await EchoServer(service).status(request).code == "4")
    }

    @Test("The server's own bound counts where the caller would wait longer")
    func ownBound() async throws {
        let clock = ManualClock()
        var configuration = RPCServerConfiguration()
        let manual = RPCClock.manual(clock)
        configuration.clock = manual
        configuration.callTimeout = .seconds(1)
        let start = manual.now()
        let seen = Mutex<[Duration]>([])
        var service = EchoService()
        service.say = { message, context in
            seen.withLock { $0.append(start.duration(to: context.deadline.instant)) }
            #expect(RPCDeadline.current == context.deadline)
            return message
        }
        let echo = EchoServer(service, configuration: configuration)
        for timeout in ["2S", "300m"] {
            let request = EchoServer.request(.bytes(framed(EchoMessage("x"))), ["grpc-timeout": timeout])
            #expect(try await echo.status(request).code == "0")
        }
        #expect(seen.withLock { $0 } == [.seconds(1), .milliseconds(300)])
    }
}

@Suite("The watch over deadlines")
struct DeadlineWatchTests {
    private final class Call: RPCDeadlineWatch.Expiring {
        let name: String
        init(_ name: String) { self.name = name }
        func expire() {}
    }
    private let start = ContinuousClock.now

    private func at(_ seconds: Int) -> ContinuousClock.Instant { self.start.advanced(by: .seconds(seconds)) }

    @Test("One alarm serves all; an earlier deadline sets a new one, and the old finds nothing to do")
    func alarms() throws {
        var schedule = RPCDeadlineWatch.Schedule()
        let first = schedule.insert(Call("a"), at: self.at(10))
        let alarm = try #require(first.1)
        #expect(schedule.insert(Call("b"), at: self.at(20)).1 == nil)
        let earlier = try #require(schedule.insert(Call("c"), at: self.at(5)).1)
        #expect(earlier.instant == self.at(5))
        let (due, next) = schedule.takeDue(earlier, now: self.at(5))
        #expect(due.map { ($0 as? Call)?.name } == ["c"])
        #expect(next?.instant == self.at(10))
        #expect(schedule.takeDue(alarm, now: self.at(10)).due.isEmpty)
        #expect(schedule.takeDue(try #require(next), now: self.at(30)).due.count == 2)
    }

    @Test("A place is used again only after it was given back, told or not")
    func places() throws {
        var schedule = RPCDeadlineWatch.Schedule()
        let (first, alarm) = schedule.insert(Call("a"), at: self.at(1))
        _ = schedule.takeDue(try #require(alarm), now: self.at(2))
        let (second, _) = schedule.insert(Call("b"), at: self.at(3))
        #expect(first != second)
        schedule.remove(first)
        #expect(schedule.insert(Call("c"), at: self.at(4)).place == first)
        schedule.remove(first)
        schedule.remove(second)
        #expect(schedule.count == 0)
    }
}
