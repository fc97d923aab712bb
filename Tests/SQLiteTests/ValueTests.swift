import SQLite
import Testing

@Suite("Values in and out")
struct ValueTests {
    let folder = TemporaryFolder()

    private func open() throws -> SQLiteConnection {
        let database = try SQLiteConnection(path: self.folder.file("values.db"))
        try database.execute("CREATE TABLE IF NOT EXISTS v (x ANY) STRICT")
        return database
    }

    @Test(
        "Text comes back byte for byte",
        arguments: ["", "a", "fifteen bytes..", "sixteen bytes...", "zero \0 inside", "grüße 🛒", "'; DROP TABLE v; --"])
    func text(_ text: String) throws {
        let database = try self.open()
        try database.run("INSERT INTO v VALUES (?)", .text(text))
        let (read, isNull, bytes) = try #require(
            try database.first("SELECT x FROM v") { ($0.text(0), $0.isNull(0), $0.withUTF8(0) { Array($0) }) })
        #expect(read == text)
        #expect(!isNull)
        #expect(bytes == Array(text.utf8))
    }

    @Test("Integers keep all 64 bits", arguments: [0, 1, -1, Int.max, Int.min])
    func integers(_ number: Int) throws {
        let database = try self.open()
        try database.run("INSERT INTO v VALUES (?)", .integer(number))
        #expect(try database.first("SELECT x FROM v") { $0.int(0) } == number)
    }

    @Test("Blobs come back byte for byte, the empty one too", arguments: [[], [0], [0xFF, 0x00, 0x27]] as [[UInt8]])
    func blobs(_ bytes: [UInt8]) throws {
        let database = try self.open()
        try database.run("INSERT INTO v VALUES (?)", .blob(bytes))
        let type = try database.first("SELECT typeof(x) FROM v") { $0.text(0) }
        #expect(type == "blob")
        #expect(try database.first("SELECT x FROM v") { $0.blob(0) } == bytes)
    }

    @Test("NULL is nil where an optional is asked for, and zero or empty elsewhere")
    func null() throws {
        let database = try self.open()
        try database.run("INSERT INTO v VALUES (?)", .optional(nil as String?))
        try database.query("SELECT x FROM v") { row in
            // Read first: a row is not copyable, and `#expect` would copy it.
            let (isNull, text, int) = (row.isNull(0), row.optionalText(0), row.optionalInt(0))
            let (double, blob) = (row.optionalDouble(0), row.optionalBlob(0))
            #expect(isNull && text == nil && int == nil && double == nil && blob == nil)
            let (zero, empty, length) = (row.int(0), row.text(0), row.withUTF8(0) { $0.count })
            #expect(zero == 0 && empty == "" && length == 0)
        }
    }

    @Test("Literals become values of their own kind")
    func literals() throws {
        let database = try self.open()
        let kinds = try database.first(
            "SELECT typeof(?), typeof(?), typeof(?), typeof(?), ?", ["text", 7, 1.5, nil, true]
        ) { row in (0..<4).map { row.text($0) } + [String(row.int(4))] }
        #expect(kinds == ["text", "integer", "real", "null", "1"])
    }

    @Test("Text that is not UTF-8 is repaired in a string and left alone as bytes")
    func invalidUTF8() throws {
        let database = try self.open()
        let (text, bytes) = try #require(
            try database.first("SELECT CAST(x'41FF42' AS TEXT)") { ($0.text(0), $0.withUTF8(0) { Array($0) }) })
        #expect(text == "A\u{FFFD}B")
        #expect(bytes == [0x41, 0xFF, 0x42])
    }

    @Test("What a query was given does not stay in the statement cache")
    func bindingsAreCleared() throws {
        let database = try self.open()
        let sql: SQL = "SELECT ?"
        #expect(try database.first(sql, ["secret"]) { $0.text(0) } == "secret")
        #expect(throws: SQLiteError.self) { try database.first(sql) { $0.text(0) } }
    }

    @Test("A column out of range stops the program rather than read something else")
    func columnOutOfRange() async {
        await #expect(processExitsWith: .failure) {
            let database = try SQLiteConnection(path: ":memory:")
            try database.query("SELECT 1") { row in _ = row.int(1) }
        }
    }
}
