/// A call into SQLite that failed.
///
/// Bindings are never part of it, so it may be logged: only the statement's text is.
public struct SQLiteError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind, to decide by.
    public let code: SQLiteErrorCode
    /// SQLite's extended result code; 0 when the wrapper itself refused the call.
    public let extendedCode: Int32
    /// SQLite's own words, for example `UNIQUE constraint failed: users.email`.
    public let message: String
    /// The statement, nil when there was none.
    public let sql: String?

    public init(code: SQLiteErrorCode, extendedCode: Int32 = 0, message: String, sql: String? = nil) {
        self.code = code
        self.extendedCode = extendedCode
        self.message = message
        self.sql = sql
    }

    /// Sorts `resultCode`, which may be an extended one.
    init(resultCode: Int32, message: String, sql: String?) {
        self.init(code: SQLiteErrorCode(resultCode: resultCode), extendedCode: resultCode, message: message, sql: sql)
    }

    /// Whether the same call may well succeed a moment later.
    public var isRetryable: Bool {
        switch self.code {
        case .busy, .locked: true
        default: false
        }
    }

    /// One line: SQLite's words, the kind, the remedy and the statement.
    public var description: String {
        var text = "SQLite: \(self.message) (\(self.code.name)"
        if self.extendedCode != 0 { text += ", code \(self.extendedCode)" }
        text += ")"
        if let remedy = self.code.remedy { text += ": \(remedy)" }
        if let sql = self.sql { text += "; statement: \(Self.oneLine(sql))" }
        return text
    }

    /// The beginning of `sql` without line breaks.
    private static func oneLine(_ sql: String) -> String {
        let words = sql.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.count > 200 ? words.prefix(200) + "…" : words
    }
}
