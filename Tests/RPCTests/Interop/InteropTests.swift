import HTTP2
import HTTPCore
public import HTTPEngine
import NetworkIO
import Protobuf
public import RPC
import Synchronization
import Telemetry
import TelemetryTesting
import Testing

/// What whoever puts client and transport together declares.
extension HTTPClientError: RPCTransportFailure {}

/// Our server and our client against gRPC's own stack in Python.
@Suite("Interoperation with Python's gRPC", .serialized)
struct InteropTests {
    /// Runs `body` on a thread of its own, because reading a pipe blocks.
    private static func blocking<T: Sendable>(_ body: @escaping @Sendable () -> T) async throws -> T {
        let executor = BlockingExecutor(name: "python", threads: 1, queueLimit: 1)
        defer { executor.close() }
        return try await executor.run { body() }
    }

    // MARK: Our server

    private static func service(_ hanging: SharedCount, _ health: RPCHealth) -> EchoService {
        struct Unforeseen: Error { let text = "secret" }
        @Sendable func hang() async throws {
            hanging.add(1)
            defer { hanging.add(-1) }
            try await sleepUntilCancelled()
        }
        var service = EchoService()
        service.say = { request, context in
            switch request.text {
            case "hang": try await hang()
            case "hanging": return EchoMessage("", count: Int32(hanging.value))
            case "unforeseen": throw Unforeseen()
            case "watched": health.set(.notServing, for: "watched")
            case "details":
                throw RPCError(
                    .failedPrecondition, "Not enough.",
                    details: [
                        .errorInfo(reason: "OUT_OF_STOCK", domain: "test", metadata: ["left": "3"]),
                        .retryInfo(.milliseconds(1_500)),
                        .badRequest([.init(field: "lines[0].quantity", description: "too many")]),
                        .preconditionFailure([.init(type: "STOCK", subject: "items[0]", description: "3 left")]),
                        .quotaFailure([.init(subject: "client", description: "all used")]),
                    ])
            case "metadata":
                for value in context.metadata.values(of: "x-text") {
                    try context.responseMetadata.append("x-text", value)
                }
                for value in context.metadata.binaryValues(of: "x-bytes-bin") {
                    try context.trailingMetadata.append("x-bytes-bin", binary: value)
                }
            default: break
            }
            return request
        }
        service.count = { request, responses, _ in
            for number in 0..<request.count { try await responses.write(EchoMessage(request.text, count: number)) }
            if request.text == "hang" { try await hang() }
        }
        return service
    }

