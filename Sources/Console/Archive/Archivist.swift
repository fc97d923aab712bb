import NetworkIO
import Telemetry

/// Keeps a console's archive: what it held is there again after a restart, but for the last half minute where it was
/// killed.
final class Archivist: Sendable {
    private let archive: StoreArchive
    private let store: TelemetryStore
    private let log: Logger
    /// Writing takes a while, and waits for the disk.
    private let executor = BlockingExecutor(name: "archive", threads: 1, queueLimit: 2)

    private static let interval = Duration.seconds(30)

    init(_ archive: StoreArchive, store: TelemetryStore, log: Logger) {
        self.archive = archive
        self.store = store
        self.log = log
    }

    /// Brings back what is in the file.
    func restore() {
        var spans: [ReceivedSpan] = []
        var logs: [ReceivedLog] = []
        let store = self.store
        let count = self.archive.read { item in
            switch item {
            case .span(let span): spans.append(span)
            case .log(let log): logs.append(log)
            case .origin: break
            }
            if spans.count >= 1_000 {
                _ = store.take(spans)
                spans = []
            }
        }
        _ = store.take(spans)
        _ = store.take(logs)
        if count > 0 { self.log.info("telemetry restored", [.restoredItems(count)]) }
    }

    /// Until it is cancelled.
    func run(on loop: EventLoop) async {
        while !Task.isCancelled {
            await loop.sleep(Self.interval)
            await self.save()
        }
    }

    func save() async {
        do {
            try await self.executor.run {
                let state = self.store.read { $0 }
                try self.archive.write(state.traces, state.logs)
            }
        } catch {
            self.log.warning("telemetry not saved", [.errorMessage("\(error)")])
        }
    }
}
