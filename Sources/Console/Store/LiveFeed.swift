import JSON
import Synchronization

/// Tells pages of what comes in. Each has a queue of its own, of bounded length: a page that reads too slowly is told
/// how much it has missed.
final class LiveFeed: Sendable {
    struct Wish: Sendable {
        var overview = false
        var traces = false
        var logs = false
        var filter = LogQuery()
    }

    private struct State: Sendable {
        var readers: [Int: LiveReader] = [:]
        var next = 0
        var lagged = 0
        var isClosed = false
    }
    private let state = Mutex(State())

    static let readersMax = 32

    /// Pages that listen.
    var readers: Int { self.state.withLock { $0.readers.count } }
    /// Events left out, over all pages.
    var lagged: Int { self.state.withLock { $0.lagged } }
    var wantsLogs: Bool { self.state.withLock { $0.readers.values.contains { $0.wish.logs } } }
    var wantsOverview: Bool { self.state.withLock { $0.readers.values.contains { $0.wish.overview } } }

    /// - Returns: nil where there are as many as may be.
    func join(_ wish: Wish) -> LiveReader? {
        self.state.withLock { state in
            guard !state.isClosed, state.readers.count < Self.readersMax else { return nil }
            let id = state.next
            state.next += 1
            let reader = LiveReader(wish) { [weak self] in self?.state.withLock { $0.readers[id] = nil } }
            state.readers[id] = reader
            return reader
        }
    }

    func close() {
        let readers = self.state.withLock { state in
            state.isClosed = true
            return Array(state.readers.values)
        }
        for reader in readers { reader.cancel() }
    }

    private func tell(_ event: [UInt8], where isWanted: (LiveReader) -> Bool) {
        let readers = self.state.withLock { Array($0.readers.values) }
        let missed = readers.filter(isWanted).count { !$0.push(event) }
        if missed > 0 { self.state.withLock { $0.lagged += missed } }
    }

    func tell(overview: [UInt8]) { self.tell(Self.event("overview", overview)) { $0.wish.overview } }

    func tell(_ summary: TraceSummary) {
        var json = JSONWriter()
        ConsoleJSON.write(summary, to: &json)
        self.tell(Self.event("trace", json.bytes)) { $0.wish.traces }
    }

    func tell(_ log: StoredLog, _ tables: SharedTables) {
        var json = JSONWriter()
        ConsoleJSON.write(log, tables, to: &json)
        self.tell(Self.event("log", json.bytes)) { $0.wish.logs && $0.wish.filter.matches(log, tables) }
    }

    /// A comment, so that whoever stands between sees that the connection lives.
    func beat() { self.tell(Array(": \n\n".utf8)) { _ in true } }

    /// `event: name`, `data: …` (HTML, "Server-sent events"). JSON has no line breaks of its own.
    static func event(_ name: String, _ json: [UInt8]) -> [UInt8] {
        Array("event: \(name)\ndata: ".utf8) + json + Array("\n\n".utf8)
    }
}
