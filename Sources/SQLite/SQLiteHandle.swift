import CSQLite
import Glibc

/// Owns one `sqlite3 *`: closed exactly once, unusable afterwards.
@safe struct SQLiteHandle: ~Copyable {
    let pointer: OpaquePointer

    /// Opens `path` without SQLite's own mutex: one thread at a time uses a connection, and the type system sees to it.
    /// A new file is readable by its owner only; the log beside it takes its mode over.
    init(path: String, mode: SQLiteOptions.Mode) throws(SQLiteError) {
        let access =
            switch mode {
            case .readWriteCreate: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            case .readOnly: SQLITE_OPEN_READONLY
            }
        let isNew = unsafe Glibc.access(path, F_OK) != 0
        var raw: OpaquePointer?
        let code = unsafe sqlite3_open_v2(path, &raw, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard code == SQLITE_OK, let opened = unsafe raw else {
            // A handle comes back even on failure and still has to be closed.
            let message = unsafe raw.map { unsafe String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            unsafe sqlite3_close_v2(raw)
            throw SQLiteError(resultCode: code, message: "\(message) \(path)", sql: nil)
        }
        // Not the mode of `open(2)`: closing a second descriptor of the file would drop every lock of this process on
        // it.
        if isNew { _ = unsafe chmod(path, 0o600) }
        unsafe self.pointer = opened
    }

    deinit { unsafe sqlite3_close_v2(self.pointer) }

    /// The error the last failed call left behind.
    func error(_ code: Int32, sql: String?) -> SQLiteError {
        SQLiteError(resultCode: code, message: unsafe String(cString: sqlite3_errmsg(self.pointer)), sql: sql)
    }

    /// Runs every statement of `script`.
    func execute(_ script: String) throws(SQLiteError) {
        let code = unsafe sqlite3_exec(self.pointer, script, nil, nil, nil)
        guard code == SQLITE_OK else { throw self.error(code, sql: script) }
    }
}
