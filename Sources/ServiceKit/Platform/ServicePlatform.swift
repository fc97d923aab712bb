public import NetworkIO
public import Persistence
public import Telemetry

/// What a service is given to build itself from.
public struct ServicePlatform: Sendable {
    public let config: ConfigReader
    public let telemetry: Telemetry
    public let loops: EventLoopGroup
    /// For blocking C calls other than SQLite's, such as bcrypt: as many threads as the machine has cores.
    public let blocking: BlockingExecutor
    /// Where the service's files live.
    public let dataFolder: String
    /// What the service meets on purpose; nil where fault injection is off.
    public let faults: FaultInjector?
    let upstreams: UpstreamDirectory

    public init(
        config: ConfigReader, telemetry: Telemetry, loops: EventLoopGroup, blocking: BlockingExecutor,
        dataFolder: String, upstreams: UpstreamDirectory, faults: FaultInjector? = nil
    ) {
        self.config = config
        self.telemetry = telemetry
        self.loops = loops
        self.blocking = blocking
        self.dataFolder = dataFolder
        self.upstreams = upstreams
        self.faults = faults
    }

    /// The client of another service. Every call makes a client span, carries trace context and the internal token, and
    /// ends by its deadline.
    public func upstream(_ name: ServiceName) -> UpstreamClient { self.upstreams.client(for: name) }

    /// Opens `<dataFolder>/<namespace>.sqlite` and migrates it.
    /// - Throws: an error whose description says what is wrong with the file or folder.
    public func openDatabase(namespace: String, durability: Durability, migrations: [Migration]) throws -> Database {
        try Database(
            path: "\(self.dataFolder)/\(namespace).sqlite", namespace: namespace, durability: durability,
            migrations: migrations, telemetry: self.telemetry, loops: self.loops.all.count, disturbance: self.faults)
    }
}
