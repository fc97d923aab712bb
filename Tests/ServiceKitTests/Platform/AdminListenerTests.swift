import HTTPCore
import HTTPEngine
import JSON
import NetworkIO
import TelemetryTesting
import Testing

@testable import ServiceKit

@Suite("The listener of a process that is no service", .timeLimit(.minutes(1)))
struct AdminListenerTests {
    private let telemetry = TestTelemetry(serviceName: "visitor")

    private func upstream(_ address: SocketAddress, _ loops: EventLoopGroup) -> HTTPUpstream {
        HTTPUpstream(
            name: "visitor", endpoints: [HTTPEndpoint(host: address.host, port: address.port)], loops: loops,
            resolver: NameResolver(executor: BlockingExecutor(name: "names", threads: 1, queueLimit: 4)))
    }

    @Test("It answers health and metrics on loopback, nothing else, and leaves no trace of that in the telemetry")
    func answers() async throws {
        let listener = try AdminListener("visitor", version: "7", port: 0, telemetry: self.telemetry.telemetry)
        #expect(listener.address.host == "127.0.0.1")
        let loops = try EventLoopGroup(count: 1)
        let upstream = self.upstream(listener.address, loops)
        func get(_ path: String, accept: String? = nil) async throws -> (status: Int, type: String?, body: [UInt8]) {
            var fields = HTTPFields()
            fields[.accept] = accept
            let response = try await upstream.send(
                HTTPRequest(.get, path, fields: fields), deadline: .after(.seconds(10)))
            let body = try await response.body.collect(upTo: 1 << 20)
            return (response.status.code, response.fields[.contentType], body)
        }
        #expect(try await get("/health/live").status == 200)
        let ready = try await get("/health/ready")
        #expect(ready.status == 200)
        #expect(try JSONValue(parsing: ready.body)["service"]?.string == "visitor")
        let text = try await get("/metrics")
        #expect(text.type == "text/plain; version=0.0.4; charset=utf-8")
        let metrics = try PrometheusText(parsing: String(decoding: text.body, as: UTF8.self))
        #expect(metrics.families["process_threads"] != nil)
        let open = try await get("/metrics", accept: "application/openmetrics-text")
        #expect(try PrometheusText(parsing: String(decoding: open.body, as: UTF8.self)).isOpenMetrics)
        #expect(try await get("/faults").status == 404)
        #expect(try await get("/").status == 404)

        #expect(self.telemetry.finishedSpans.isEmpty)
        #expect(self.telemetry.logLines.isEmpty)
        #expect(metrics.families.keys.allSatisfy { !$0.hasPrefix("http_") })
        await listener.stop()
        loops.stop()
    }

    @Test("A port that is taken is refused in one line")
    func takenPort() async throws {
        let first = try AdminListener("first", version: "7", port: 0, telemetry: self.telemetry.telemetry)
        let port = first.address.port
        let refusal = #expect(throws: StartError.self) {
            try AdminListener("second", version: "7", port: port, telemetry: self.telemetry.telemetry)
        }
        #expect(refusal?.description == "cannot listen on 127.0.0.1:\(port): bind: Address already in use")
        await first.stop()
    }
}
