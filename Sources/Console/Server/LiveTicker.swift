import NetworkIO

/// Tells pages twice a second which traces have come, and once a second how things stand; nothing where nobody looks.
struct LiveTicker: Sendable {
    let store: TelemetryStore
    let overview: OverviewWriter

    private static let interval = Duration.milliseconds(500)
    private static let tracesPerTick = 50
    /// Ticks between two signs of life.
    private static let beatEvery = 30
    private static let window = 60.0

    /// Until it is cancelled.
    func run(on loop: EventLoop) async {
        await withTaskGroup { group in
            group.addTask { await self.tellTraces(on: loop) }
            // Asks processes that may not answer, which must not hold up the traces.
            group.addTask { await self.tellOverviews(on: loop) }
        }
    }

    private func tellTraces(on loop: EventLoop) async {
        var tick = 0
        while !Task.isCancelled {
            await loop.sleep(Self.interval)
            tick += 1
            guard self.store.feed.readers > 0 else {
                self.store.forgetChanged()
                continue
            }
            for summary in self.store.takeChanged(atMost: Self.tracesPerTick) { self.store.feed.tell(summary) }
            if tick.isMultiple(of: Self.beatEvery) { self.store.feed.beat() }
        }
    }

    private func tellOverviews(on loop: EventLoop) async {
        while !Task.isCancelled {
            await loop.sleep(Self.interval * 2)
            guard self.store.feed.wantsOverview else { continue }
            self.store.feed.tell(overview: await self.overview.bytes(window: Self.window))
        }
    }
}
