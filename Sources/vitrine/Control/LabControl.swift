import HTTPCore
import Lab
import NetworkIO
import Routing
import ServiceKit
import Telemetry

/// The processes of a lab, as its control sees them.
protocol LabProcesses: Sendable {
    var entries: [ProcessTable.Entry] { get }
    /// What `lab.json` says, without the control itself.
    func description() -> [UInt8]
    /// Does to a process what someone asks; see `ProcessTable.ask`.
    func ask(
        _ request: LabRequest, of member: LabMember, for duration: Duration, label: String
    ) throws(ProcessTable.Refusal)
}

/// The supervisor's own listener, on loopback at a port that `lab.json` names.
///
/// It does things to processes (`ProcessRoutes`), is told of experiments (`ExperimentRoutes`) and of alerts
/// (`AlertRoutes`), and has `/metrics` and `/health` like every process. What changes the lab needs its internal token.
final class LabControl: Sendable {
    let url: String
    private let listener: AdminListener

    /// - Parameters:
    ///   - port: of 127.0.0.1; 0 for any free one.
    ///   - books: what it is told is kept there.
    ///   - onAlert: told of every alert that begins or ends, a line each.
    /// - Throws: `StartError` for a port that is taken.
    init(
        port: Int, processes: any LabProcesses, token: String, telemetry: Telemetry, books: LabBooks = LabBooks(),
        onAlert: @escaping @Sendable (String) -> Void
    ) throws {
        LabTelemetry.register(telemetry.metrics, books: books) { processes.entries }
        let token = InternalToken(token)
        self.listener = try AdminListener(
            LabTelemetry.processName, version: Version.current, port: port, telemetry: telemetry
        ) { routes in
            ProcessRoutes(processes: processes, token: token).register(on: &routes)
            ExperimentRoutes(books: books, token: token).register(on: &routes)
            AlertRoutes(books: books, onAlert: onAlert).register(on: &routes)
        }
        self.url = "http://127.0.0.1:\(self.listener.address.port)"
    }

    func stop() async { await self.listener.stop() }
}

extension InternalToken {
    /// - Throws: `Problem` 403.
    func require(of request: HTTPRequest) throws {
        guard self.isBorne(by: request.fields) else {
            throw Problem.forbidden("This needs the lab's own token, as x-internal-token.")
        }
    }
}
