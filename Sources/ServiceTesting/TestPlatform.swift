public import HTTPCore
public import NetworkIO
import RPC
public import ServiceKit
public import TelemetryTesting

/// What a service needs to be built in a test: real loops and files, telemetry that can be read back.
public final class TestPlatform: Sendable {
    public let platform: ServicePlatform
    public let telemetry: TestTelemetry
    public let folder: TemporaryFolder
    public let loops: EventLoopGroup

    /// - Parameters:
    ///   - environment: the service's settings.
    ///   - upstreams: what answers in place of other services.
    public init(
        _ name: ServiceName, environment: [String: String] = [:],
        upstreams: [ServiceName: any HTTPTransport] = [:], folder: TemporaryFolder = TemporaryFolder()
    ) throws {
        let telemetry = TestTelemetry(serviceName: name.rawValue)
        let loops = try EventLoopGroup(count: 1)
        var clients: [ServiceName: UpstreamClient] = [:]
        var callers: [ServiceName: RPCClient] = [:]
        for (other, transport) in upstreams {
            clients[other] = UpstreamClient(
                name: other, transport: transport, serverAddress: "127.0.0.1", serverPort: other.defaultPort,
                internalToken: InProcessService.internalToken, telemetry: telemetry.telemetry)
            callers[other] = RPCClient(
                calling: other, over: transport, internalToken: InProcessService.internalToken,
                telemetry: telemetry.telemetry)
        }
        self.folder = folder
        self.telemetry = telemetry
        self.loops = loops
        self.platform = ServicePlatform(
            config: ConfigReader(environment), telemetry: telemetry.telemetry, loops: loops,
            blocking: BlockingExecutor(name: "blocking", threads: 2, queueLimit: 256), dataFolder: folder.path,
            upstreams: UpstreamDirectory(clients: clients, callers: callers))
    }

    deinit { self.loops.stop() }
}
