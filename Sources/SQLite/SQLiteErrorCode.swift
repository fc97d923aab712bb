import CSQLite

/// What went wrong, told apart as far as a caller may want to act on it.
///
/// - SeeAlso: SQLite, "Result and Error Codes".
public enum SQLiteErrorCode: Sendable, Hashable {
    /// Another connection holds the lock longer than the busy timeout.
    case busy
    /// A conflict inside this connection or its shared cache.
    case locked
    case constraintUnique
    case constraintForeignKey
    case constraintCheck
    case constraintNotNull
    /// Any other constraint, for example one raised by a trigger.
    case constraint
    /// The file is a damaged database.
    case corrupt
    /// The file is no database at all.
    case notADatabase
    /// The disk or the quota is used up.
    case full
    case readOnly
    case ioError
    /// Stopped by a step limit or by `interrupt()`.
    case interrupt
    case cannotOpen
    case outOfMemory
    /// A text or blob above SQLite's limit.
    case tooBig
    /// Wrong SQL, or a missing table or column.
    case sql
    /// The wrapper was called wrongly, for example with too few bindings.
    case misuse
    /// A primary result code without a case of its own.
    case other(Int32)

    /// Sorts an extended result code.
    init(resultCode code: Int32) {
        self = Self.constraintKind(code) ?? Self.primaryKind(code & 0xff)
    }

    private static func constraintKind(_ code: Int32) -> SQLiteErrorCode? {
        guard code & 0xff == SQLITE_CONSTRAINT else { return nil }
        // The extended codes are macros of the form (SQLITE_CONSTRAINT | (n << 8)), which the importer does not see.
        return switch code >> 8 {
        case 1: .constraintCheck
        case 3: .constraintForeignKey
        case 5: .constraintNotNull
        case 6, 8, 10: .constraintUnique  // PRIMARYKEY, UNIQUE, ROWID
        default: .constraint
        }
    }

    private static func primaryKind(_ code: Int32) -> SQLiteErrorCode {
        switch code {
        case SQLITE_BUSY: .busy
        case SQLITE_LOCKED: .locked
        case SQLITE_CORRUPT: .corrupt
        case SQLITE_NOTADB: .notADatabase
        case SQLITE_FULL: .full
        case SQLITE_READONLY: .readOnly
        case SQLITE_IOERR: .ioError
        case SQLITE_INTERRUPT: .interrupt
        case SQLITE_CANTOPEN: .cannotOpen
        case SQLITE_NOMEM: .outOfMemory
        case SQLITE_TOOBIG: .tooBig
        case SQLITE_ERROR: .sql
        case SQLITE_MISUSE, SQLITE_RANGE: .misuse
        default: .other(code)
        }
    }

    /// Whether the statement broke a rule of the schema, so that the same values will break it again.
    public var isConstraint: Bool {
        switch self {
        case .constraint, .constraintUnique, .constraintForeignKey, .constraintCheck, .constraintNotNull: true
        default: false
        }
    }

    /// A short stable name, fit for the `error.type` of a metric or span.
    public var name: String {
        switch self {
        case .busy: "busy"
        case .locked: "locked"
        case .constraintUnique: "constraint_unique"
        case .constraintForeignKey: "constraint_foreign_key"
        case .constraintCheck: "constraint_check"
        case .constraintNotNull: "constraint_not_null"
        case .constraint: "constraint"
        case .corrupt: "corrupt"
        case .notADatabase: "not_a_database"
        case .full: "full"
        case .readOnly: "read_only"
        case .ioError: "io_error"
        case .interrupt: "interrupt"
        case .cannotOpen: "cannot_open"
        case .outOfMemory: "out_of_memory"
        case .tooBig: "too_big"
        case .sql: "sql"
        case .misuse: "misuse"
        case .other: "other"
        }
    }

    /// What a person can do about it; nil where only the program's author can.
    public var remedy: String? {
        switch self {
        case .busy:
            "another process or connection holds the database; let it finish, stop it, or raise the busy timeout"
        case .locked: "a read on the same connection is still open; finish it first"
        case .corrupt:
            "the file is damaged; stop the service, keep a copy, and restore a backup or try `sqlite3 <file> .recover`"
        case .notADatabase: "the file is not a SQLite database; check the path, or move the file away"
        case .full: "the disk is full; free some space and try again, nothing was lost"
        case .readOnly: "make the file and its folder writable for the user the service runs as"
        case .ioError: "the disk or file system reported an error; check the kernel log and the disk"
        case .interrupt:
            "the statement did more work than allowed here; give it an index, or run it away from the event loop"
        case .cannotOpen: "the folder must exist and be writable; check the path and its permissions"
        case .outOfMemory: "the machine is out of memory; free some or lower the cache size"
        case .tooBig: "the value is above 1,000,000,000 bytes; store less"
        case .constraint, .constraintUnique, .constraintForeignKey, .constraintCheck, .constraintNotNull: nil
        case .sql, .misuse, .other: nil
        }
    }
}
