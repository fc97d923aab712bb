import Glibc
import HTTPCore
import HTTPEngine
import JSON
import NetworkIO
import Synchronization
import Testing

/// A lab that is up, a browser, and somebody who calls the shop.
final class ConsoleVisit: Sendable {
    let lab: LabProcess
    let browser: Browser
    private let loops: EventLoopGroup
    private let resolver = NameResolver(executor: BlockingExecutor(name: "names", threads: 1, queueLimit: 4))

    init() async throws {
        self.lab = try LabProcess(options: [], isMonitored: true)
        self.loops = try EventLoopGroup(count: 1)
        self.browser = try await Browser()
        #expect(await self.lab.output(contains: "Ctrl-C stops everything"), "\(self.lab.everything())")
    }

    /// Whether the lab has been waited for, so that its number may be another's by now.
    private let isOver = Atomic(false)

    deinit {
        // A test that broke off has not left.
        if !self.isOver.load(ordering: .relaxed) { kill(self.lab.pid, SIGINT) }
        self.loops.stop()
    }

    var page: String { "http://127.0.0.1:\(self.lab.portBase + 5)" }

    func show(_ route: String) async throws { try await self.browser.open("\(self.page)/#/\(route)") }

    func send(
        _ port: Int, _ method: HTTPMethod, _ target: String, _ fields: HTTPFields = [:], json: String? = nil
    ) async throws -> (status: Int, fields: HTTPFields, json: JSONValue) {
        let upstream = HTTPUpstream(
            name: "any", endpoints: [HTTPEndpoint(host: "127.0.0.1", port: port)], loops: self.loops,
            resolver: self.resolver)
        var fields = fields
        if json != nil { fields.append(.contentType, "application/json") }
        let request = HTTPRequest(
            method, target, fields: fields, body: json.map { .bytes(Array($0.utf8)) } ?? .empty)
        let response = try await upstream.send(request, deadline: .after(.seconds(20)))
        let body = try await response.body.collect(upTo: 8 << 20)
        upstream.closeIdle()
        return (response.status.code, response.fields, (try? JSONValue(parsing: body)) ?? .null)
    }

    /// Until Prometheus holds so many samples of each target.
    func wait(forScrapes count: Int) async throws {
        let target = "/api/v1/query?query=min(count_over_time(up%7Bjob%3D%22vitrine%22%7D%5B10m%5D))"
        for _ in 0..<600 {
            let answer = try await self.send(self.lab.portBase + 1_090, .get, target)
            let text = answer.json["data"]?["result"]?.array?.first?["value"]?.array?.last?.string
            if let text, let seen = Int(text), seen >= count { return }
            Glibc.poll(nil, 0, 100)
        }
        Issue.record("Prometheus did not scrape \(count) times within a minute")
    }

    func leave() async {
        await self.browser.close()
        kill(self.lab.pid, SIGINT)
        self.isOver.store(true, ordering: .relaxed)
        #expect(await self.lab.ended() == 0, "\(self.lab.everything())")
    }
}
