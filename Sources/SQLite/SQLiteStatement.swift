import CSQLite

/// Owns one prepared `sqlite3_stmt *`.
///
/// A class because the cache, which needs copyable elements, and the running query both refer to it.
@safe final class SQLiteStatement {
    let pointer: OpaquePointer
    let parameterCount: Int
    /// Set while a query steps through it: a nested query with the same text then gets a statement of its own.
    var isInUse = false
    /// The cache's clock at the last use.
    var lastUse: UInt64 = 0

    /// Prepares the first statement of `text`, which must also be the only one.
    init(_ text: String, on handle: borrowing SQLiteHandle) throws(SQLiteError) {
        var raw: OpaquePointer?
        var rest = 0
        let code = unsafe text.withCString { start in
            var tail: UnsafePointer<CChar>?
            let code = unsafe sqlite3_prepare_v3(
                handle.pointer, start, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &raw, &tail)
            rest = unsafe tail.map { unsafe $0 - start } ?? 0
            return code
        }
        guard code == SQLITE_OK else { throw handle.error(code, sql: text) }
        guard let prepared = unsafe raw else {
            throw SQLiteError(code: .misuse, message: "the statement is empty", sql: text)
        }
        guard Self.isBlank(text.utf8.dropFirst(rest)) else {
            unsafe sqlite3_finalize(prepared)
            throw SQLiteError(code: .misuse, message: "more than one statement; use execute for a script", sql: text)
        }
        unsafe self.pointer = prepared
        self.parameterCount = Int(unsafe sqlite3_bind_parameter_count(prepared))
    }

    deinit { unsafe sqlite3_finalize(self.pointer) }

    /// Goes to the next row; false at the end.
    @inline(__always)
    func step(on handle: borrowing SQLiteHandle) throws(SQLiteError) -> Bool {
        let code = unsafe sqlite3_step(self.pointer)
        if code == SQLITE_ROW { return true }
        if code == SQLITE_DONE { return false }
        throw handle.error(code, sql: self.text)
    }

    /// Ends the run and lets go of what was bound, so that nothing of a caller's stays in the cache.
    func finish() {
        // Both only repeat the outcome of the last step, which its caller has already seen.
        _ = unsafe sqlite3_reset(self.pointer)
        if self.parameterCount > 0 { _ = unsafe sqlite3_clear_bindings(self.pointer) }
        self.isInUse = false
    }

    /// How many columns the rows of this run have. Known only once it steps: a changed schema has it prepared anew by
    /// then.
    var columnCount: Int { Int(unsafe sqlite3_column_count(self.pointer)) }

    /// The text it was prepared from.
    var text: String? { unsafe sqlite3_sql(self.pointer).map { unsafe String(cString: $0) } }

    private static func isBlank(_ rest: Substring.UTF8View) -> Bool {
        rest.allSatisfy { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 || $0 == 0x3B }
    }
}
