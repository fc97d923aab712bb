import HTTPCore
import JSON
import Lab
import Routing
import ServiceKit

/// `/processes`: what runs, and kill, hold, pause, release, restart.
///
/// `GET /processes` answers what `lab.json` holds; `POST /processes/{process}/{request}` does something, with a body
/// like `{"seconds": 20, "label": "chaos"}` where it lasts. The supervisor itself keeps the time, so that a hold ends
/// though whoever asked for it is long dead.
struct ProcessRoutes {
    let processes: any LabProcesses
    let token: InternalToken

    /// The longest a process can be held or paused.
    static let secondsMax = 600
    private static let bodyBytesMax = 4_096

    func register(on routes: inout RouteTable) {
        routes.add(.get, "/processes", isObserved: false) { request, _ in
            try self.token.require(of: request)
            return self.list()
        }
        routes.add(.post, "/processes/{process}/{request}", isObserved: false) { request, context in
            try self.token.require(of: request)
            try await self.ask(request, context)
            return self.list()
        }
    }

    private func list() -> HTTPResponse {
        HTTPResponse(.ok, fields: [.contentType: "application/json"], body: .bytes(self.processes.description()))
    }

    private func ask(_ request: HTTPRequest, _ context: RequestContext) async throws {
        let verb = try context.parameter("request")
        guard let asked = LabRequest(rawValue: verb) else {
            let known = LabRequest.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem.notFound("'\(verb.prefix(32))' is none of \(known).")
        }
        let process = try context.parameter("process")
        guard let member = self.processes.entries.first(where: { "\($0.member)" == process })?.member else {
            throw Problem.notFound("There is no process '\(process.prefix(32))'.")
        }
        let body = try await Self.body(request)
        let duration = asked.isTimed ? try LabSeconds.read(body, atMost: Self.secondsMax) : .zero
        let label = String((body["label"]?.string ?? "").prefix(100).filter { $0.isASCII && !$0.isNewline })
        do {
            try self.processes.ask(asked, of: member, for: duration, label: label)
        } catch {
            throw Problem.conflict("process-state", error.reason)
        }
    }

    /// An object; an empty one where nothing was sent.
    private static func body(_ request: HTTPRequest) async throws -> JSONValue {
        let bytes = try await request.collect(upTo: self.bodyBytesMax)
        if bytes.isEmpty { return .object([:]) }
        do { return try JSONValue(parsing: bytes) } catch {
            throw Problem.badRequest("The body is not valid JSON: \(error.reason) at byte \(error.offset).")
        }
    }
}

/// `{"seconds": 20}`, fractions allowed.
enum LabSeconds {
    /// - Throws: `Problem` 422 where it is missing, 0 or less, or above `limit`.
    static func read(_ body: JSONValue, atMost limit: Int) throws -> Duration {
        guard let seconds = body["seconds"]?.double, seconds > 0, seconds <= Double(limit) else {
            throw Problem.unprocessable([FieldError("seconds", "must be above 0 and at most \(limit)")])
        }
        return .milliseconds(Int(seconds * 1_000))
    }
}