    @Test("Its client calls our server", .timeLimit(.minutes(2)))
    func server() async throws {
        let hanging = SharedCount()
        let health = RPCHealth()
        health.set(.serving, for: EchoMethods.service)
        var rpc = RPCServerConfiguration()
        rpc.executor = { EventLoop.current }
        let echo = EchoServer(Self.service(hanging, health), configuration: rpc, health: health)
        let loops = [try EventLoop(index: 0, name: "server"), try EventLoop(index: 1, name: "server")]
        defer { for loop in loops { loop.stop() } }
        let server = try HTTPServer(
            address: try #require(SocketAddress(numericHost: "127.0.0.1", port: 0)), loops: loops,
            responder: echo.server)
        let port = server.address.port
        let (output, status) = try await Self.blocking { () -> (String, Int32) in
            guard let python = try? PythonProcess(script: "client.py", [String(port)]) else { return ("", -1) }
            return (python.readAll(), python.wait())
        }
        #expect(status == 0, "\(output)")
        let held = output.split(separator: "\n").compactMap { line in
            line.hasPrefix("holds: ") ? String(line.dropFirst(7)) : nil
        }
        #expect(
            held == [
                "unary", "at_once", "server_streaming", "client_streaming", "bidirectional", "deadline",
                "cancellation", "errors", "error_details", "metadata", "compression", "large", "unknown_method",
                "health", "reflection", "keepalive",
            ], "\(output)")
        health.close()
        #expect(await server.drain(within: .seconds(5)) == 0)
        #expect(hanging.value == 0)
    }

    // MARK: Our client

    /// Runs the Python server for the time of `body`.
    private static func withPythonServer(_ body: (RPCClient, PythonProcess) async throws -> Void) async throws {
        let python = try PythonProcess(script: "server.py")
        let line = try await Self.blocking { python.readLine() }
        let port = try #require(line.flatMap { Int($0) }, "\(line ?? "it ended")")
        let group = try EventLoopGroup(count: 1)
        let names = BlockingExecutor(name: "names", threads: 1, queueLimit: 16)
        let upstream = HTTP2Upstream(
            name: "python", endpoints: [HTTPEndpoint(host: "127.0.0.1", port: port)], loops: group,
            resolver: NameResolver(executor: names))
        let client = RPCClient(
            transport: upstream, serverAddress: "127.0.0.1", serverPort: port,
            telemetry: TestTelemetry().telemetry)
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body(client, python)) } catch { outcome = .failure(error) }
        group.stop()
        names.close()
        // It ends with its input; should it not, it is ended.
        let watch = Task {
            try await Task.sleep(for: .seconds(10))
            python.kill()
        }
        let status = try await Self.blocking { python.wait() }
        watch.cancel()
        try outcome.get()
        #expect(status == 0)
    }

    private static func say(
        _ client: RPCClient, _ message: EchoMessage, _ options: RPCCallOptions = .init()
    ) async throws(RPCError) -> EchoMessage {
        try await client.unary(EchoMethods.say, message, options)
    }

    private static func failure<T: Sendable>(
        _ body: () async throws(RPCError) -> T
    ) async -> RPCError? {
        do throws(RPCError) {
            _ = try await body()
            return nil
        } catch {
            return error
        }
    }

    @Test("Our client calls its server", .timeLimit(.minutes(2)))
    func client() async throws {
        try await Self.withPythonServer { client, python in
            try await Self.messages(client)
            try await Self.streams(client)
            try await Self.ends(client)
            try await Self.errors(client)
            try await Self.sizes(client)
            try await Self.health(client, python)
        }
    }

    private static func messages(_ client: RPCClient) async throws {
        #expect(try await self.say(client, EchoMessage("grüße", count: 7)) == EchoMessage("grüße", count: 7))
        try await withThrowingTaskGroup(of: Int32.self) { group in
            for number in 0..<200 {
                group.addTask { try await self.say(client, EchoMessage("", count: Int32(number))).count }
            }
            var sum: Int32 = 0
            for try await count in group { sum += count }
            #expect(sum == 19_900)
        }
    }

    private static func streams(_ client: RPCClient) async throws {
        let stream: RPCResponseStream<EchoMessage> = try await client.serverStreaming(
            EchoMethods.count, EchoMessage("x", count: 1_000))
        var counts: [Int32] = []
        for try await message in stream { counts.append(message.count) }
        #expect(counts == Array(0..<1_000))
        let failing: RPCResponseStream<EchoMessage> = try await client.serverStreaming(
            EchoMethods.count, EchoMessage("fail", count: 3))
        var seen = 0
        let error = await self.failure { () async throws(RPCError) -> Int in
            for try await _ in failing { seen += 1 }
            return seen
        }
        #expect(seen == 3)
        #expect(error?.code == .outOfRange)
        #expect(error?.message == "too far")
    }

    /// How many handlers hang, until they are as many.
    private static func wait(_ client: RPCClient, forHanging count: Int32) async throws {
        while try await self.say(client, EchoMessage("hanging")).count != count { await Task.yield() }
    }

    private static func ends(_ client: RPCClient) async throws {
        let late = await self.failure { () async throws(RPCError) -> EchoMessage in
            try await self.say(client, EchoMessage("hang"), RPCCallOptions(deadline: .after(.milliseconds(200))))
        }
        #expect(late?.isTimeout == true)
        #expect(late?.requestWasNotSent == false)
        try await self.wait(client, forHanging: 0)
        let remaining = try await self.say(
            client, EchoMessage("deadline"), RPCCallOptions(deadline: .after(.seconds(5))))
        #expect((2_000...5_000).contains(remaining.count))
        let call = Task {
            await self.failure { () async throws(RPCError) in try await self.say(client, EchoMessage("hang")) }
        }
        try await self.wait(client, forHanging: 1)
        call.cancel()
        #expect(await call.value?.code == .cancelled)
        try await self.wait(client, forHanging: 0)
        let stream: RPCResponseStream<EchoMessage> = try await client.serverStreaming(
            EchoMethods.count, EchoMessage("hang", count: 1))
        var iterator = stream.makeAsyncIterator()
        #expect(try await iterator.next()?.count == 0)
        try await self.wait(client, forHanging: 1)
        stream.cancel()
        try await self.wait(client, forHanging: 0)
    }

    private static func errors(_ client: RPCClient) async throws {
        for code in RPCCode.allCases where code != .ok {
            let error = await self.failure { () async throws(RPCError) -> EchoMessage in
                try await client.unary(EchoMethods.fail, EchoMessage("für 50%\n", count: Int32(code.rawValue)))
            }
            #expect(error?.code == code)
            #expect(error?.message == "für 50%\n")
        }
        let detailed = await self.failure { () async throws(RPCError) in
            try await self.say(client, EchoMessage("details"))
        }
        #expect(detailed?.code == .failedPrecondition)
        #expect(detailed?.message == "Not enough: ä")
        #expect(detailed?.detail(GoogleRPC.ErrorInfo.self)?.metadata == ["left": "3"])
        #expect(detailed?.retryAfter == .milliseconds(1_500))
        let defect = await self.failure { () async throws(RPCError) in try await self.say(client, EchoMessage("raise"))
        }
        #expect(defect?.code == .unknown)
        let missing = await self.failure { () async throws(RPCError) -> EchoMessage in
            try await client.unary(
                RPCMethod(service: EchoMethods.service, name: "Nothing", kind: .unary), EchoMessage("x"))
        }
        #expect(missing?.code == .unimplemented)
    }

    private static func sizes(_ client: RPCClient) async throws {
        var metadata = RPCMetadata()
        try metadata.append("x-text", "some text")
        try metadata.append("x-bytes-bin", binary: (0...255).map { UInt8($0) })
        _ = try await self.say(client, EchoMessage("metadata"), RPCCallOptions(metadata: metadata))
        let text = String(repeating: "compressible ", count: 10_000)
        #expect(try await self.say(client, EchoMessage(text), RPCCallOptions(compression: .gzip)).text == text)
        let large = EchoMessage(String(repeating: "x", count: 4_000_000))
        #expect(try await self.say(client, large) == large)
        let refused = await self.failure { () async throws(RPCError) in
            try await self.say(client, large, RPCCallOptions(messageBytesMax: 1_000_000))
        }
        #expect(refused?.code == .resourceExhausted)
    }

    private static func health(_ client: RPCClient, _ python: PythonProcess) async throws {
        let health = GRPCHealthV1.HealthClient(client)
        #expect(try await health.check(.init()).status == .serving)
        let missing = await self.failure { () async throws(RPCError) in
            try await health.check(.init(service: "no.Such"))
        }
        #expect(missing?.code == .notFound)
        let watch = try await health.watch(.init())
        var iterator = watch.makeAsyncIterator()
        #expect(try await iterator.next()?.status == .serving)
        python.say("NOT_SERVING")
        #expect(try await iterator.next()?.status == .notServing)
        watch.cancel()
    }
}

/// A number that handlers share.
private final class SharedCount: Sendable {
    private let number = Atomic<Int>(0)
    var value: Int { self.number.load(ordering: .sequentiallyConsistent) }
    func add(_ amount: Int) { self.number.wrappingAdd(amount, ordering: .sequentiallyConsistent) }
}
