import Chaos
import Glibc
import HTTPCore
import HTTPEngine
import JSON
import Lab
import NetworkIO
import ServiceKit
import Synchronization
import TelemetryTesting

@testable import vitrine

/// The control of a lab over a real socket, and processes that are only written in a table.
final class LabControlFixture: Sendable {
    static let token = "the lab's own secret"

    let processes = TableOfProcesses()
    private let printer = Printer()
    private let control: LabControl
    private let loops: EventLoopGroup
    private let endpoint: HTTPEndpoint

    init() throws {
        self.loops = try EventLoopGroup(count: 1)
        let printer = self.printer
        self.control = try LabControl(
            port: 0, processes: self.processes, token: Self.token, telemetry: try ScrapedTelemetry.make("lab", [:])
        ) { printer.print($0) }
        guard let endpoint = HTTPEndpoint(url: self.control.url) else { throw CannotRun("\(self.control.url)") }
        self.endpoint = endpoint
    }

    /// What was printed of alerts.
    var printed: [String] { self.printer.lines.withLock { $0 } }

    /// A client with the token, as `vitrine chaos` has it.
    func driver() throws -> LabDriver {
        LabDriver(control: self.endpoint, client: try AdminClient(token: Self.token))
    }

    /// - Parameter token: nil for none.
    func call(
        _ method: HTTPMethod, _ path: String, _ body: String? = nil, token: String? = LabControlFixture.token,
        type: String? = "application/json"
    ) async throws -> (status: Int, text: String) {
        var fields = HTTPFields()
        if let token { fields.append(.xInternalToken, token) }
        if let type, body != nil { fields.append(.contentType, type) }
        let upstream = HTTPUpstream(
            name: "control", endpoints: [self.endpoint], loops: self.loops,
            resolver: NameResolver(executor: BlockingExecutor(name: "names", threads: 1, queueLimit: 4)))
        let request = HTTPRequest(
            method, path, fields: fields, body: body.map { HTTPBody.bytes(Array($0.utf8)) } ?? .empty)
        let response = try await upstream.send(request, deadline: .after(.seconds(10)))
        return (response.status.code, String(decoding: try await response.body.collect(upTo: 16 << 20), as: UTF8.self))
    }

    func json(_ path: String) async throws -> JSONValue {
        try JSONValue(parsing: try await self.call(.get, path, token: nil).text)
    }

    func scrape() async throws -> PrometheusText {
        try PrometheusText(parsing: try await self.call(.get, "/metrics", token: nil).text)
    }

    func stop() async {
        await self.control.stop()
        self.loops.stop()
    }

    private final class Printer: Sendable {
        let lines = Mutex<[String]>([])
        func print(_ line: String) { self.lines.withLock { $0.append(line) } }
    }
}

/// A lab whose processes are entries of its table.
final class TableOfProcesses: LabProcesses {
    private let table: Mutex<ProcessTable>

    init() {
        var table = ProcessTable()
        table.started(.service(ServiceInstance(.product)), pid: 7, now: .now)
        table.started(.prometheus, pid: 8, now: .now)
        table.allAreReady()
        self.table = Mutex(table)
    }

    var entries: [ProcessTable.Entry] { self.table.withLock { $0.entries } }

    func description() -> [UInt8] {
        LabDocument.bytes(self.entries, LabTopology(environment: [:]), control: nil, now: .now)
    }

    func ask(
        _ request: LabRequest, of member: LabMember, for duration: Duration, label: String
    ) throws(ProcessTable.Refusal) {
        try self.table.withLock { table throws(ProcessTable.Refusal) in
            _ = try table.ask(request, of: member, for: duration, now: .now)
        }
    }
}
