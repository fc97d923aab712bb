/// The channels that have a deadline, by when the loop is to look at each, earliest first.
///
/// A binary heap in which every channel knows its place, so that a closed channel leaves at once instead of staying
/// in memory until its deadline.
struct DeadlineHeap {
    private struct Entry {
        var instant: UInt64
        // Unowned: a channel removes itself before its last reference goes (`EventLoop.deregister`).
        unowned(unsafe) let channel: EventChannel
    }

    private var entries: [Entry] = []

    var earliest: UInt64? { self.entries.first?.instant }

    /// Adds a channel, or moves it to `instant` if it is there already.
    mutating func schedule(_ channel: EventChannel, at instant: UInt64) {
        if channel.deadlinePlace < 0 {
            channel.deadlinePlace = self.entries.count
            self.entries.append(Entry(instant: instant, channel: channel))
            self.siftUp(channel.deadlinePlace)
        } else {
            let place = channel.deadlinePlace
            let isEarlier = instant < self.entries[place].instant
            self.entries[place].instant = instant
            if isEarlier { self.siftUp(place) } else { self.siftDown(place) }
        }
    }

    mutating func remove(_ channel: EventChannel) {
        let place = channel.deadlinePlace
        guard place >= 0 else { return }
        channel.deadlinePlace = -1
        let last = self.entries.removeLast()
        guard place < self.entries.count else { return }
        self.entries[place] = last
        last.channel.deadlinePlace = place
        self.siftUp(place)
        self.siftDown(last.channel.deadlinePlace)
    }

    /// Takes out the earliest channel if its look is due.
    mutating func popIfDue(_ now: UInt64) -> EventChannel? {
        guard let first = self.entries.first, first.instant <= now else { return nil }
        self.remove(first.channel)
        return first.channel
    }

    private mutating func siftUp(_ start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard self.entries[child].instant < self.entries[parent].instant else { return }
            self.swap(child, parent)
            child = parent
        }
    }

    private mutating func siftDown(_ start: Int) {
        var parent = start
        while true {
            var least = parent
            let left = 2 * parent + 1
            if left < self.entries.count, self.entries[left].instant < self.entries[least].instant { least = left }
            if left + 1 < self.entries.count, self.entries[left + 1].instant < self.entries[least].instant {
                least = left + 1
            }
            guard least != parent else { return }
            self.swap(least, parent)
            parent = least
        }
    }

    private mutating func swap(_ a: Int, _ b: Int) {
        self.entries.swapAt(a, b)
        self.entries[a].channel.deadlinePlace = a
        self.entries[b].channel.deadlinePlace = b
    }
}
