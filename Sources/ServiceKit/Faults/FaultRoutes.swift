import CSystem
import Faults
import HTTPCore
import JSON
import Routing

/// `/faults` of the admin listener.
///
/// Looking is free; setting and clearing need the internal token, and fault injection to be switched on.
struct FaultRoutes: Sendable {
    let service: ServiceName
    /// Nil where `VITRINE_FAULTS` is off.
    let control: FaultControl?
    private let token: InternalToken

    private static let bodyBytesMax = 16 << 10

    init(service: ServiceName, control: FaultControl?, internalToken: String) {
        self.service = service
        self.control = control
        self.token = InternalToken(internalToken)
    }

    func register(on routes: inout RouteTable) {
        routes.add(.get, "/faults", isObserved: false) { _, _ in self.list() }
        routes.add(.post, "/faults", isObserved: false) { request, _ in try await self.set(request) }
        routes.add(.delete, "/faults", isObserved: false) { request, _ in
            let cleared = try self.authorize(request).clearAll()
            return .json { writer in
                writer.beginObject()
                writer.field("cleared", cleared.count)
                writer.endObject()
            }
        }
        routes.add(.delete, "/faults/{id}", isObserved: false) { request, context in
            let control = try self.authorize(request)
            let id = try context.parameter("id")
            guard let fault = control.clear(id) else { throw Problem.notFound("No fault \(id.prefix(32)) is set.") }
            return Self.answer(.ok, fault)
        }
    }

    private func list() -> HTTPResponse {
        let now = vitrine_monotonic_nanoseconds()
        return .json(fields: [.cacheControl: "no-store"]) { writer in
            writer.beginObject()
            writer.field("enabled", self.control != nil)
            writer.field("service", self.service.rawValue)
            writer.key("faults")
            writer.beginArray()
            for fault in self.control?.registry.faults ?? [] { fault.write(to: &writer, now: now) }
            writer.endArray()
            writer.endObject()
        }
    }

    private func set(_ request: HTTPRequest) async throws -> HTTPResponse {
        let control = try self.authorize(request)
        let wanted = try Self.parse(try await request.collect(upTo: Self.bodyBytesMax))
        try self.check(wanted.spec)
        do {
            return Self.answer(.created, try control.set(wanted))
        } catch FaultRefusal.full(let limit) {
            throw Problem.conflict("too-many-faults", "\(limit) faults are set, and no more can be. Clear one.")
        } catch FaultRefusal.tooMuchMemory(let limit) {
            throw Problem.unprocessable([
                FieldError("mebibytes", "must not come to more than \(limit) together with the other faults")
            ])
        }
    }

    /// - Throws: `Problem` 403 without the right token, 409 where fault injection is off.
    private func authorize(_ request: HTTPRequest) throws -> FaultControl {
        guard self.token.isBorne(by: request.fields) else {
            throw Problem.forbidden("Setting and clearing faults needs the platform's own token.")
        }
        guard let control = self.control else {
            throw Problem.conflict(
                "faults-disabled",
                "Fault injection is off in this process. VITRINE_FAULTS=1 switches it on at its start.")
        }
        return control
    }

    private static func parse(_ bytes: [UInt8]) throws -> FaultRequest {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw Problem.badRequest("The body is not valid JSON: \(error.reason) at byte \(error.offset).")
        }
        guard let object = value.object else { throw Problem.badRequest("The body must be a JSON object.") }
        do {
            return try FaultRequest(object)
        } catch {
            throw Problem.unprocessable(error.mistakes.map { FieldError($0.field, $0.message) })
        }
    }

    /// What would never be met in this process is refused: a mistake, most likely, and better said than waited for.
    private func check(_ spec: FaultSpec) throws {
        var errors: [FieldError] = []
        if let upstream = spec.upstream, ServiceName(rawValue: upstream) == nil {
            let names = ServiceName.allCases.map(\.rawValue).joined(separator: ", ")
            errors.append(FieldError("upstream", "must be one of \(names)"))
        }
        switch spec.point {
        case .payment where self.service != .order:
            errors.append(FieldError("point", "payment is at the order service alone"))
        case .database where self.service == .gateway:
            errors.append(FieldError("point", "the gateway has no database"))
        default: break
        }
        if !errors.isEmpty { throw Problem.unprocessable(errors) }
    }

    private static func answer(_ status: HTTPStatus, _ fault: ActiveFault) -> HTTPResponse {
        .json(status, fields: [.cacheControl: "no-store"]) { writer in
            fault.write(to: &writer, now: vitrine_monotonic_nanoseconds())
        }
    }
}
