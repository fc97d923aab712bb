/// A binary heap of instants, earliest first.
struct TimerHeap<Element> {
    struct Entry {
        let instant: UInt64
        let element: Element
    }

    private var entries: [Entry] = []

    var count: Int { self.entries.count }
    var earliest: UInt64? { self.entries.first?.instant }

    mutating func insert(_ element: Element, at instant: UInt64) {
        self.entries.append(Entry(instant: instant, element: element))
        var child = self.entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard self.entries[child].instant < self.entries[parent].instant else { break }
            self.entries.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes the earliest entry if its instant is not after `now`.
    mutating func popIfDue(_ now: UInt64) -> Entry? {
        guard let first = self.entries.first, first.instant <= now else { return nil }
        let last = self.entries.removeLast()
        guard !self.entries.isEmpty else { return first }
        self.entries[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in (2 * parent + 1)...(2 * parent + 2) where child < self.entries.count {
                if self.entries[child].instant < self.entries[least].instant { least = child }
            }
            guard least != parent else { break }
            self.entries.swapAt(least, parent)
            parent = least
        }
        return first
    }
}
