import CSQLite

extension SQLiteStatement {
    /// Binds `values` to the parameters, in order.
    ///
    /// - Throws: `misuse` when there are more or fewer values than parameters, `tooBig` above SQLite's limit.
    func bind(_ values: [SQLiteValue], on handle: borrowing SQLiteHandle) throws(SQLiteError) {
        guard values.count == self.parameterCount else {
            let message = "the statement takes \(self.parameterCount) values, \(values.count) were given"
            throw SQLiteError(code: .misuse, message: message, sql: self.text)
        }
        var index: Int32 = 1
        for value in values {
            let code = self.bind(value, at: index)
            guard code == SQLITE_OK else { throw handle.error(code, sql: self.text) }
            index += 1
        }
    }

    private func bind(_ value: SQLiteValue, at index: Int32) -> Int32 {
        switch value {
        case .null: unsafe sqlite3_bind_null(self.pointer, index)
        case .integer(let number): unsafe sqlite3_bind_int64(self.pointer, index, Int64(number))
        case .real(let number): unsafe sqlite3_bind_double(self.pointer, index, number)
        case .text(let text): self.bind(text: text, at: index)
        case .blob(let bytes): self.bind(blob: bytes, at: index)
        }
    }

    private func bind(text: String, at index: Int32) -> Int32 {
        var text = text
        return text.withUTF8 { bytes in
            guard let count = Int32(exactly: bytes.count) else { return SQLITE_TOOBIG }
            // A null pointer would bind NULL where an empty text is meant.
            guard let start = bytes.baseAddress else {
                return unsafe vitrine_sqlite3_bind_text_copy(self.pointer, index, "", 0)
            }
            return unsafe start.withMemoryRebound(to: CChar.self, capacity: bytes.count) { start in
                unsafe vitrine_sqlite3_bind_text_copy(self.pointer, index, start, count)
            }
        }
    }

    private func bind(blob: [UInt8], at index: Int32) -> Int32 {
        unsafe blob.withUnsafeBytes { bytes in
            guard let count = Int32(exactly: bytes.count) else { return SQLITE_TOOBIG }
            guard count > 0, let start = bytes.baseAddress else {
                return unsafe sqlite3_bind_zeroblob(self.pointer, index, 0)
            }
            return unsafe vitrine_sqlite3_bind_blob_copy(self.pointer, index, start, count)
        }
    }
}
