import HTTPCore
import HTTPEngine
import JSON
import NetworkIO
import ServiceKit
import ShellTesting
import Telemetry
import Testing

@testable import Console

/// What others send.
@Suite("OpenTelemetry's own SDK sends to the console", .timeLimit(.minutes(3)))
struct InteropTests {
    @Test("Python's trace, log record and metrics come in whole, as Protobuf with gzip")
    func python() async throws {
        let environment = ["VITRINE_PORT": "0", "VITRINE_ADMIN_PORT": "0", "VITRINE_CONSOLE_OTLP_PORT": "0"]
        let store = TelemetryStore(StoreLimits(memoryBytesMax: 8 << 20))
        let console = try RunningConsole.start(
            ConsoleSettings(ConfigReader(environment)), pages: ShippedPages(), launcher: nil,
            telemetry: .disabled(), version: "test", store: store)
        let port = console.receiverAddress.port
        let run = Shell.run(
            """
            python=$(sh '\(Repository.root)/scripts/python-venv.sh') &&
            "$python" '\(Repository.root)/Tests/ConsoleTests/Interop/send.py' http://127.0.0.1:\(port)
            """)
        try #require(run.status == 0, "\(run.errors)")
        let id = try #require(TraceID(hex: String(run.text.prefix(32))))
        let tree = try #require(
            store.read { state in state.traces.trace(id).map { TraceTree($0, state.traces.tables) } })
        #expect(tree.spans.map(\.name) == ["outer", "inner"])
        #expect(tree.spans.map(\.kind) == [.server, .internal])
        #expect(tree.spans[0].attributes["numbers"] == .array([.int(1), .int(2), .int(3)]))
        #expect(tree.spans[1].parentID == tree.spans[0].spanID)
        #expect(tree.spans[1].status == .error)
        #expect(tree.spans[1].statusMessage == "broken")
        #expect(tree.spans[1].events.first?.attributes["ratio"] == .double(0.5))
        #expect(tree.spans[1].links.first?.spanID == tree.spans[0].spanID)
        #expect(tree.spans[1].resource.service == "python")
        #expect(tree.spans[1].scope == ReceivedScope(name: "shop", version: "1.0"))
        let logs = store.read { $0.logs.newest(10) { $0.traceID == id } }
        #expect(logs.map(\.body) == ["it broke"])
        #expect(logs.first?.spanID == tree.spans[1].spanID.rawValue)
        let metrics = store.read { $0.metrics.names }
        #expect(metrics.isSuperset(of: ["orders", "took"]))
        await console.stop()
    }
}
