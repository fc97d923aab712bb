/// What a spool holds, without the files: which batch is next, and which must go to make room. A pure value.
struct SpoolIndex: Sendable {
    struct Entry: Sendable, Hashable {
        let sequence: UInt64
        let count: Int
        let byteCount: Int
        let isGzipped: Bool
        /// Whether it has been sent before: it may have arrived.
        var wasTried: Bool

        /// `00000000000000000042-512.json`; `.gz` behind it when compressed, `.tried` when it has been sent before.
        var fileName: String {
            let digits = String(self.sequence)
            let padding = String(repeating: "0", count: max(0, 20 - digits.utf8.count))
            return "\(padding)\(digits)-\(self.count).json" + (self.isGzipped ? ".gz" : "")
                + (self.wasTried ? ".tried" : "")
        }

        init(sequence: UInt64, count: Int, byteCount: Int, isGzipped: Bool, wasTried: Bool) {
            self.sequence = sequence
            self.count = count
            self.byteCount = byteCount
            self.isGzipped = isGzipped
            self.wasTried = wasTried
        }

        /// Nil for a file that is not a batch.
        init?(fileName: String, byteCount: Int) {
            let parts = fileName.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count >= 2, parts[1] == "json" else { return nil }
            let rest = parts.dropFirst(2).map(String.init)
            guard [[], ["gz"], ["tried"], ["gz", "tried"]].contains(rest) else { return nil }
            let numbers = parts[0].split(separator: "-", omittingEmptySubsequences: false)
            guard numbers.count == 2, numbers[0].utf8.count == 20, let sequence = UInt64(numbers[0]),
                let count = Int(numbers[1]), (1...1_000_000).contains(count), sequence < UInt64.max / 2
            else { return nil }
            self.init(
                sequence: sequence, count: count, byteCount: byteCount, isGzipped: rest.contains("gz"),
                wasTried: rest.contains("tried"))
        }
    }

    /// Bytes at most over all batches.
    let bytesMax: Int
    /// The oldest first.
    private(set) var entries: [Entry] = []
    private(set) var byteCount = 0

    init(bytesMax: Int) { self.bytesMax = bytesMax }

    var oldest: Entry? { self.entries.first }
    var newestSequence: UInt64? { self.entries.last?.sequence }

    /// Takes a batch in, in the order of its sequence; answers the oldest ones that must go to keep the bound, which may
    /// include the batch itself.
    ///
    /// - Parameter kept: The batch that is being sent, which stays whatever its age.
    mutating func insert(_ entry: Entry, keeping kept: UInt64? = nil) -> [Entry] {
        let index = self.entries.lastIndex { $0.sequence < entry.sequence }.map { $0 + 1 } ?? 0
        self.entries.insert(entry, at: index)
        self.byteCount += entry.byteCount
        var evicted: [Entry] = []
        while self.byteCount > self.bytesMax, let oldest = self.entries.firstIndex(where: { $0.sequence != kept }) {
            let removed = self.entries.remove(at: oldest)
            self.byteCount -= removed.byteCount
            evicted.append(removed)
        }
        return evicted
    }

    mutating func remove(_ sequence: UInt64) {
        guard let index = self.entries.firstIndex(where: { $0.sequence == sequence }) else { return }
        self.byteCount -= self.entries.remove(at: index).byteCount
    }

    func entry(_ sequence: UInt64) -> Entry? { self.entries.first { $0.sequence == sequence } }

    mutating func mark(_ sequence: UInt64, tried: Bool) {
        guard let index = self.entries.firstIndex(where: { $0.sequence == sequence }) else { return }
        self.entries[index].wasTried = tried
    }
}
