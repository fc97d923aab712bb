import HTTPCore
import HTTPEngine
import NetworkIO

/// `vitrine healthcheck`: for container health checks and scripts, so that images need no curl.
enum HealthcheckCommand {
    static func run(_ arguments: [String]) async throws {
        let options = try Options(arguments, values: ["timeout"])
        try options.requireOperands(atMost: 1)
        let seconds = try options.integer("timeout", default: 5, in: 1...3_600)
        let url = try self.url(options.operands.first)
        guard let (endpoint, path) = self.split(url) else { throw UsageError("'\(url)' is not http://host:port/path") }
        let probe = try HealthProbe()
        let (status, body) = try await probe.get(endpoint, path, timeout: .seconds(seconds))
        print(body.isEmpty ? "\(status)" : body)
        if status != 200 { throw CommandFailure("\(url) answers \(status)") }
    }

    /// A URL as it was given; that of a role's readiness on this machine for its name; and for nothing that of the role
    /// which is process 1, as in a container.
    private static func url(_ operand: String?) throws -> String {
        if let operand, operand.contains("/") { return operand }
        let role: Role
        if let operand {
            guard let named = Role(operand) else { throw UsageError("'\(operand)' is neither a URL nor a role") }
            role = named
        } else {
            let arguments = (try SmallFile.read("/proc/1/cmdline") ?? "").split(separator: "\0").dropFirst()
            guard arguments.first == "serve", let first = arguments.dropFirst().first, let own = Role(String(first))
            else { throw UsageError("which URL, or which role? Process 1 is none") }
            role = own
        }
        let port = ProcessEnvironment.current()["VITRINE_ADMIN_PORT"] ?? ""
        return "http://127.0.0.1:\(port.isEmpty ? String(role.defaultAdminPort) : port)/health/ready"
    }

    static func split(_ url: String) -> (HTTPEndpoint, String)? {
        guard url.hasPrefix("http://") else { return nil }
        let slash = url.dropFirst(7).firstIndex(of: "/") ?? url.endIndex
        guard let endpoint = HTTPEndpoint(url: String(url[..<slash])) else { return nil }
        return (endpoint, slash == url.endIndex ? "/" : String(url[slash...]))
    }
}

/// Asks health endpoints.
final class HealthProbe: Sendable {
    private let loops: EventLoopGroup
    private let resolver: NameResolver

    init() throws {
        self.loops = try EventLoopGroup(count: 1)
        self.resolver = NameResolver(executor: BlockingExecutor(name: "names", threads: 1, queueLimit: 16))
    }

    /// - Throws: `HTTPClientError` when there is no answer.
    func get(_ endpoint: HTTPEndpoint, _ path: String, timeout: Duration) async throws -> (status: Int, body: String) {
        let upstream = HTTPUpstream(
            name: "\(endpoint)", endpoints: [endpoint], loops: self.loops, resolver: self.resolver)
        var fields = HTTPFields()
        fields.append(.connection, "close")
        let response = try await upstream.send(HTTPRequest(.get, path, fields: fields), deadline: .after(timeout))
        let body = try await response.body.collect(upTo: 1 << 20)
        return (response.status.code, String(decoding: body, as: UTF8.self))
    }
}
