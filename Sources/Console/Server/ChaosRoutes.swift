import CSystem
import HTTPCore
import JSON
import Routing

/// `/console/v1/chaos` and `/console/v1/breakers`: experiments, faults, breakers and processes of the shop, as its own
/// admin listeners tell of them and take orders.
struct ChaosRoutes: Sendable {
    let admin: ShopAdmin
    /// Nil where there is nothing to run experiments against.
    let launcher: (any ExperimentLauncher)?

    private static let bodyBytesMax = 16 << 10
    private static let orders: Set<String> = ["open", "disable", "reset"]

    func register(on routes: inout RouteTable) {
        let base = "/console/v1"
        routes.add(.get, "\(base)/chaos", isObserved: false) { _, _ in await self.overview() }
        routes.add(.post, "\(base)/chaos/experiments/{name}", isObserved: false) { _, context in
            try self.start(try context.parameter("name"))
        }
        routes.add(.delete, "\(base)/chaos/experiments/{name}", isObserved: false) { _, context in
            self.launcher?.stop(try context.parameter("name"))
            return .noContent
        }
        routes.add(.post, "\(base)/chaos/faults", bodyBytesMax: Self.bodyBytesMax, isObserved: false) { request, _ in
            try await self.setFault(request)
        }
        routes.add(.delete, "\(base)/chaos/faults", isObserved: false) { _, _ in try await self.clear() }
        routes.add(.get, "\(base)/breakers/{service}/{name}/recording", isObserved: false) { _, context in
            let (service, name) = (try context.parameter("service"), try context.parameter("name"))
            let body = try await self.admin.ask(service, .get, "/breakers/\(Self.segment(name))/recording")
            return Self.answer(body)
        }
        routes.add(
            .post, "\(base)/breakers/{service}/{name}/{order}", bodyBytesMax: Self.bodyBytesMax, isObserved: false
        ) { request, context in
            let order = try context.parameter("order")
            guard Self.orders.contains(order) else {
                throw Problem.notFound("'\(order.prefix(32))' is none of disable, open, reset.")
            }
            let (service, name) = (try context.parameter("service"), try context.parameter("name"))
            let body = try await request.collect(upTo: Self.bodyBytesMax)
            return Self.answer(
                try await self.admin.ask(
                    service, .post, "/breakers/\(Self.segment(name))/\(order)", json: body.isEmpty ? nil : body))
        }
    }

