import CSQLite

/// Watches the length of the write-ahead log, so that its owner may choose the moment of a checkpoint.
@safe final class WriteAheadLog {
    /// Frames (pages) in the log after the last commit of this connection.
    private(set) var frames = 0

    /// Replaces SQLite's own checkpoint at every commit past 1000 pages, which would make that commit's caller wait for
    /// it.
    func install(on handle: borrowing SQLiteHandle) {
        _ = unsafe sqlite3_wal_hook(
            handle.pointer,
            { context, _, _, frames in
                guard let context = unsafe context else { return SQLITE_OK }
                unsafe Unmanaged<WriteAheadLog>.fromOpaque(context).takeUnretainedValue().frames = Int(frames)
                return SQLITE_OK
            },
            Unmanaged.passUnretained(self).toOpaque())
    }

    func noteCheckpoint(remaining: Int) { self.frames = remaining }
}

extension SQLiteConnection {
    /// How far a checkpoint goes.
    public enum CheckpointMode: Sendable {
        /// As far as it gets without waiting for anyone.
        case passive
        /// Waits, up to the busy timeout, until the log can start over.
        case restart
        /// As `restart`, and cuts the log to nothing.
        case truncate

        var code: Int32 {
            switch self {
            case .passive: SQLITE_CHECKPOINT_PASSIVE
            case .restart: SQLITE_CHECKPOINT_RESTART
            case .truncate: SQLITE_CHECKPOINT_TRUNCATE
            }
        }
    }

    /// Frames in the write-ahead log after this connection's last commit.
    public var logFrames: Int { self.log.frames }

    /// Takes checkpoints into the owner's hands: none happens by itself any more on this connection.
    public func takeOverCheckpoints() { self.log.install(on: self.handle) }

    /// Copies the log into the database file.
    ///
    /// - Returns: how many frames of the log are still to be copied, because readers need the old pages.
    /// - Throws: `busy` when another checkpoint runs or, with `restart` and `truncate`, readers did not finish in time.
    @discardableResult
    public func checkpoint(_ mode: CheckpointMode) throws(SQLiteError) -> Int {
        var total: Int32 = 0
        var copied: Int32 = 0
        let code = unsafe sqlite3_wal_checkpoint_v2(self.handle.pointer, nil, mode.code, &total, &copied)
        guard code == SQLITE_OK else { throw self.handle.error(code, sql: nil) }
        let remaining = Int(max(0, total - copied))
        self.log.noteCheckpoint(remaining: remaining)
        return remaining
    }

    /// Changes how long locks are waited for, in milliseconds.
    public func setBusyTimeout(milliseconds: Int32) {
        _ = unsafe sqlite3_busy_timeout(self.handle.pointer, milliseconds)
    }

    /// Changing the journal mode needs the file alone for a moment and, to avoid a deadlock, SQLite gives up at once
    /// instead of calling the busy handler. Two processes starting together meet here, so it is tried again for as long
    /// as locks are waited for.
    func enterWriteAheadLogging() throws(SQLiteError) {
        var waited: Int32 = 0
        while true {
            do {
                return try self.handle.execute("PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 8388608;")
            } catch {
                guard error.code == .busy, waited < self.options.busyTimeoutMilliseconds else { throw error }
                waited += sqlite3_sleep(10)
            }
        }
    }
}
