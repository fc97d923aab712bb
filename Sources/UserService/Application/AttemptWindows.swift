/// Counts attempts by key, each key in a window of its own that begins with its first attempt. A value: it knows no
/// clock and no lock.
///
/// Bounded: past `keysMax` keys the one whose window began first is forgotten and counted. Keys are hashes, so that
/// what they stand for (an e-mail address, say) is nowhere in memory.
struct AttemptWindows: Sendable {
    /// Attempts a window holds.
    let limit: Int
    /// How long a window lasts, in microseconds.
    let window: Int
    let keysMax: Int
    /// Keys forgotten before their window had ended.
    private(set) var evicted = 0

    private struct Entry: Sendable {
        var count: Int
        var endsAt: Int
    }
    private var entries: [UInt64: Entry] = [:]
    // Invariant: holds each key of `entries` once, oldest first from `head` on. All windows are equally long, so the
    // order of beginning is the order of ending.
    private var order: [UInt64] = []
    private var head = 0

    init(limit: Int, window: Int, keysMax: Int) {
        precondition(limit >= 1 && window >= 1 && keysMax >= 1, "limit \(limit), window \(window), keys \(keysMax)")
        self.limit = limit
        self.window = window
        self.keysMax = keysMax
    }

    /// Keys now held.
    var count: Int { self.entries.count }

    /// Microseconds until the key may try again; nil when it may now.
    func wait(_ key: UInt64, now: Int) -> Int? {
        guard let entry = self.entries[key], entry.endsAt > now, entry.count >= self.limit else { return nil }
        // Never longer than a window, even when the clock was set back.
        return min(entry.endsAt - now, self.window)
    }

    /// Counts an attempt.
    mutating func take(_ key: UInt64, now: Int) {
        self.forgetEnded(now: now)
        if let entry = self.entries[key] {
            let isOpen = entry.endsAt > now
            self.entries[key] = Entry(
                count: isOpen ? entry.count + 1 : 1, endsAt: isOpen ? entry.endsAt : now + self.window)
            return
        }
        if self.entries.count >= self.keysMax {
            self.forgetOldest()
            self.evicted += 1
        }
        self.entries[key] = Entry(count: 1, endsAt: now + self.window)
        self.order.append(key)
    }

    /// Undoes one `take`.
    mutating func giveBack(_ key: UInt64) {
        guard let entry = self.entries[key], entry.count > 0 else { return }
        self.entries[key]?.count -= 1
    }

    /// Lets a key begin again. Its window stays, so that keys come and go in order.
    mutating func clear(_ key: UInt64) { self.entries[key]?.count = 0 }

    private mutating func forgetEnded(now: Int) {
        while self.head < self.order.count, let entry = self.entries[self.order[self.head]], entry.endsAt <= now {
            self.forgetOldest()
        }
    }

    private mutating func forgetOldest() {
        self.entries[self.order[self.head]] = nil
        self.head += 1
        if self.head > 1_024 && self.head * 2 > self.order.count || self.head == self.order.count {
            self.order.removeFirst(self.head)
            self.head = 0
        }
    }
}
