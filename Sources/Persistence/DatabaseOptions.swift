import SQLite

/// The bounds of a `Database`. The defaults keep five processes of a shop small.
public struct DatabaseOptions: Sendable, Hashable {
    /// How long the writer waits for another process's lock, in milliseconds. Default 5000.
    public var busyTimeoutMilliseconds: Int32 = 5_000
    /// How long a read on an event loop waits for a lock, in milliseconds. Readers hardly ever meet one, and a loop
    /// must not stand still. Default 50.
    public var loopBusyTimeoutMilliseconds: Int32 = 50
    /// How long a start waits for another process that is migrating, in milliseconds. Default 60000.
    public var migrationTimeoutMilliseconds: Int32 = 60_000
    /// Writes that may wait for the writer; one more is refused with `queueFull`. Default 1024.
    public var writeQueueLimit = 1_024
    /// Reads that may wait for a reader thread; one more is refused with `queueFull`. Default 256.
    public var readQueueLimit = 256
    /// Writes that share one commit at most. Default 128.
    public var writesPerCommitMax = 128
    /// How long a group of writes stays open for more to join, in milliseconds. It never waits for them: it closes at
    /// once when none is there. Default 10.
    public var commitDelayMillisecondsMax = 10
    /// Virtual machine instructions one `readOnLoop` may take, about 2 ms of work. Default 200000.
    public var loopStepLimit = 200_000
    /// Page cache of the writer, in KiB. Default 2048.
    public var writerCacheKibibytes = 2_048
    /// Page cache of each reader, in KiB. Default 1024.
    public var readerCacheKibibytes = 1_024
    /// Prepared statements kept per connection. Default 128.
    public var statementsMax = 128
    /// Frames (pages of 4 KiB) in the write-ahead log that start a checkpoint. Default 1000.
    public var checkpointFrames = 1_000
    /// Frames past which a checkpoint also waits for readers, 100 ms at most, so that the log can start over.
    /// Default 8000.
    public var checkpointFramesMax = 8_000

    public init() {}

    func writer(_ durability: Durability) -> SQLiteOptions {
        SQLiteOptions(
            mode: .readWriteCreate, synchronous: durability.synchronous,
            busyTimeoutMilliseconds: self.busyTimeoutMilliseconds,
            cacheKibibytes: self.writerCacheKibibytes, statementsMax: self.statementsMax)
    }

    /// For the reader threads.
    var reader: SQLiteOptions {
        SQLiteOptions(
            mode: .readOnly, busyTimeoutMilliseconds: self.busyTimeoutMilliseconds,
            cacheKibibytes: self.readerCacheKibibytes, statementsMax: self.statementsMax)
    }

    /// For reads on an event loop.
    var loopReader: SQLiteOptions {
        var options = self.reader
        options.busyTimeoutMilliseconds = self.loopBusyTimeoutMilliseconds
        options.stepLimit = self.loopStepLimit
        return options
    }
}
