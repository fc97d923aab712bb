import CSQLite

/// Stops a statement that works longer than its caller can wait.
///
/// SQLite counts instructions over a prepared statement's whole life, so its callback comes now and then to short
/// statements too. The budget therefore counts callbacks between two refills instead of trusting a single one.
@safe final class StepBudget {
    /// Instructions between two callbacks.
    static let granule = 1_000

    private let granules: Int
    private var left: Int

    init(limit: Int) {
        // One more, because the first callback may come at once.
        self.granules = max(1, (limit + Self.granule - 1) / Self.granule) + 1
        self.left = self.granules
    }

    func refill() { self.left = self.granules }

    private func spend() -> Bool {
        self.left -= 1
        return self.left > 0
    }

    /// Hooks the budget to `handle`, which must not outlive it: the connection owns both.
    func install(on handle: borrowing SQLiteHandle) {
        unsafe sqlite3_progress_handler(
            handle.pointer, Int32(Self.granule),
            { context in
                guard let context = unsafe context else { return 0 }
                return unsafe Unmanaged<StepBudget>.fromOpaque(context).takeUnretainedValue().spend() ? 0 : 1
            },
            Unmanaged.passUnretained(self).toOpaque())
    }
}
