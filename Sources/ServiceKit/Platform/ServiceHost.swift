import CSystem
import Glibc
import HTTPCore
import HTTPEngine
public import NetworkIO
import Routing
import Security
import Synchronization
public import Telemetry

/// Runs one service as a process: settings, telemetry, both listeners, background work, and an orderly end.
public enum ServiceHost {
    /// Runs until SIGINT or SIGTERM, then drains.
    ///
    /// - Parameters:
    ///   - environment: the process's variables.
    ///   - signals: what ends the run.
    ///   - onReady: called once both listeners answer.
    /// - Throws: `ConfigurationError` for wrong settings, `StartError` for a busy port or an unusable folder, or what
    ///   the service's own start throws.
    public static func run<S: ShopService>(
        _ service: S.Type, environment: [String: String], version: String, signals: TerminationSignals,
        onReady: @Sendable (RunningService) -> Void = { _ in }
    ) async throws {
        let running = try await RunningService.start(service, environment: environment, version: version)
        onReady(running)
        let background = Task { await running.runBackground() }
        _ = await signals.next()
        // A second signal means: now.
        let impatient = Task.detached {
            _ = await signals.next()
            exit(130)
        }
        await running.stop(background)
        impatient.cancel()
    }
}

/// Why a process did not start, in one line that says what to do.
public struct StartError: Error, Sendable, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}

/// A service that has started: its listeners answer. `ServiceHost` runs it as a process, tests inside theirs.
public final class RunningService: Sendable {
    public let name: ServiceName
    public let telemetry: Telemetry
    /// Where traffic is taken, with the port the kernel chose if 0 was asked for.
    public let address: SocketAddress
    public let adminAddress: SocketAddress

    private let settings: ProcessSettings
    private let service: any ShopService
    private let health: HealthState
    private let server: HTTPServer
    private let adminServer: HTTPServer
    private let loops: EventLoopGroup
    private let faults: FaultControl?

    private init(
        name: ServiceName, telemetry: Telemetry, settings: ProcessSettings, service: any ShopService,
        health: HealthState, server: HTTPServer, adminServer: HTTPServer, loops: EventLoopGroup,
        faults: FaultControl?
    ) {
        self.name = name
        self.telemetry = telemetry
        self.settings = settings
        self.service = service
        self.health = health
        self.server = server
        self.adminServer = adminServer
        self.loops = loops
        self.faults = faults
        self.address = server.address
        self.adminAddress = adminServer.address
    }

    /// Builds the service and begins to listen. See `ServiceHost.run` for what it throws.
    ///
    /// - Parameter logSink: standard output unless a test looks.
    public static func start<S: ShopService>(
        _ service: S.Type, environment: [String: String], version: String, logSink: LogSink = .standardOutput
    ) async throws -> RunningService {
        let assembly = try PlatformAssembly.make(
            S.name, environment: environment, version: version, logSink: logSink)
        let made = try await S(platform: assembly.platform)
        try assembly.platform.config.validate()
        return try self.listen(made, assembly, version)
    }

    private static func listen(
        _ service: some ShopService, _ assembly: PlatformAssembly, _ version: String
    ) throws -> RunningService {
        let name = type(of: service).name
        let settings = assembly.settings
        let telemetry = assembly.platform.telemetry
        let loops = assembly.platform.loops
        let parts = ServiceParts(service, assembly, version: version)
        let adminServer = try self.bind(
            settings.host, settings.adminPort, "VITRINE_ADMIN_PORT", [loops.admin], .init(), parts.observer, parts.admin
        )
        let server = try self.bind(
            settings.host, settings.port, "VITRINE_PORT", loops.traffic, settings.server, parts.observer,
            parts.traffic)
        parts.health.beginServing(service.readiness)
        telemetry.log.info(
            "service started", [.serverAddress("\(server.address)"), .adminAddress("\(adminServer.address)")])
        return RunningService(
            name: name, telemetry: telemetry, settings: settings, service: service, health: parts.health,
            server: server, adminServer: adminServer, loops: loops, faults: assembly.faults)
    }

    private static func bind(
        _ host: String, _ port: Int, _ variable: String, _ loops: [EventLoop],
        _ configuration: HTTPServerConfiguration, _ observer: any HTTPServerObserver, _ responder: any HTTPResponder
    ) throws -> HTTPServer {
        guard let address = SocketAddress(numericHost: host, port: port) else {
            throw StartError("VITRINE_HOST: '\(host)' is not a numeric address")
        }
        do {
            return try HTTPServer(
                address: address, loops: loops, configuration: configuration, observer: observer, responder: responder)
        } catch {
            throw StartError("\(variable): cannot listen on \(address): \(error)")
        }
    }

    /// Exports telemetry and runs the service's own background work, until cancelled.
    public func runBackground() async {
        // One after the other at the end: the service's last spans are to be exported too.
        let exporting = Task(executorPreference: self.loops.background) {
            await self.telemetry.run(on: self.loops.background)
        }
        await self.service.run()
        await withTaskCancellationHandler {
            await exporting.value
        } onCancel: {
            exporting.cancel()
        }
    }

    /// Goes unready, drains the listeners, ends the background work, closes storage, and flushes telemetry.
    public func stop(_ background: Task<Void, Never>? = nil) async {
        self.health.beginDraining()
        // Whatever is broken on purpose must not keep the requests in progress from their end.
        self.faults?.clearAll()
        if self.settings.drainDelay > .zero { await self.loops.admin.sleep(self.settings.drainDelay) }
        let cut = await self.server.drain(within: self.settings.drainTimeout)
        await self.service.close()
        self.telemetry.log.info("service stopped", [.connectionsCut(cut)])
        background?.cancel()
        await background?.value
        await self.telemetry.flush()
        await self.adminServer.drain(within: .milliseconds(500))
        self.loops.stop()
    }
}
