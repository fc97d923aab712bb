import HTTPCore
import RPC
import Synchronization
import Telemetry
import TelemetryTesting
import Testing

@testable import RPC

@Suite("A client of gRPC")
struct ClientTests {
    private static func client(
        _ answer: @escaping @Sendable (HTTPRequest) async throws -> HTTPResponse
    ) -> (RPCClient, TestTelemetry) {
        let recorded = TestTelemetry()
        let client = RPCClient(
            transport: Scripted(answer: answer), serverAddress: "server", serverPort: 80,
            telemetry: recorded.telemetry)
        return (client, recorded)
    }

    private static func failure(
        _ answer: @escaping @Sendable (HTTPRequest) async throws -> HTTPResponse
    ) async -> RPCError? {
        do throws(RPCError) {
            let _: EchoMessage = try await Self.client(answer).0.unary(EchoMethods.say, EchoMessage("x"))
            return nil
        } catch {
            return error
        }
    }

    private static func response(_ pieces: [[UInt8]], _ trailers: HTTPFields?, _ extra: HTTPFields = [:])
        -> HTTPResponse
    {
        var fields: HTTPFields = ["content-type": "application/grpc"]
        fields.append(contentsOf: extra)
        return HTTPResponse(.ok, fields: fields, body: .stream(FedBody(pieces, trailers: trailers), length: nil))
    }

