import Glibc
import HTTPCore
import Routing
import ServiceKit
import ServiceTesting
import TelemetryTesting
import Testing

@Suite("Services called in process")
struct InProcessServiceTests {
    private struct EchoService: ShopService {
        static var name: ServiceName { .product }
        init(platform: ServicePlatform) async throws {}
        func register(on routes: inout RouteTable) {
            routes.post("/echo", access: .authenticated) { request, context in
                let body = try await request.body.collect(upTo: 1_024)
                var fields = HTTPFields()
                fields[.contentType] = request.fields[.contentType]
                fields.append(.location, context.identity?.userID ?? "")
                return HTTPResponse(.created, fields: fields, body: .bytes(body))
            }
        }
    }

    private func service() async throws -> (InProcessService, TestPlatform) {
        let platform = try TestPlatform(.product)
        let service = InProcessService(
            try await EchoService(platform: platform.platform), telemetry: platform.telemetry,
            identities: ["t": PipelineFixture.customer])
        return (service, platform)
    }

    @Test("A request passes the whole pipeline, with the internal token and the bearer it was given")
    func sends() async throws {
        let (service, _) = try await self.service()
        let answer = try await service.send(.post, "/echo", token: "t", body: "{}")
        #expect(answer.status == 201)
        #expect(answer.body == "{}")
        #expect(answer.fields[.contentType] == "application/json")
        #expect(answer.fields[.location] == PipelineFixture.customer.userID)
        #expect(service.telemetry.span(named: "POST /echo") != nil)
        #expect(try await service.send(.post, "/echo", token: "unknown").status == 401)
        #expect(try await service.send(.post, "/echo").status == 401)
    }

    @Test("A content type of the test's own is kept")
    func contentType() async throws {
        let (service, _) = try await self.service()
        let answer = try await service.send(
            .post, "/echo", token: "t", fields: [.contentType: "text/plain"], body: "x")
        #expect(answer.fields.values(of: .contentType) == ["text/plain"])
    }

    @Test("A temporary folder goes with everything in it, and nothing beside it")
    func temporaryFolder() throws {
        var path = ""
        let kept = TemporaryFolder()
        do {
            let folder = TemporaryFolder()
            path = folder.path
            #expect(mkdir(path + "/inner", 0o700) == 0)
            #expect(symlink(kept.path, path + "/inner/link") == 0)
            let file = fopen(path + "/inner/file", "w")
            #expect(file != nil)
            if let file { fclose(file) }
            withExtendedLifetime(folder) { #expect(access(path, F_OK) == 0) }
        }
        #expect(access(path, F_OK) != 0)
        #expect(access(kept.path, F_OK) == 0)
    }
}
