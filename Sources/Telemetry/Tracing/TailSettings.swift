/// Which traces are kept once it is known how they went: all that failed, all that were slow, and a share of the rest.
///
/// The decision is made in each process when its local root ends (the span whose parent is in another process, or nowhere).
/// The share depends on the trace id alone, so every process that decides by it keeps the same traces.
public struct TailSettings: Sendable, Hashable {
    /// Of the traces that are neither failed nor slow, the share that is kept, 0 to 1.
    public var ratio: Double
    /// A local root that took as long is slow.
    public var slow: Duration
    /// Spans of one local root that are held back at most; a larger one is kept as it comes.
    public var spansPerRootMax = 512
    /// Spans of all local roots that are held back at most; beyond, traces are kept as they come.
    public var spansMax = 50_000

    public init(ratio: Double, slow: Duration = .milliseconds(500)) {
        self.ratio = min(max(ratio, 0), 1)
        self.slow = slow
    }
}
