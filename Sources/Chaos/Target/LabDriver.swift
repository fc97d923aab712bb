import HTTPCore
public import HTTPEngine
import JSON

/// Reaches processes through the lab's supervisor, which keeps the time of holds and pauses itself.
public struct LabDriver: ProcessDriver {
    let control: HTTPEndpoint
    let client: AdminClient

    /// - Parameter control: the supervisor's listener, from `lab.json`.
    public init(control: HTTPEndpoint, client: AdminClient) {
        self.control = control
        self.client = client
    }

    public func perform(_ request: ProcessRequest, process: String, seconds: Double) async throws {
        try await self.ask(request.rawValue, process, seconds: request.isTimed ? seconds : nil)
    }

    public func releaseAll() async throws {
        let bytes = try await self.client.require(.get, self.control, "/processes")
        let document = try JSONValue(parsing: bytes)
        for entry in document["processes"]?.array ?? [] {
            guard let process = entry["process"]?.string, let state = entry["state"]?.string else { continue }
            if state == "held" || state == "paused" { try await self.ask("release", process, seconds: nil) }
        }
    }

    public func began(_ experiment: String, seconds: Double) async throws {
        var json = JSONWriter()
        json.beginObject()
        json.field("seconds", seconds)
        json.endObject()
        try await self.client.require(.post, self.control, "/experiments/\(experiment)", json: json.bytes)
    }

    public func ended(_ experiment: String, _ verdict: RunReport.Verdict) async throws {
        let word =
            switch verdict {
            case .passed: "passed"
            case .failed: "failed"
            case .interrupted, .cannotRun: "aborted"
            }
        var json = JSONWriter()
        json.beginObject()
        json.field("verdict", word)
        json.endObject()
        try await self.client.require(.delete, self.control, "/experiments/\(experiment)", json: json.bytes)
    }

    private func ask(_ verb: String, _ process: String, seconds: Double?) async throws {
        var json = JSONWriter()
        json.beginObject()
        if let seconds { json.field("seconds", seconds) }
        json.field("label", "vitrine chaos")
        json.endObject()
        try await self.client.require(.post, self.control, "/processes/\(process)/\(verb)", json: json.bytes)
    }
}

/// What `lab.json` says of a running lab.
public struct LabFile: Sendable {
    public let gateway: HTTPEndpoint
    public let control: HTTPEndpoint
    public let instances: [Target.Instance]

    /// - Throws: `CannotRun` when it is not what a lab writes.
    public init(parsing bytes: [UInt8]) throws(CannotRun) {
        let document: JSONValue
        do { document = try JSONValue(parsing: bytes) } catch { throw CannotRun("lab.json: \(error)") }
        guard let gateway = document["gateway"]?.string.flatMap(HTTPEndpoint.init(url:)),
            let control = document["control"]?.string.flatMap(HTTPEndpoint.init(url:)),
            let processes = document["processes"]?.array
        else { throw CannotRun("lab.json lacks gateway, control or processes") }
        self.gateway = gateway
        self.control = control
        self.instances = processes.compactMap { entry in
            guard let process = entry["process"]?.string, let service = entry["service"]?.string,
                let number = entry["instance"]?.int, let port = entry["admin_port"]?.int
            else { return nil }
            return Target.Instance(
                process: process, service: service, number: number,
                admin: HTTPEndpoint(host: "127.0.0.1", port: port))
        }
    }
}
