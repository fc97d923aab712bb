import HTTPCore
import Protobuf
import RPC
import Testing

@testable import RPC

@Suite("Health")
struct HealthTests {
    private static func check(_ echo: EchoServer, _ service: String) async throws(RPCError) -> Int32 {
        let answer: GRPCHealthV1.HealthCheckResponse = try await echo.client.unary(
            GRPCHealthV1.HealthDescriptor.check,
            GRPCHealthV1.HealthCheckRequest(service: service))
        return answer.status.rawValue
    }

    @Test("The status is what was set; a service nobody set is NOT_FOUND")
    func check() async throws {
        let health = RPCHealth(overall: .notServing)
        let echo = EchoServer(health: health)
        #expect(try await Self.check(echo, "") == 2)
        health.set(.serving)
        health.set(.notServing, for: "a.B")
        #expect(try await Self.check(echo, "") == 1)
        #expect(try await Self.check(echo, "a.B") == 2)
        do throws(RPCError) {
            _ = try await Self.check(echo, "no.Such")
            Issue.record("known")
        } catch {
            #expect(error.code == .notFound)
        }
        let list: GRPCHealthV1.HealthListResponse = try await echo.client.unary(
            GRPCHealthV1.HealthDescriptor.list, GRPCHealthV1.HealthListRequest())
        #expect(list.statuses.mapValues(\.status.rawValue) == ["": 1, "a.B": 2])
    }

    @Test("A watch tells the status, each change, and ends with the server")
    func watch() async throws {
        let health = RPCHealth()
        let echo = EchoServer(health: health)
        let stream: RPCResponseStream<GRPCHealthV1.HealthCheckResponse> = try await echo.client.serverStreaming(
            GRPCHealthV1.HealthDescriptor.watch,
            GRPCHealthV1.HealthCheckRequest(service: "a.B"))
        var iterator = stream.makeAsyncIterator()
        #expect(try await iterator.next()?.status.rawValue == 3)
        health.set(.serving, for: "a.B")
        #expect(try await iterator.next()?.status.rawValue == 1)
        health.set(.serving, for: "a.B")
        health.set(.notServing)
        health.set(.notServing, for: "a.B")
        #expect(try await iterator.next()?.status.rawValue == 2)
        health.set(.serving, for: "a.B")
        #expect(try await iterator.next()?.status.rawValue == 1)
        health.close()
        #expect(try await iterator.next()?.status.rawValue == 2)
        do throws(RPCError) {
            _ = try await iterator.next()
            Issue.record("goes on")
        } catch {
            #expect(error.code == .unavailable)
        }
        health.set(.serving, for: "a.B")
        #expect(health.status(of: "a.B") == .notServing)
    }

    @Test("A watch that is given up leaves nobody waiting")
    func givenUp() async throws {
        let health = RPCHealth()
        let task = Task { await health.waitForChange(of: "", from: .serving) }
        task.cancel()
        await task.value
        let never = Task { await health.waitForChange(of: "", from: .notServing) }
        await never.value
    }
}

@Suite("Reflection")
struct ReflectionTests {
    private static func ask(
        _ questions: [GRPCReflectionV1.ServerReflectionRequest.MessageRequest], version: String = "v1"
    ) async throws -> [GRPCReflectionV1.ServerReflectionResponse] {
        let echo = EchoServer(health: RPCHealth())
        let method = RPCMethod(
            service: "grpc.reflection.\(version).ServerReflection", name: "ServerReflectionInfo", kind: .bidirectional)
        let body = questions.flatMap { framed(GRPCReflectionV1.ServerReflectionRequest(messageRequest: $0).bytes) }
        let (_, bytes, trailers) = try await echo.answer(EchoServer.request(method, .bytes(body)))
        #expect(trailers["grpc-status"] == "0")
        let input = RPCMessageInput(.bytes(bytes), compression: .identity, limit: 1 << 20)
        var answers: [GRPCReflectionV1.ServerReflectionResponse] = []
        while let payload = try await input.next() {
            answers.append(try RPCMessageCoding.decode(GRPCReflectionV1.ServerReflectionResponse.self, payload))
        }
        return answers
    }

    @Test("All services are listed, in both versions", arguments: ["v1", "v1alpha"])
    func list(version: String) async throws {
        let answers = try await Self.ask([.listServices("")], version: version)
        #expect(
            answers[0].services == [
                "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
                "grpc.reflection.v1alpha.ServerReflection", "vitrine.test.Echo",
            ])
        #expect(answers[0].originalRequest?.messageRequest == .listServices(""))
    }

    @Test("A file comes with all that it imports, found by its name and by all that it declares")
    func files() async throws {
        let symbols = [
            "vitrine.test.Message", "vitrine.test.Message.text", "vitrine.test.Message.Inner",
            "vitrine.test.Message.Inner.Mood", "vitrine.test.Message.Inner.GLAD", "vitrine.test.Colour",
            "vitrine.test.RED", "vitrine.test.Echo", "vitrine.test.Echo.Say",
        ]
        let answers = try await Self.ask(
            [.fileByFilename("vitrine/test/echo.proto")] + symbols.map { .fileContainingSymbol($0) })
        #expect(answers.count == symbols.count + 1)
        for answer in answers {
            #expect(answer.files == [EchoMethods.file.bytes, EchoMethods.common.bytes])
        }
        let imported = try await Self.ask([
            .fileByFilename("vitrine/test/common.proto"), .fileContainingSymbol("vitrine.test.Common"),
        ])
        for answer in imported { #expect(answer.files == [EchoMethods.common.bytes]) }
        let own = try await Self.ask([.fileContainingSymbol("grpc.health.v1.HealthCheckResponse.SERVING")])
        #expect(own[0].files?.count == 1)
    }

    @Test("What is not there is NOT_FOUND in the answer, and the stream goes on")
    func missing() async throws {
        var which = GRPCReflectionV1.ExtensionRequest()
        which.containingType = "vitrine.test.Message"
        which.extensionNumber = 100
        let answers = try await Self.ask([
            .fileByFilename("no.proto"), .fileContainingSymbol("no.Such"), .fileContainingSymbol("vitrine.test"),
            .fileContainingExtension(which), .allExtensionNumbersOfType("vitrine.test.Message"), .listServices(""),
        ])
        #expect(answers.map { $0.errorCode } == [5, 5, 5, 5, 5, nil])
    }
}

extension GRPCReflectionV1.ServerReflectionResponse {
    fileprivate var services: [String]? {
        guard case .listServicesResponse(let list) = self.messageResponse else { return nil }
        return list.service.map(\.name)
    }
    fileprivate var files: [[UInt8]]? {
        guard case .fileDescriptorResponse(let list) = self.messageResponse else { return nil }
        return list.fileDescriptorProto
    }
    fileprivate var errorCode: Int32? {
        guard case .errorResponse(let error) = self.messageResponse else { return nil }
        return error.errorCode
    }
}
