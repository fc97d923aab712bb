import CSystem
import Faults
import Glibc
import NetworkIO
import TLS
public import Telemetry

/// Everything a service is built from, made from the environment: what `serve`, `migrate` and `seed` share.
public struct PlatformAssembly: Sendable {
    public let platform: ServicePlatform
    public let settings: ProcessSettings
    /// Nil where fault injection is off.
    let faults: FaultControl?
    let resilience: ResilienceSettings

    /// Reads the settings, makes the data folder, and starts loops and executors. Nothing listens yet.
    /// - Throws: `ConfigurationError` that names every wrong setting, `StartError` for an unusable folder.
    public static func make(
        _ name: ServiceName, environment: [String: String], version: String, logSink: LogSink = .standardOutput
    ) throws -> PlatformAssembly {
        let config = ConfigReader(environment)
        let processors = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        let settings = ProcessSettings(config: config, name: name, processors: processors)
        let addresses = UpstreamDirectory.addresses(config)
        let resilience = ResilienceSettings(config: config)
        let transport = OTLPHTTPTransport()
        let telemetry = self.makeTelemetry(
            name, environment, version, config, logSink, transport, dataFolder: settings.dataFolder)
        try config.validate()

        let loops = try EventLoopGroup(count: settings.loops)
        let blocking = BlockingExecutor(name: "blocking", threads: max(1, processors), queueLimit: 256)
        let lookups = BlockingExecutor(name: "names", threads: 1, queueLimit: 64)
        let resolver = NameResolver(executor: lookups)
        transport.attach(loops: loops, resolver: resolver)
        RuntimeMetrics.register(loops: loops, executors: [blocking, lookups], on: telemetry)
        try self.prepareFolder(settings.dataFolder)
        let faults = settings.injectsFaults ? self.makeFaults(name, telemetry, loops) : nil
        let upstreams = UpstreamDirectory(
            addresses: addresses, internalToken: settings.internalToken, loops: loops, resolver: resolver,
            telemetry: telemetry, faults: faults?.injector, resilience: resilience)
        let platform = ServicePlatform(
            config: config, telemetry: telemetry, loops: loops, blocking: blocking, dataFolder: settings.dataFolder,
            upstreams: upstreams, faults: faults?.injector)
        return PlatformAssembly(platform: platform, settings: settings, faults: faults, resilience: resilience)
    }

    private static func makeFaults(_ name: ServiceName, _ telemetry: Telemetry, _ loops: EventLoopGroup) -> FaultControl
    {
        let registry = FaultRegistry(
            service: name.rawValue, telemetry: telemetry, now: { vitrine_monotonic_nanoseconds() },
            unixMicroseconds: { Int(vitrine_realtime_nanoseconds() / 1_000) })
        return FaultControl(FaultInjector(registry), loops: loops)
    }

    private static func makeTelemetry(
        _ name: ServiceName, _ environment: [String: String], _ version: String, _ config: ConfigReader,
        _ logSink: LogSink, _ transport: OTLPHTTPTransport, dataFolder: String
    ) -> Telemetry {
        var configuration = TelemetryConfiguration(serviceName: name.rawValue, serviceVersion: version)
        do throws(TelemetryConfigurationError) {
            configuration = try TelemetryConfiguration(
                environment: environment, serviceName: name.rawValue, serviceVersion: version)
        } catch {
            config.reject(error.variable, "'\(error.value)' is not \(error.expected)")
        }
        self.prepareExport(configuration.tracesEndpoint, .traces, environment, config, transport)
        self.prepareExport(configuration.logsEndpoint, .logs, environment, config, transport)
        self.prepareExport(configuration.metricsEndpoint, .metrics, environment, config, transport)
        TelemetrySettings(config: config).apply(to: &configuration, folder: "\(dataFolder)/telemetry/\(name.rawValue)")
        let telemetry = Telemetry(configuration, logSink: logSink, transport: transport)
        CertificateMetrics.register(transport, on: telemetry)
        return telemetry
    }

    /// Reads the certificates and keys of an https receiver: what is wrong with them would else be seen as missing
    /// telemetry only.
    private static func prepareExport(
        _ endpoint: OTLPEndpoint, _ signal: OTLPSignal, _ environment: [String: String], _ config: ConfigReader,
        _ transport: OTLPHTTPTransport
    ) {
        do throws(TLSError) {
            try transport.prepare(endpoint)
        } catch {
            let setting: OTLPFileSetting
            switch error.code {
            case .unusableFile(.privateKey): setting = .clientKey
            case .unusableFile(.certificateChain): setting = .clientCertificate
            default: setting = .certificate
            }
            config.reject(setting.variable(of: signal, in: environment), error.message)
        }
    }

    private static func prepareFolder(_ path: String) throws {
        var built = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            built += "/\(part)"
            if mkdir(built, 0o700) != 0 && errno != EEXIST {
                throw StartError("VITRINE_DATA: cannot make the folder \(built): \(errorText(errno))")
            }
        }
        guard access(path, W_OK | X_OK) == 0 else {
            throw StartError("VITRINE_DATA: cannot write to the folder \(path): \(errorText(errno))")
        }
    }
}
