import HTTPCore
import RPC
import Telemetry
import TelemetryTesting
import Testing

@testable import RPC

@Suite("What calls leave behind")
struct RPCTelemetryTests {
    private static func labels(_ code: String, _ error: String = "", method: String = "vitrine.test.Echo/Say")
        -> [String: String]
    {
        // A label without a value is left out.
        [
            "rpc_system_name": "grpc", "rpc_method": method, "rpc_response_status_code": code, "error_type": error,
        ].filter { !$0.value.isEmpty }
    }

    @Test("The server's span lies below the client's, both named by the method, and say the same")
    func tree() async throws {
        let echo = EchoServer()
        try await echo.recorded.tracer.withSpan("work") { _ in
            let _: EchoMessage = try await echo.client.unary(EchoMethods.say, EchoMessage("x"))
        }
        let tree = try #require(echo.recorded.spanTrees.first)
        #expect(echo.recorded.spanTrees.count == 1)
        #expect(tree.outline == "work\n  vitrine.test.Echo/Say\n    vitrine.test.Echo/Say")
        #expect(tree.isConsistent)
        let client = tree.children[0].span
        let server = tree.children[0].children[0].span
        #expect(client.kind == .client && server.kind == .server)
        #expect(server.parentIsRemote)
        for span in [client, server] {
            #expect(span["rpc.system.name"] == .string("grpc"))
            #expect(span["rpc.method"] == .string("vitrine.test.Echo/Say"))
            #expect(span["rpc.response.status_code"] == .string("OK"))
            #expect(span["error.type"] == nil)
            #expect(span.status == .unset)
        }
        #expect(client["server.address"] == .string("echo.test"))
        #expect(client["server.port"] == .int(8_002))
    }

    @Test("A client's span is in error for every status but OK, a server's for its own faults alone")
    func status() async throws {
        for code in RPCCode.allCases where code != .ok {
            let echo = EchoServer()
            await #expect(throws: RPCError.self) {
                let _: EchoMessage = try await echo.client.unary(
                    EchoMethods.fail, EchoMessage("why", count: Int32(code.rawValue)))
            }
            let spans = echo.recorded.finishedSpans
            let client = try #require(spans.first { $0.kind == .client })
            let server = try #require(spans.first { $0.kind == .server })
            #expect(client.status == .error("why"))
            #expect(server.status == (code.isServerFault ? .error("why") : .unset))
            for span in [client, server] { #expect(span["error.type"] == .string(code.name)) }
            let level = code.isServerFault ? "rpc failed" : "\"rpc\""
            #expect(echo.recorded.logLines.contains { $0.contains(level) })
        }
    }

    @Test("Both histograms count by method, status and type of error")
    func series() async throws {
        let echo = EchoServer()
        for _ in 0..<3 { let _: EchoMessage = try await echo.client.unary(EchoMethods.say, EchoMessage("x")) }
        await #expect(throws: RPCError.self) {
            let _: EchoMessage = try await echo.client.unary(EchoMethods.fail, EchoMessage("x", count: 5))
        }
        for side in ["server", "client"] {
            let name = "rpc_\(side)_call_duration_seconds_count"
            #expect(try echo.recorded.value(name, Self.labels("OK")) == 3)
            let failed = Self.labels("NOT_FOUND", "NOT_FOUND", method: "vitrine.test.Echo/Fail")
            #expect(try echo.recorded.value(name, failed) == 1)
        }
        let bounds = try echo.recorded.samples().series("rpc_server_call_duration_seconds_bucket").compactMap {
            $0.labels["le"]
        }
        #expect(Set(bounds).count == 15)
    }

    @Test("A method nobody knows is _OTHER, so that no stranger makes series")
    func unknown() async throws {
        let echo = EchoServer()
        for name in ["a", "b", "c"] {
            let method = RPCMethod(service: "made.up", name: name, kind: .unary)
            _ = await echo.server.respond(to: EchoServer.request(method, .empty))
        }
        let series = try echo.recorded.samples().series("rpc_server_call_duration_seconds_count")
        #expect(series.map(\.labels) == [Self.labels("UNIMPLEMENTED", "UNIMPLEMENTED", method: "_OTHER")])
        #expect(echo.recorded.finishedSpans.map(\.name) == ["grpc", "grpc", "grpc"])
        #expect(echo.recorded.finishedSpans[0]["rpc.method_original"] == .string("made.up/a"))
    }

    @Test("Trace context and baggage travel as metadata, and the handler's spans lie below the call's")
    func context() async throws {
        var service = EchoService()
        let recorded = TestTelemetry()
        service.say = { _, context in
            #expect(TelemetryContext.current.span === context.span)
            let synthetic = TelemetryContext.current.baggage["user_agent.synthetic.type"]
            return context.telemetry.tracer.withSpan("inner") { _ in EchoMessage(synthetic ?? "none") }
        }
        let echo = EchoServer(service)
        let context = TelemetryContext(baggage: Baggage.empty.setting("user_agent.synthetic.type", "test"))
        let answer: EchoMessage = try await TelemetryContext.$current.withValue(context) {
            try await echo.client.unary(EchoMethods.say, EchoMessage("x"))
        }
        #expect(answer.text == "test")
        #expect(echo.recorded.spanTrees[0].edges.last == "vitrine.test.Echo/Say → inner")
        let server = try #require(echo.recorded.finishedSpans.first { $0.kind == .server })
        #expect(server["user_agent.synthetic.type"] == .string("test"))
        #expect(recorded.finishedSpans.isEmpty)
    }

    @Test("Several trace contexts are as good as none")
    func severalParents() async throws {
        let echo = EchoServer()
        let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        let body = HTTPBody.bytes(framed(EchoMessage("x")))
        _ = try await echo.status(EchoServer.request(body, ["traceparent": parent]))
        _ = try await echo.status(EchoServer.request(body, ["traceparent": parent, "traceparent": parent]))
        // Spans come in the order of their threads.
        let spans = echo.recorded.finishedSpans.sorted { $0.startUnixNanoseconds < $1.startUnixNanoseconds }
        #expect(spans.map(\.parentIsRemote) == [true, false])
    }

    @Test("The log line and the span of a call carry only what the catalogue declares")
    func declared() async throws {
        let echo = EchoServer()
        let _: EchoMessage = try await echo.client.unary(
            EchoMethods.say, EchoMessage("x"), RPCCallOptions(resendCount: 1))
        _ = await echo.server.respond(to: EchoServer.request(RPCMethod(service: "a", name: "b", kind: .unary), .empty))
        let catalogue = TelemetryCatalogue.rpc
        for span in echo.recorded.finishedSpans {
            let descriptor = try #require(catalogue.spans.first { $0.kind == span.kind })
            let known = Set(descriptor.attributes.map(\.key))
            #expect(known.isSuperset(of: span.attributes.map(\.key)))
        }
        #expect(Set(catalogue.logEvents.map(\.message)) == ["rpc", "rpc failed"])
    }

    @Test("Probes make no span, no line and no series; what they call neither")
    func probes() async throws {
        let health = RPCHealth()
        let echo = EchoServer(health: health)
        let check = GRPCHealthV1.HealthDescriptor.check
        #expect(try await echo.status(EchoServer.request(check, .bytes(framed([])))).code == "0")
        #expect(echo.recorded.finishedSpans.isEmpty)
        #expect(echo.recorded.logLines.isEmpty)
        #expect(try echo.recorded.samples().series("rpc_server_call_duration_seconds_count").isEmpty)
    }
}
