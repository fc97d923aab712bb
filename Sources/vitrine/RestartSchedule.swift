/// When to start a process again that has ended: at once after a long life, later and later after short ones.
struct RestartSchedule: Sendable, Hashable {
    /// The wait after the first short life; it doubles up to `delayMax`.
    static let delayMin: Duration = .milliseconds(100)
    static let delayMax: Duration = .seconds(5)
    /// A life this long wipes out what went before.
    static let longLife: Duration = .seconds(10)

    private(set) var shortLives = 0

    /// - Parameter lifetime: how long the process has lived.
    /// - Returns: how long to wait before it is started again.
    mutating func next(after lifetime: Duration) -> Duration {
        if lifetime >= Self.longLife { self.shortLives = 0 }
        let delay = min(Self.delayMax, Self.delayMin * (1 << min(self.shortLives, 10)))
        self.shortLives += 1
        return delay
    }
}
