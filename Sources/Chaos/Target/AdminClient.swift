public import HTTPCore
public import HTTPEngine
import JSON
import NetworkIO
import Synchronization

/// Asks admin listeners, with the internal token.
public final class AdminClient: Sendable {
    private let token: String
    private let loops: EventLoopGroup
    private let resolver: NameResolver
    private let upstreams = Mutex<[HTTPEndpoint: HTTPUpstream]>([:])

    /// The largest answer that is read, in bytes.
    static let answerBytesMax = 8 << 20

    public init(token: String) throws {
        self.token = token
        self.loops = try EventLoopGroup(count: 1)
        self.resolver = NameResolver(executor: BlockingExecutor(name: "names", threads: 1, queueLimit: 64))
    }

    deinit { self.loops.stop() }

    /// Sends a request and gathers the answer.
    ///
    /// - Throws: `HTTPClientError` when there is none.
    public func send(
        _ method: HTTPMethod, _ endpoint: HTTPEndpoint, _ path: String, json: [UInt8]? = nil,
        within timeout: Duration = .seconds(2)
    ) async throws -> (status: Int, body: [UInt8]) {
        var fields = HTTPFields()
        fields.append("x-internal-token", self.token)
        if json != nil { fields.append(.contentType, "application/json") }
        let request = HTTPRequest(method, path, fields: fields, body: json.map(HTTPBody.bytes) ?? .empty)
        let upstream = self.upstreams.withLock { upstreams in
            if let known = upstreams[endpoint] { return known }
            let made = HTTPUpstream(
                name: "\(endpoint)", endpoints: [endpoint], loops: self.loops, resolver: self.resolver)
            upstreams[endpoint] = made
            return made
        }
        let response = try await upstream.send(request, deadline: .after(timeout))
        return (response.status.code, try await response.body.collect(upTo: Self.answerBytesMax))
    }

    /// Sends a request that must succeed.
    ///
    /// - Throws: `CannotRun` with what the other side said.
    @discardableResult
    func require(
        _ method: HTTPMethod, _ endpoint: HTTPEndpoint, _ path: String, json: [UInt8]? = nil
    ) async throws -> [UInt8] {
        let answer: (status: Int, body: [UInt8])
        do { answer = try await self.send(method, endpoint, path, json: json) } catch {
            throw CannotRun("\(method) \(path): \(error)")
        }
        guard (200..<300).contains(answer.status) else {
            let said = String(decoding: answer.body.prefix(300), as: UTF8.self)
            throw CannotRun("\(method) \(path) at \(endpoint) answers \(answer.status): \(said)")
        }
        return answer.body
    }
}
