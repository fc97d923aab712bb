/// How a connection is opened. The defaults suit a small service: a few megabytes a connection at the very most.
public struct SQLiteOptions: Sendable, Hashable {
    /// What the connection may do.
    public enum Mode: Sendable, Hashable {
        case readWriteCreate
        case readOnly
    }

    /// When a commit waits for the disk.
    public enum Synchronous: String, Sendable, Hashable {
        /// Every commit: an acknowledged write survives a power cut.
        case full = "FULL"
        /// At checkpoints: a power cut may lose the last commits, never the consistency of the file.
        case normal = "NORMAL"
    }

    public var mode: Mode
    public var synchronous: Synchronous
    /// How long a lock is waited for, in milliseconds. Default 5000.
    public var busyTimeoutMilliseconds: Int32
    /// Upper bound of the connection's page cache, in KiB; pages are allocated when used. Default 1024.
    public var cacheKibibytes: Int
    /// How much of the file may be mapped into memory, in bytes. 0, the default, reads through the page cache instead.
    public var mappedBytesMax: Int
    /// How many prepared statements are kept; the least recently used one goes. Default 128.
    public var statementsMax: Int
    /// Virtual machine instructions allowed between two refills; nil, the default, for no limit. Rounded up to 1000.
    public var stepLimit: Int?

    public init(
        mode: Mode = .readWriteCreate, synchronous: Synchronous = .full, busyTimeoutMilliseconds: Int32 = 5_000,
        cacheKibibytes: Int = 1_024, mappedBytesMax: Int = 0, statementsMax: Int = 128, stepLimit: Int? = nil
    ) {
        precondition(statementsMax > 0, "statementsMax must be at least 1, not \(statementsMax)")
        self.mode = mode
        self.synchronous = synchronous
        self.busyTimeoutMilliseconds = busyTimeoutMilliseconds
        self.cacheKibibytes = cacheKibibytes
        self.mappedBytesMax = mappedBytesMax
        self.statementsMax = statementsMax
        self.stepLimit = stepLimit
    }
}
