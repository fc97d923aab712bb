import CSQLite

/// The current row of a running query. Valid only inside the closure that was handed it, and not copyable, so it stays
/// there.
///
/// Columns count from 0; an index out of range is a programmer error and traps. Values convert as SQLite does: a NULL
/// reads as 0 or as an empty text where no optional is asked for.
@safe public struct SQLiteRow: ~Copyable {
    @usableFromInline let statement: OpaquePointer
    /// How many columns a row has.
    public let columnCount: Int

    /// The row that `statement` has just stepped to, and those that follow in the same run.
    init(_ statement: SQLiteStatement) {
        unsafe self.statement = statement.pointer
        self.columnCount = statement.columnCount
    }

    @inline(__always)
    private func checked(_ column: Int) -> Int32 {
        precondition(column >= 0 && column < self.columnCount, "column \(column) of \(self.columnCount)")
        return Int32(truncatingIfNeeded: column)
    }

    /// The column as an integer.
    public func int(_ column: Int) -> Int { Int(unsafe sqlite3_column_int64(self.statement, self.checked(column))) }

    /// The column as a real number.
    public func double(_ column: Int) -> Double { unsafe sqlite3_column_double(self.statement, self.checked(column)) }

    /// The column as a truth value: anything but 0 and NULL.
    public func bool(_ column: Int) -> Bool { self.int(column) != 0 }

    /// Whether the column is NULL.
    public func isNull(_ column: Int) -> Bool {
        unsafe sqlite3_column_type(self.statement, self.checked(column)) == SQLITE_NULL
    }

    /// The column as a string. Invalid UTF-8 is repaired with U+FFFD.
    public func text(_ column: Int) -> String {
        unsafe String(decoding: self.utf8(column), as: UTF8.self)
    }

    /// The column as bytes, copied.
    public func blob(_ column: Int) -> [UInt8] { unsafe [UInt8](self.bytes(column)) }

    /// The column as a string, or nil for NULL.
    public func optionalText(_ column: Int) -> String? { self.isNull(column) ? nil : self.text(column) }

    /// The column as an integer, or nil for NULL.
    public func optionalInt(_ column: Int) -> Int? { self.isNull(column) ? nil : self.int(column) }

    /// The column as a real number, or nil for NULL.
    public func optionalDouble(_ column: Int) -> Double? { self.isNull(column) ? nil : self.double(column) }

    /// The column as bytes, or nil for NULL.
    public func optionalBlob(_ column: Int) -> [UInt8]? { self.isNull(column) ? nil : self.blob(column) }

    /// Hands the column's text to `body` where it lies: no copy, no allocation. NULL is an empty buffer.
    ///
    /// The bytes are what was stored, so they need not be valid UTF-8; they are gone when `body` returns.
    @inlinable @inline(__always)
    public func withUTF8<R>(_ column: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R {
        try unsafe body(self.utf8(column))
    }

    /// Hands the column's bytes to `body` where they lie. NULL is an empty buffer.
    @inlinable @inline(__always)
    public func withBlob<R>(_ column: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R {
        try unsafe body(self.bytes(column))
    }

    @usableFromInline
    @unsafe func utf8(_ column: Int) -> UnsafeBufferPointer<UInt8> {
        let index = self.checked(column)
        let start = unsafe sqlite3_column_text(self.statement, index)
        // Asked for after the text: the conversion to text decides the length.
        return unsafe UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(self.statement, index)))
    }

    @usableFromInline
    @unsafe func bytes(_ column: Int) -> UnsafeBufferPointer<UInt8> {
        let index = self.checked(column)
        let start = unsafe sqlite3_column_blob(self.statement, index)
        let count = Int(unsafe sqlite3_column_bytes(self.statement, index))
        return unsafe UnsafeBufferPointer(start: start?.assumingMemoryBound(to: UInt8.self), count: count)
    }
}
