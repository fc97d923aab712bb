import HTTPCore
import JSON
import Lab
import Routing
import ServiceKit

/// `/experiments`: what runs against the lab, as whoever runs it announces it.
///
/// `POST /experiments/{name}` with `{"seconds": 90}` begins one, which is given up after that time; `DELETE` with
/// `{"verdict": "passed"}`, or `failed` or `aborted`, ends it.
struct ExperimentRoutes {
    let books: LabBooks
    let token: InternalToken

    private static let bodyBytesMax = 4_096

    func register(on routes: inout RouteTable) {
        routes.add(.get, "/experiments", isObserved: false) { _, _ in self.list() }
        routes.add(.post, "/experiments/{name}", bodyBytesMax: Self.bodyBytesMax, isObserved: false) {
            try self.token.require(of: $0)
            try await self.begin($0, $1)
            return self.list()
        }
        routes.add(.delete, "/experiments/{name}", bodyBytesMax: Self.bodyBytesMax, isObserved: false) {
            try self.token.require(of: $0)
            try await self.end($0, $1)
            return self.list()
        }
    }

    private func begin(_ request: HTTPRequest, _ context: RequestContext) async throws {
        let name = try Self.name(context)
        let bytes = try await request.collect(upTo: Self.bodyBytesMax)
        let body: JSONValue
        do { body = try JSONValue(parsing: bytes) } catch {
            throw Problem.badRequest("The body is not valid JSON: \(error.reason) at byte \(error.offset).")
        }
        let duration = try LabSeconds.read(body, atMost: ExperimentBook.secondsMax)
        do { try self.books.begin(name, for: duration) } catch { throw Self.problem(error, name) }
    }

    private func end(_ request: HTTPRequest, _ context: RequestContext) async throws {
        let name = try Self.name(context)
        var payload = try await request.payload(context)
        if !payload.has("verdict") { payload.reject("verdict", "is required") }
        let verdict = payload.choice("verdict", of: LabVerdict.self)
        try payload.validate()
        do { try self.books.end(name, verdict ?? .aborted) } catch { throw Self.problem(error, name) }
    }

    private static func name(_ context: RequestContext) throws -> ExperimentName {
        guard let name = ExperimentName(try context.parameter("name")) else {
            throw Problem.unprocessable([
                FieldError("name", "must be 1 to \(ExperimentName.lengthMax) of a to z, 0 to 9 and -")
            ])
        }
        return name
    }

    private static func problem(_ refusal: ExperimentBook.Refusal, _ name: ExperimentName) -> Problem {
        switch refusal {
        case .full(let reason): .conflict("too-many-experiments", "\(reason).")
        case .notActive: .notFound("No experiment \(name) runs.")
        }
    }

    private func list() -> HTTPResponse {
        let experiments = self.books.experiments()
        return .json(fields: [.cacheControl: "no-store"]) { json in
            json.beginObject()
            json.key("experiments")
            json.beginArray()
            for (name, record) in experiments {
                json.beginObject()
                json.field("experiment", name.description)
                json.field("active", record.until != nil)
                for verdict in LabVerdict.allCases {
                    json.key(escaping: verdict.rawValue)
                    json.value(record.count(of: verdict))
                }
                json.endObject()
            }
            json.endArray()
            json.endObject()
        }
    }
}