    /// Names of breakers are of letters, digits, dots and dashes; what is not reaches no other path.
    private static func segment(_ text: String) -> String {
        String(text.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == ".") })
    }

    private static func answer(_ body: [UInt8], _ status: HTTPStatus = .ok) -> HTTPResponse {
        HTTPResponse(
            status, fields: [.contentType: "application/json", .cacheControl: "no-store"], body: .bytes(body))
    }

    private func start(_ name: String) throws -> HTTPResponse {
        guard let launcher = self.launcher else {
            throw Problem(.serviceUnavailable, code: "no-lab", detail: "Experiments run in a lab: start 'vitrine up'.")
        }
        guard launcher.experiments.contains(where: { $0.name == name }) else {
            throw Problem.notFound("There is no experiment '\(name.prefix(64))'.")
        }
        do { try launcher.start(name) } catch let refusal as LaunchRefusal {
            throw Problem.conflict("not-started", refusal.description)
        }
        return HTTPResponse(HTTPStatus(202), fields: .init(), body: .empty)
    }

    private func setFault(_ request: HTTPRequest) async throws -> HTTPResponse {
        let body: JSONValue
        do { body = try JSONValue(parsing: try await request.collect(upTo: Self.bodyBytesMax)) } catch let error
            as JSONParseError
        {
            throw Problem.badRequest("The body is not valid JSON: \(error.reason) at byte \(error.offset).")
        }
        guard let service = body["service"]?.string, let fault = body["fault"], fault.object != nil else {
            throw Problem.unprocessable([FieldError("fault", "must be an object, beside the name of a service")])
        }
        var json = JSONWriter()
        json.value(fault)
        return Self.answer(try await self.admin.ask(service, .post, "/faults", json: json.bytes), .created)
    }

    private func clear() async throws -> HTTPResponse {
        for entry in self.admin.services { _ = try await self.admin.ask(entry.service, .delete, "/faults") }
        return .noContent
    }

    // MARK: Overview

    private struct Seen: Sendable {
        let service: String
        let faults: [JSONValue]
        let breakers: [JSONValue]
    }

    /// What a service tells of itself; nothing where it does not answer.
    private func look(at service: String) async -> Seen {
        func list(_ path: String, _ key: String) async -> [JSONValue] {
            guard let body = try? await self.admin.ask(service, .get, path) else { return [] }
            return (try? JSONValue(parsing: body, limits: JSONLimits(documentBytesMax: 4 << 20)))?[key]?.array ?? []
        }
        async let faults = list("/faults", "faults")
        async let breakers = list("/breakers", "breakers")
        return Seen(service: service, faults: await faults, breakers: await breakers)
    }

    /// By service and breaker, their states now: what the overview draws at its edges.
    func breakerStates() async -> [(service: String, breaker: String, state: String)] {
        await self.lookAtAll().flatMap { seen in
            seen.breakers.compactMap { breaker in
                guard let name = breaker["breaker"]?.string, let state = breaker["state"]?.string else { return nil }
                return (seen.service, name, state)
            }
        }
    }

    private func lookAtAll() async -> [Seen] {
        await withTaskGroup(of: Seen.self) { group in
            for entry in self.admin.services { group.addTask { await self.look(at: entry.service) } }
            var all: [Seen] = []
            for await seen in group { all.append(seen) }
            return all.sorted { $0.service < $1.service }
        }
    }

    private func overview() async -> HTTPResponse {
        let seen = await self.lookAtAll()
        let processes = await self.processes()
        let state = self.launcher?.state ?? ExperimentState()
        let isAvailable = !self.admin.services.isEmpty
        let now = Int(vitrine_realtime_nanoseconds() / 1_000_000)
        return .json(fields: [.cacheControl: "no-store"], capacity: 8_192) { json in
            json.beginObject()
            json.field("is_available", isAvailable)
            json.field("reason", isAvailable ? "" : "This console was not told where the shop's admin ports are.")
            Self.write(self.launcher?.experiments ?? [], to: &json)
            Self.write(state, to: &json)
            json.key("faults")
            json.beginArray()
            for service in seen {
                for fault in service.faults { Self.write(fault, of: service.service, now: now, to: &json) }
            }
            json.endArray()
            json.key("breakers")
            json.beginArray()
            for service in seen {
                for breaker in service.breakers { Self.write(breaker, breakerOf: service.service, to: &json) }
            }
            json.endArray()
            json.key("processes")
            json.beginArray()
            for process in processes {
                json.beginObject()
                json.field("name", process["process"]?.string ?? "")
                json.field("service", process["service"]?.string ?? "")
                json.field("state", process["state"]?.string ?? "")
                json.endObject()
            }
            json.endArray()
            json.endObject()
        }
    }

    private func processes() async -> [JSONValue] {
        guard self.admin.lab != nil, let body = try? await self.admin.askLab(.get, "/processes") else { return [] }
        return (try? JSONValue(parsing: body, limits: JSONLimits(documentBytesMax: 4 << 20)))?["processes"]?.array ?? []
    }

    private static func write(_ experiments: [ShippedExperiment], to json: inout JSONWriter) {
        json.key("experiments")
        json.beginArray()
        for experiment in experiments {
            json.beginObject()
            json.field("name", experiment.name)
            json.field("title", experiment.title)
            json.field("description", experiment.text)
            json.field("seconds_max", experiment.secondsMax)
            json.endObject()
        }
        json.endArray()
    }

    private static func write(_ state: ExperimentState, to json: inout JSONWriter) {
        json.key("running")
        if let running = state.running {
            json.beginObject()
            json.field("name", running.name)
            json.field("phase", running.phase)
            json.field("since_ms", running.since)
            json.endObject()
        } else {
            json.null()
        }
        json.key("last")
        if let last = state.last {
            json.beginObject()
            json.field("name", last.name)
            json.field("verdict", last.verdict)
            json.field("ended_ms", last.at)
            json.endObject()
        } else {
            json.null()
        }
    }

    /// A fault as the service tells of it, and in words.
    private static func write(_ fault: JSONValue, of service: String, now: Int, to json: inout JSONWriter) {
        let kind = fault["kind"]?.string ?? ""
        let point = fault["point"]?.string ?? ""
        let upstream = fault["upstream"]?.string.map { " towards \($0)" } ?? ""
        json.beginObject()
        json.field("service", service)
        json.field("id", fault["id"]?.string ?? "")
        json.field("kind", kind)
        json.field("point", point)
        json.field("text", "\(kind) at \(service)'s \(point)\(upstream)")
        json.field("ends_ms", now + Int((fault["remaining_seconds"]?.double ?? 0) * 1_000))
        json.field("injections", fault["injections"]?.int ?? 0)
        json.endObject()
    }

    private static func write(_ breaker: JSONValue, breakerOf service: String, to json: inout JSONWriter) {
        json.beginObject()
        json.field("service", service)
        json.field("name", breaker["breaker"]?.string ?? "")
        json.field("state", breaker["state"]?.string ?? "")
        json.field("error_ratio", breaker["window"]?["failure_ratio"]?.double ?? 0)
        json.field("slow_ratio", breaker["window"]?["slow_ratio"]?.double ?? 0)
        json.field("calls", breaker["window"]?["calls"]?.int ?? 0)
        json.field("open_remaining_ms", breaker["open_remaining_ms"]?.int ?? 0)
        if let trace = breaker["tripped_by_trace"]?.string { json.field("tripped_by_trace", trace) }
        json.endObject()
    }
}
