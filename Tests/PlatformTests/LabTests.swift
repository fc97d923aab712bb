import Glibc
import HTTPCore
import HTTPEngine
import NetworkIO
import ServiceTesting
import TelemetryTesting
import Synchronization
import Testing

/// `vitrine up` as a person runs it: processes of their own, a terminal's Ctrl-C, and a `kill -9`.
@Suite("The lab", .timeLimit(.minutes(5)), .serialized)
struct LabTests {
    @Test("It starts, answers, starts a killed service again, and stops without an orphan")
    func lifeOfALab() async throws {
        let lab = try LabProcess()
        #expect(await lab.output(contains: "Vitrine is running"))
        let probe = try LabClient(port: lab.portBase)
        #expect(try await probe.status("/api/v1/products?limit=1") == 200)

        let product = try #require(lab.children().first { $0.arguments.hasSuffix("serve product") })
        kill(product.pid, SIGKILL)
        // Until it is back the gateway gives an older answer, or says when to come again, and nothing else fails.
        let meanwhile = try await probe.first { _ in true }
        #expect(meanwhile.status.code == 200 || meanwhile.fields[.retryAfter] != nil)
        #expect(try await probe.status("/api/v1/auth/jwks") == 200)
        let back = try await probe.first { $0.status.code == 200 && $0.fields[.warning] == nil }
        #expect(back.status.code == 200)
        #expect(await lab.output(contains: "product (pid \(product.pid)) was ended by signal 9"))
        let second = try #require(lab.children().first { $0.arguments.hasSuffix("serve product") })
        #expect(second.pid != product.pid)

        let children = lab.children().map(\.pid)
        #expect(children.count == 6)
        let before = ContinuousClock.now
        kill(lab.pid, SIGINT)
        #expect(await lab.ended() == 0)
        #expect(before.duration(to: .now) < .seconds(10))
        for child in children { #expect(kill(child, 0) != 0, "process \(child) is left over") }
    }

    @Test("A busy port and a second lab in the same folder are one clear line each")
    func refusals() async throws {
        let listener = try EventLoopGroup(count: 1)
        let folder = TemporaryFolder()
        let base = FreePorts.base()
        let busy = try HTTPServer(
            address: try #require(SocketAddress(numericHost: "127.0.0.1", port: base + 2)), loops: listener.traffic,
            responder: Nobody())
        let refused = try LabProcess(folder: folder, portBase: base)
        #expect(await refused.ended() == 1)
        let text = refused.everything()
        #expect(text.contains("port \(base + 2) (product) cannot be used: Address already in use"))
        #expect(text.split(separator: "\n").count == 1)
        await busy.drain(within: .seconds(1))
        listener.stop()

        let first = try LabProcess(folder: folder, portBase: base)
        #expect(await first.output(contains: "Vitrine is running"))
        let second = try LabProcess(folder: folder, portBase: FreePorts.base())
        #expect(await second.ended() == 1)
        #expect(second.everything().contains("another 'vitrine up' runs in \(folder.path)"))
        kill(first.pid, SIGTERM)
        #expect(await first.ended() == 0)
    }

    @Test("A killed supervisor takes its services with it")
    func killedSupervisor() async throws {
        let lab = try LabProcess()
        #expect(await lab.output(contains: "Vitrine is running"))
        let children = lab.children().map(\.pid)
        kill(lab.pid, SIGKILL)
        _ = await lab.ended()
        // The kernel tells them of the death; they drain and go.
        for child in children { #expect(await ProcessWatch.gone(child), "process \(child) is left over") }
    }

    private struct Nobody: HTTPResponder {
        func respond(to request: HTTPRequest) async -> HTTPResponse { HTTPResponse(404, fields: .init(), body: .empty) }
    }
}
