import HTTPCore
import HTTPEngine
import JSON
import NetworkIO
import ServiceKit

/// The supervisor's own listener, on loopback at a port that `lab.json` names: kill, hold, pause, release, restart.
///
/// `GET /processes` answers what `lab.json` holds; `POST /processes/{process}/{request}` does something, with a body
/// like `{"seconds": 20, "label": "chaos"}` where it lasts. The supervisor itself keeps the time, so that a hold ends
/// though whoever asked for it is long dead. Every call bears the lab's internal token.
final class LabControl: Sendable {
    let url: String
    private let loop: EventLoop
    private let server: HTTPServer

    /// The longest a process can be held or paused.
    static let secondsMax = 600

    init(supervisor: Supervisor, token: String) throws {
        self.loop = try EventLoop(index: 0, name: "control")
        guard let address = SocketAddress(numericHost: "127.0.0.1", port: 0) else {
            throw CommandFailure("127.0.0.1 is no address")
        }
        self.server = try HTTPServer(
            address: address, loops: [self.loop],
            responder: LabControlResponder(supervisor: supervisor, token: InternalToken(token)))
        self.url = "http://127.0.0.1:\(self.server.address.port)"
    }

    func stop() { self.loop.stop() }
}

/// Translates requests; decides nothing.
private struct LabControlResponder: HTTPResponder {
    let supervisor: Supervisor
    let token: InternalToken

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        guard self.token.isBorne(by: request.fields) else {
            return self.refuse(401, "x-internal-token is missing or wrong")
        }
        let parts = request.path.split(separator: "/").map(String.init)
        guard parts.first == "processes" else { return self.refuse(404, "there is /processes only") }
        switch (request.method, parts.count) {
        case (.get, 1): return self.processes()
        case (.post, 3): return await self.ask(parts[1], parts[2], request)
        default: return self.refuse(404, "GET /processes, or POST /processes/{process}/{request}")
        }
    }

    private func processes() -> HTTPResponse {
        HTTPResponse(200, fields: Self.json, body: .bytes(self.supervisor.description()))
    }

    private func ask(_ process: String, _ verb: String, _ request: HTTPRequest) async -> HTTPResponse {
        guard let asked = ProcessTable.Request(rawValue: verb) else {
            let known = ProcessTable.Request.allCases.map(\.rawValue).joined(separator: ", ")
            return self.refuse(404, "'\(verb)' is none of \(known)")
        }
        guard let member = self.supervisor.entries.first(where: { "\($0.member)" == process })?.member else {
            return self.refuse(404, "there is no process '\(process)'")
        }
        let body: JSONValue
        do {
            let bytes = try await request.body.collect(upTo: 4_096)
            body = bytes.isEmpty ? .object([:]) : try JSONValue(parsing: bytes)
        } catch {
            return self.refuse(400, "\(error)")
        }
        var duration = Duration.zero
        if asked.isTimed {
            guard let seconds = body["seconds"]?.double, seconds > 0, seconds <= Double(LabControl.secondsMax) else {
                return self.refuse(422, "seconds must be above 0 and at most \(LabControl.secondsMax)")
            }
            duration = .milliseconds(Int(seconds * 1_000))
        }
        let label = String((body["label"]?.string ?? "").prefix(100).filter { $0.isASCII && !$0.isNewline })
        do {
            try self.supervisor.ask(asked, of: member, for: duration, label: label)
        } catch {
            return self.refuse(409, error.reason)
        }
        return self.processes()
    }

    private func refuse(_ status: HTTPStatus, _ reason: String) -> HTTPResponse {
        var json = JSONWriter()
        json.beginObject()
        json.field("error", reason)
        json.endObject()
        return HTTPResponse(status, fields: Self.json, body: .bytes(json.bytes))
    }

    private static let json: HTTPFields = {
        var fields = HTTPFields()
        fields.append(.contentType, "application/json")
        return fields
    }()
}
