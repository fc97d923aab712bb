import CSystem
import Chaos
import HTTPCore
import HTTPEngine
import JSON
import NetworkIO

/// The shop's load: interim.
struct ShopLoad: LoadSource {
    let gateway: HTTPEndpoint

    /// The load of an experiment's plan, and its probing shopper.
    static func make(_ experiment: Experiment, gateway: HTTPEndpoint) throws -> CombinedLoad {
        let account = "\(experiment.name)-\(vitrine_realtime_nanoseconds() / 1_000_000)"
        return CombinedLoad([ShopLoad(gateway: gateway), try ProbeShopper(gateway: gateway, account: account)])
    }

    func run(clock: RunClock, onOutcome: @escaping @Sendable (RequestOutcome) -> Void) async throws {
        let loops = try EventLoopGroup(count: 1)
        defer { loops.stop() }
        let upstream = HTTPUpstream(
            name: "g", endpoints: [self.gateway], loops: loops,
            resolver: NameResolver(executor: BlockingExecutor(name: "names", threads: 1, queueLimit: 4)))
        let steps = [("list_products", "/api/v1/products?limit=20"), ("search", "/api/v1/products/search?q=stone")]
        await withDiscardingTaskGroup { group in
            var index = 0
            var next = clock.now
            while !Task.isCancelled {
                let (step, path) = steps[index % 2]
                index += 1
                let at = next
                group.addTask {
                    var status = 0
                    var fields = HTTPFields()
                    do {
                        let response = try await upstream.send(HTTPRequest(.get, path), deadline: .after(.seconds(5)))
                        _ = try await response.body.collect(upTo: 1 << 20)
                        status = response.status.code
                        fields = response.fields
                    } catch {}
                    onOutcome(
                        RequestOutcome(
                            at: at, step: step, status: status, seconds: clock.now - at,
                            hasRetryAfter: fields[.retryAfter] != nil, isStale: fields["x-vitrine-stale"] != nil))
                }
                next += 0.02
                do {
                    try await Task.sleep(
                        until: clock.start.advanced(by: .milliseconds(Int(next * 1000))), clock: .continuous)
                } catch { break }
            }
        }
    }

    func audit() async -> OrderAudit { OrderAudit(acknowledged: 0, missing: []) }
}