    @Test("The request is what the protocol asks for")
    func golden() async throws {
        let echo = EchoServer(metadata: ["x-internal-token": "t"])
        let answer: EchoMessage = try await echo.client.unary(
            EchoMethods.say, EchoMessage("hi"), RPCCallOptions(metadata: ["x-own": "1"]))
        #expect(answer == EchoMessage("hi"))
        let request = try #require(echo.loopback.requests.first)
        #expect(request.method == .post)
        #expect(request.scheme == "http")
        #expect(request.authority == "echo.test:8002")
        #expect(request.path == "/vitrine.test.Echo/Say")
        #expect(request.fields["te"] == "trailers")
        #expect(request.fields["content-type"] == "application/grpc")
        #expect(request.fields["grpc-accept-encoding"] == "identity,gzip")
        #expect(request.fields["x-internal-token"] == "t")
        #expect(request.fields["x-own"] == "1")
        #expect(request.fields["traceparent"]?.utf8.count == 55)
        // 10 s by default, of which a little is over; the timeout is the first field.
        let timeout = try #require(request.fields["grpc-timeout"])
        #expect(timeout.hasSuffix("u") && timeout.hasPrefix("9") && timeout.utf8.count == 8)
        #expect(request.fields.description.hasPrefix("grpc-timeout: "))
        guard case .bytes(let bytes) = request.body else { return #expect(Bool(false)) }
        #expect(bytes == framed(EchoMessage("hi")))
    }

    @Test("The earlier of the option and the call that is answered is the deadline")
    func deadline() async throws {
        let echo = EchoServer()
        func seconds(_ deadline: Deadline?) async throws -> Duration {
            let _: EchoMessage = try await echo.client.unary(
                EchoMethods.say, EchoMessage("x"), RPCCallOptions(deadline: deadline))
            let text = Array(try #require(echo.loopback.requests.last?.fields["grpc-timeout"]).utf8)
            return try #require(text.withUnsafeBufferPointer { RPCTimeout.parse($0) })
        }
        #expect(try await seconds(.after(.seconds(60))) > .seconds(50))
        try await RPCDeadline.$current.withValue(.after(.seconds(30))) {
            let (later, earlier) = (try await seconds(.after(.seconds(60))), try await seconds(.after(.seconds(5))))
            #expect((Duration.seconds(20)...Duration.seconds(30)).contains(later))
            #expect((Duration.seconds(1)...Duration.seconds(5)).contains(earlier))
            let inherited = try await seconds(nil)
            #expect(inherited > .seconds(20))
        }
    }

    @Test("A call whose time is over is not sent")
    func late() async {
        let echo = EchoServer()
        do throws(RPCError) {
            let _: EchoMessage = try await echo.client.unary(
                EchoMethods.say, EchoMessage("x"), RPCCallOptions(deadline: .after(.seconds(-1))))
            Issue.record("sent")
        } catch {
            #expect(error.isTimeout && error.requestWasNotSent)
        }
        #expect(echo.loopback.requests.isEmpty)
    }

    @Test("Errors come with code, message and details")
    func errors() async throws {
        var service = EchoService()
        service.say = { _, _ in
            throw RPCError(
                .resourceExhausted, "ünough", details: [.retryInfo(.seconds(2))], metadata: ["x-tail": "7"])
        }
        do throws(RPCError) {
            let _: EchoMessage = try await EchoServer(service).client.unary(EchoMethods.say, EchoMessage("x"))
            Issue.record("answered")
        } catch {
            #expect(error.code == .resourceExhausted)
            #expect(error.message == "ünough")
            #expect(error.retryAfter == .seconds(2))
            #expect(error.metadata["x-tail"] == "7")
            #expect(!error.requestWasNotSent)
            #expect(error.errorType == "RESOURCE_EXHAUSTED")
        }
    }

    @Test("What is no answer of gRPC becomes a status")
    func notGRPC() async {
        let html: HTTPFields = ["content-type": "text/html"]
        #expect(await Self.failure { _ in HTTPResponse(502, fields: html) }?.code == .unavailable)
        #expect(await Self.failure { _ in HTTPResponse(404, fields: html) }?.code == .unimplemented)
        #expect(await Self.failure { _ in HTTPResponse(.ok, fields: html) }?.code == .unknown)
        // A status of gRPC counts, whatever HTTP's.
        #expect(await Self.failure { _ in HTTPResponse(503, fields: ["grpc-status": "7"]) }?.code == .permissionDenied)
    }

    @Test("Answers that break the protocol are INTERNAL")
    func broken() async {
        let message = framed(EchoMessage("x"))
        let ok: HTTPFields = ["grpc-status": "0"]
        #expect(await Self.failure { _ in Self.response([message], nil) }?.code == .internal)
        #expect(await Self.failure { _ in Self.response([], ok) }?.code == .internal)
        #expect(await Self.failure { _ in Self.response([message, message], ok) }?.code == .internal)
        #expect(await Self.failure { _ in Self.response([Array(message.dropLast())], ok) }?.code == .internal)
        #expect(await Self.failure { _ in Self.response([message], ok, ["grpc-encoding": "br"]) }?.code == .internal)
        #expect(await Self.failure { _ in Self.response([framed([0xFF])], ok) }?.code == .internal)
        #expect(await Self.failure { _ in Self.response([message], ok) } == nil)
        // Behind a whole message the trailers still count.
        #expect(await Self.failure { _ in Self.response([message], ["grpc-status": "10"]) }?.code == .aborted)
    }

    @Test("An answer over the limit is refused, and given up")
    func limit() async {
        let body = FedBody()
        body.feed([0, 0, 0x41, 0, 0])
        let error = await Self.failure { _ in
            HTTPResponse(.ok, fields: ["content-type": "application/grpc"], body: .stream(body, length: nil))
        }
        #expect(error?.code == .resourceExhausted)
        #expect(body.isCancelled)
    }

    struct Broken: RPCTransportFailure {
        var requestWasNotSent = false
        var isTimeout = false
        var http2ResetCode: UInt32?
        var errorType = "broken"
    }

    @Test("Failures of the transport become a status, and say whether the call may be made again")
    func transport() async {
        func failure(_ error: Broken) async -> RPCError? { await Self.failure { _ in throw error } }
        let notSent = await failure(Broken(requestWasNotSent: true, errorType: "connect_failed"))
        #expect(notSent?.code == .unavailable)
        #expect(notSent?.requestWasNotSent == true)
        #expect(notSent?.errorType == "connect_failed")
        let late = await failure(Broken(isTimeout: true))
        #expect(late?.isTimeout == true)
        #expect(late?.errorType == "DEADLINE_EXCEEDED")
        let refused = await failure(Broken(http2ResetCode: 7))
        #expect(refused?.code == .unavailable)
        #expect(refused?.requestWasNotSent == true)
        let calm = await failure(Broken(http2ResetCode: 11))
        #expect(calm?.code == .resourceExhausted)
        #expect(calm?.requestWasNotSent == false)
        let lost = await failure(Broken())
        #expect(lost?.code == .unavailable)
        #expect(lost?.requestWasNotSent == false)
    }

    @Test("A caller that is cancelled gets CANCELLED, whatever the transport says")
    func cancelled() async {
        let begun = Event()
        let task = Task {
            await Self.failure { _ in
                begun.happen()
                do { try await sleepUntilCancelled() } catch { throw Broken() }
                return HTTPResponse(.ok)
            }
        }
        await begun.wait()
        task.cancel()
        #expect(await task.value?.code == .cancelled)
    }

    @Test("A body that breaks off is told as the transport tells it")
    func bodyBreaks() async {
        let body = FedBody()
        body.feed([0, 0])
        body.fail(Broken(isTimeout: true))
        let error = await Self.failure { _ in
            HTTPResponse(.ok, fields: ["content-type": "application/grpc"], body: .stream(body, length: nil))
        }
        #expect(error?.isTimeout == true)
    }

    @Test("gzip both ways")
    func gzip() async throws {
        let echo = EchoServer()
        let large = EchoMessage(String(repeating: "abc", count: 5_000))
        let answer: EchoMessage = try await echo.client.unary(
            EchoMethods.say, large, RPCCallOptions(compression: .gzip))
        #expect(answer == large)
        let request = try #require(echo.loopback.requests.first)
        #expect(request.fields["grpc-encoding"] == "gzip")
        #expect((request.body.length ?? 0) < 1_000)
    }

    @Test("The messages of a stream come in their order, then its end")
    func streaming() async throws {
        let stream: RPCResponseStream<EchoMessage> = try await EchoServer().client.serverStreaming(
            EchoMethods.count, EchoMessage("x", count: 50))
        var counts: [Int32] = []
        for try await message in stream { counts.append(message.count) }
        #expect(counts == Array(0..<50))
    }

    @Test("A stream of no messages ends; one with an error throws it behind the messages")
    func streamEnds() async throws {
        let empty: RPCResponseStream<EchoMessage> = try await EchoServer().client.serverStreaming(
            EchoMethods.count, EchoMessage("x"))
        var iterator = empty.makeAsyncIterator()
        #expect(try await iterator.next() == nil)
        #expect(try await iterator.next() == nil)
        var service = EchoService()
        service.count = { request, responses, _ in
            try await responses.write(request)
            throw RPCError(.outOfRange, "too far")
        }
        let echo = EchoServer(service)
        let failing: RPCResponseStream<EchoMessage> = try await echo.client.serverStreaming(
            EchoMethods.count, EchoMessage("x"))
        var second = failing.makeAsyncIterator()
        #expect(try await second.next() == EchoMessage("x"))
        do throws(RPCError) {
            _ = try await second.next()
            Issue.record("no error")
        } catch {
            #expect(error.code == .outOfRange)
        }
        #expect(echo.recorded.finishedSpans.filter { $0.kind == .client }.count == 1)
    }

    @Test("A stream that is dropped or given up cancels its handler, once, and its span says so")
    func givenUp() async throws {
        var service = EchoService()
        let ended = Event()
        service.count = { request, responses, _ in
            defer { ended.happen() }
            try await responses.write(request)
            try await sleepUntilCancelled()
        }
        let echo = EchoServer(service)
        do {
            let stream: RPCResponseStream<EchoMessage> = try await echo.client.serverStreaming(
                EchoMethods.count, EchoMessage("x"))
            var iterator = stream.makeAsyncIterator()
            #expect(try await iterator.next() == EchoMessage("x"))
            stream.cancel()
            stream.cancel()
        }
        await ended.wait()
        let clients = echo.recorded.finishedSpans.filter { $0.kind == .client }
        #expect(clients.map { $0["rpc.response.status_code"] } == [.string("CANCELLED")])
    }

    @Test("Interceptors may send again, each attempt with a span of its own")
    func retries() async throws {
        struct Twice: RPCClientInterceptor {
            func intercept(
                _ call: RPCClientCall, _ proceed: RPCClientProceed
            ) async throws(RPCError) -> RPCClientAnswer {
                do throws(RPCError) { return try await proceed(call) } catch {
                    var again = call
                    again.options.resendCount += 1
                    return try await proceed(again)
                }
            }
        }
        let count = Atomic<Int>(0)
        var service = EchoService()
        service.say = { message, _ in
            guard count.wrappingAdd(1, ordering: .relaxed).newValue > 1 else { throw RPCError(.unavailable, "busy") }
            return message
        }
        let echo = EchoServer(service, clientInterceptors: [Twice()])
        let answer: EchoMessage = try await echo.client.unary(EchoMethods.say, EchoMessage("x"))
        #expect(answer == EchoMessage("x"))
        // Spans come in the order of their threads.
        let attempts = echo.recorded.finishedSpans.filter { $0.kind == .client }.sorted {
            $0.startUnixNanoseconds < $1.startUnixNanoseconds
        }
        #expect(attempts.map { $0["rpc.response.status_code"] } == [.string("UNAVAILABLE"), .string("OK")])
        #expect(attempts.map { $0["shop.rpc.resend_count"] } == [nil, .int(1)])
    }
}
