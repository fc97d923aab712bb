import CSystem
import HTTPCore
import HTTPEngine
public import NetworkIO
import Routing
import ServiceKit
public import Telemetry

/// A console that has started: its three listeners answer.
public final class RunningConsole: Sendable {
    /// Of the page and the query APIs, with the port the kernel chose if 0 was asked for.
    public let address: SocketAddress
    /// Where telemetry is taken.
    public let receiverAddress: SocketAddress
    public let adminAddress: SocketAddress

    private let loops: EventLoopGroup
    private let server: HTTPServer
    private let receiver: HTTPServer
    private let admin: AdminListener
    private let telemetry: Telemetry
    private let store: TelemetryStore
    private let ticking: Task<Void, Never>
    private let archivist: Archivist?
    private let archiving: Task<Void, Never>?

    private init(
        loops: EventLoopGroup, server: HTTPServer, receiver: HTTPServer, admin: AdminListener, telemetry: Telemetry,
        store: TelemetryStore, ticking: Task<Void, Never>, archivist: Archivist?,
        archiving: Task<Void, Never>?
    ) {
        self.archivist = archivist
        self.archiving = archiving
        self.ticking = ticking
        self.loops = loops
        self.server = server
        self.receiver = receiver
        self.admin = admin
        self.telemetry = telemetry
        self.store = store
        self.address = server.address
        self.receiverAddress = receiver.address
        self.adminAddress = admin.address
    }

    /// Builds the store and begins to listen.
    ///
    /// - Parameters:
    ///   - pages: dashboards and runbooks.
    ///   - launcher: what runs experiments; nil where there is nothing to run them against.
    ///   - telemetry: of the console itself; it must make no spans.
    /// - Throws: `StartError` for a busy port, `IOError` when the system has no descriptor or thread to give.
    public static func start(
        _ settings: ConsoleSettings, pages: ShippedPages, launcher: (any ExperimentLauncher)?, telemetry: Telemetry,
        version: String
    ) throws -> RunningConsole {
        try self.start(
            settings, pages: pages, launcher: launcher, telemetry: telemetry, version: version,
            store: TelemetryStore(StoreLimits(memoryBytesMax: settings.memoryBytesMax)))
    }

    /// With the store as an argument, for those who look into it.
    static func start(
        _ settings: ConsoleSettings, pages: ShippedPages, launcher: (any ExperimentLauncher)?, telemetry: Telemetry,
        version: String, store: TelemetryStore
    ) throws -> RunningConsole {
        let loops = try EventLoopGroup(count: 1)
        do {
            let admin = try AdminListener(
                "console", version: version, host: settings.host, port: settings.adminPort, telemetry: telemetry)
            store.register(telemetry.metrics)
            let archivist = try settings.dataFolder.map { folder in
                Archivist(try StoreArchive(folder: folder), store: store, log: telemetry.log)
            }
            // Before anything new comes in: what is old is the first to go.
            archivist?.restore()
            let receiver = try self.bind(
                settings.receiverHost, settings.receiverPort, "VITRINE_CONSOLE_OTLP_PORT", loops,
                OTLPReceiver(sink: store, telemetry: telemetry))
            let parts = ConsoleParts(
                settings, loops: loops, store: store, pages: pages, launcher: launcher, version: version)
            let server = try self.bind(settings.host, settings.port, "VITRINE_PORT", loops, parts.front)
            let background = loops.background
            let archiving = archivist.map { archivist in
                Task(executorPreference: background) { await archivist.run(on: background) }
            }
            let ticking = Task(executorPreference: background) { await parts.ticker.run(on: background) }
            telemetry.log.info(
                "console started",
                [.serverAddress("\(server.address)"), .receiverAddress("\(receiver.address)")])
            return RunningConsole(
                loops: loops, server: server, receiver: receiver, admin: admin, telemetry: telemetry, store: store,
                ticking: ticking, archivist: archivist, archiving: archiving)
        } catch {
            loops.stop()
            throw error
        }
    }

    /// Registers every metric of a console, for what lists them.
    public static func register(_ registry: MetricRegistry) {
        _ = ReceiverInstruments(registry)
        TelemetryStore(StoreLimits(memoryBytesMax: 1 << 20)).register(registry)
    }

    private static func bind(
        _ host: String, _ port: Int, _ variable: String, _ loops: EventLoopGroup, _ responder: any HTTPResponder
    ) throws -> HTTPServer {
        guard let address = SocketAddress(numericHost: host, port: port) else {
            throw StartError("'\(host)' is not a numeric address")
        }
        do {
            return try HTTPServer(address: address, loops: loops.traffic, responder: responder)
        } catch {
            throw StartError("\(variable): cannot listen on \(address): \(error)")
        }
    }

    /// Lets answers under way end, and closes.
    public func stop() async {
        self.ticking.cancel()
        self.archiving?.cancel()
        self.store.close()
        await self.receiver.drain(within: .seconds(1))
        await self.server.drain(within: .milliseconds(500))
        await self.archivist?.save()
        await self.admin.stop()
        self.telemetry.log.info("console stopped", [])
        await self.telemetry.flush()
        self.loops.stop()
    }
}
