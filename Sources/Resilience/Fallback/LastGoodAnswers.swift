/// The last good answer for each key, bounded in number, bytes and age. What was stored longest ago goes first.
///
/// A value without clock or lock. Instants are monotonic nanoseconds.
struct LastGoodAnswers<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry: Sendable {
        let value: Value
        let bytes: Int
        let storedAt: UInt64
        let turn: UInt64
    }

    enum Answer {
        case stale(StaleValue<Value>)
        case missing
        /// There is one, and it is too old.
        case expired
    }

    let settings: FallbackSettings
    private var entries: [Key: Entry] = [:]
    /// Keys in the order they were stored; one that was stored again lies here twice, and only its last turn counts.
    private var order: [(key: Key, turn: UInt64)] = []
    private var firstInOrder = 0
    private var lastTurn: UInt64 = 0
    private(set) var bytes = 0

    var count: Int { self.entries.count }

    init(_ settings: FallbackSettings) { self.settings = settings }

    /// Keeps an answer; one that is larger than all there is room for is not kept, and its older one is dropped.
    mutating func store(_ value: Value, for key: Key, bytes: Int, now: UInt64) {
        self.remove(key)
        let bytes = max(0, bytes)
        guard bytes <= self.settings.bytesMax else { return }
        self.lastTurn += 1
        self.entries[key] = Entry(value: value, bytes: bytes, storedAt: now, turn: self.lastTurn)
        self.order.append((key, self.lastTurn))
        self.bytes += bytes
        self.makeRoom()
    }

    mutating func answer(for key: Key, now: UInt64) -> Answer {
        guard let entry = self.entries[key] else { return .missing }
        let age = now.saturatingSubtract(entry.storedAt)
        guard age <= self.settings.ageMax.clampedNanoseconds else {
            self.remove(key)
            return .expired
        }
        return .stale(StaleValue(value: entry.value, age: Duration(clampedNanoseconds: age)))
    }

    mutating func remove(_ key: Key) {
        if let entry = self.entries.removeValue(forKey: key) { self.bytes -= entry.bytes }
    }

    private mutating func makeRoom() {
        while self.entries.count > self.settings.entriesMax || self.bytes > self.settings.bytesMax {
            let oldest = self.order[self.firstInOrder]
            self.firstInOrder += 1
            if self.entries[oldest.key]?.turn == oldest.turn { self.remove(oldest.key) }
        }
        guard self.order.count > 2 * self.entries.count + 16 else { return }
        self.order = self.order[self.firstInOrder...].filter { self.entries[$0.key]?.turn == $0.turn }
        self.firstInOrder = 0
    }
}
