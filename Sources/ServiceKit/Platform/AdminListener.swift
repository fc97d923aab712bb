import HTTPEngine
public import NetworkIO
public import Routing
public import Telemetry

/// `/metrics` and `/health`, for a process that is no service.
///
/// It answers nothing else but what its owner adds, has a loop of its own, and what it answers is neither traced, logged nor counted.
public final class AdminListener: Sendable {
    /// With the port the kernel chose if 0 was asked for.
    public let address: SocketAddress
    private let loop: EventLoop
    private let server: HTTPServer

    /// Listens, and is ready at once.
    ///
    /// - Parameters:
    ///   - name: the process, as its health tells it.
    ///   - host: a numeric address.
    ///   - port: 0 for any free one.
    ///   - telemetry: what is scraped.
    ///   - more: adds what else is answered.
    /// - Throws: `StartError` for a port that is taken, `IOError` when the system has no descriptor or thread to give.
    public init(
        _ name: String, version: String, host: String = "127.0.0.1", port: Int, telemetry: Telemetry,
        more: (inout RouteTable) -> Void = { _ in }
    ) throws {
        guard let address = SocketAddress(numericHost: host, port: port) else {
            throw StartError("'\(host)' and port \(port) are no address")
        }
        let health = HealthState(service: name, version: version)
        var routes = RouteTable()
        health.register(on: &routes)
        MetricsRoute.register(on: &routes, telemetry: telemetry)
        more(&routes)
        // What is asked for in vain is observed; by telemetry that nobody reads.
        let pipeline = RequestPipeline(
            routes: routes, configuration: PipelineConfiguration(internalToken: nil), telemetry: .disabled())
        let loop = try EventLoop(index: 0, name: "admin")
        do throws(IOError) {
            self.server = try HTTPServer(address: address, loops: [loop], responder: pipeline)
        } catch {
            loop.stop()
            throw StartError("cannot listen on \(address): \(error)")
        }
        self.loop = loop
        self.address = self.server.address
        health.beginServing([])
    }

    /// Lets answers under way end, and closes.
    public func stop() async {
        await self.server.drain(within: .milliseconds(500))
        self.loop.stop()
    }
}
