import HTTPCore
import JSON
import Routing
import Testing

@Suite("Reading payloads")
struct PayloadReaderTests {
    enum Colour: String, CaseIterable { case red, green }

    private static let id = "0190c0de-0000-7000-8000-0000000000aa"

    private static func reader(_ json: String) throws -> PayloadReader {
        guard case .object(let object) = try JSONValue(parsing: Array(json.utf8)) else { throw NotAnObject() }
        return PayloadReader(object)
    }

    struct NotAnObject: Error {}

    /// What `validate` says: the status and every field with its message.
    private static func verdict(_ reader: PayloadReader) -> String {
        do {
            try reader.validate()
            return "fine"
        } catch let problem as Problem {
            return "\(problem.status.code) "
                + problem.errors.map { "\($0.field) \($0.message)" }.joined(separator: "; ")
        } catch {
            return "\(error)"
        }
    }

    /// One value of the field `f`, a reader of it, and what both give.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let json: String
        let value: String
        let verdict: String
        let read: @Sendable (inout PayloadReader) -> String
        var testDescription: String { "\(self.name) of \(self.json)" }
    }

    private static func cases(
        _ name: String, _ rows: [(json: String?, value: String, verdict: String)],
        _ read: @escaping @Sendable (inout PayloadReader) -> String
    ) -> [Case] {
        rows.map { row in
            Case(
                name: name, json: row.json.map { "{\"f\":\($0)}" } ?? "{}", value: row.value, verdict: row.verdict,
                read: read)
        }
    }

    static let all: [Case] =
        Self.cases(
            "string",
            [
                ("\"abc\"", "abc", "fine"), ("\" \\t abc\\n \"", "abc", "fine"), ("\"éé\"", "éé", "fine"),
                (nil, "", "422 f is required"), ("null", "", "422 f is required"), ("7", "", "400 f must be a string"),
                ("[]", "", "400 f must be a string"), ("\"a\"", "", "422 f must have at least 2 characters"),
                ("\"   \"", "", "422 f must have at least 2 characters"),
                ("\"abcde\"", "", "422 f must have at most 4 characters"),
                ("\"a\\u0000b\"", "", "422 f must not contain control characters"),
                ("\"a\\u007fb\"", "", "422 f must not contain control characters"), ("\"a\\n\\tb\"", "a\n\tb", "fine"),
            ]
        ) { $0.string("f", length: 2...4) }
        + Self.cases(
            "string that must not be empty",
            [
                ("\"\"", "", "422 f must not be empty"), ("\" \"", "", "422 f must not be empty"),
                ("\"a\"", "a", "fine"),
            ]
        ) { $0.string("f", length: 1...4) }
        + Self.cases(
            "optional string",
            [
                (nil, "nil", "fine"), ("null", "nil", "fine"), ("\"ab\"", "ab", "fine"),
                ("true", "nil", "400 f must be a string"),
                ("\"a\"", "nil", "422 f must have at least 2 characters"),
            ]
        ) { $0.optionalString("f", length: 2...4) ?? "nil" }
        + Self.cases(
            "raw string",
            [
                ("\"  a \"", "  a ", "fine"), (nil, "nil", "fine"), ("null", "nil", "fine"),
                ("{}", "nil", "400 f must be a string"),
            ]
        ) { $0.rawString("f") ?? "nil" }
        + Self.cases(
            "id",
            [
                ("\"\(Self.id)\"", Self.id, "fine"), ("\"\(Self.id.uppercased())\"", Self.id, "fine"),
                (nil, "", "422 f is required"), ("null", "", "422 f is required"),
                ("\"x\"", "", "422 f must be a UUID"),
                ("1", "", "400 f must be a string"),
            ]
        ) { $0.id("f") }
        + Self.cases(
            "optional id",
            [
                (nil, "nil", "fine"), ("null", "nil", "fine"), ("\"x\"", "nil", "422 f must be a UUID"),
            ]
        ) { $0.optionalID("f") ?? "nil" }
        + Self.cases(
            "choice",
            [
                ("\"red\"", "red", "fine"), (nil, "nil", "fine"), ("null", "nil", "fine"),
                ("\"blue\"", "nil", "422 f must be one of red, green"), ("0", "nil", "400 f must be a string"),
            ]
        ) { $0.choice("f", of: Colour.self)?.rawValue ?? "nil" }
        + Self.cases(
            "integer",
            [
                ("3", "3", "fine"), ("3.0", "3", "fine"), ("3e0", "3", "fine"), (nil, "0", "422 f is required"),
                ("null", "0", "422 f is required"), ("1.5", "0", "422 f must be a whole number"),
                ("9", "0", "422 f must be from 1 to 5"), ("-1", "0", "422 f must be from 1 to 5"),
                ("\"3\"", "0", "400 f must be a whole number"), ("1e30", "0", "422 f must be a whole number"),
                ("1e999", "0", "400 f must be a whole number"),
            ]
        ) { String($0.integer("f", in: 1...5)) }
        + Self.cases(
            "optional integer",
            [
                (nil, "nil", "fine"), ("null", "nil", "fine"), ("2", "2", "fine"),
                ("[2]", "nil", "400 f must be a whole number"),
            ]
        ) { $0.optionalInteger("f", in: 1...5).map { "\($0)" } ?? "nil" }
        + Self.cases(
            "minor units",
            [
                ("19.99", "1999", "fine"), ("19.990", "1999", "fine"), ("0.1", "10", "fine"),
                (nil, "0", "422 f is required"),
                ("null", "0", "422 f is required"),
                ("19.999", "0", "422 f must be an amount from 0.10 to 50.00 with at most two decimals"),
                ("50.01", "0", "422 f must be an amount from 0.10 to 50.00 with at most two decimals"),
                ("\"19.99\"", "0", "400 f must be a number"),
            ]
        ) { String($0.minorUnits("f", in: 10...5_000)) }
        + Self.cases(
            "optional minor units",
            [
                (nil, "nil", "fine"), ("null", "nil", "fine"), ("1", "100", "fine"),
                ("true", "nil", "400 f must be a number"),
            ]
        ) { $0.optionalMinorUnits("f", in: 10...5_000).map { "\($0)" } ?? "nil" }
        + Self.cases(
            "bool",
            [
                ("true", "true", "fine"), ("false", "false", "fine"), (nil, "nil", "fine"), ("null", "nil", "fine"),
                ("0", "nil", "400 f must be true or false"), ("\"true\"", "nil", "400 f must be true or false"),
            ]
        ) { $0.optionalBool("f").map { "\($0)" } ?? "nil" }
        + Self.cases(
            "object",
            [
                ("{\"n\":1}", "1", "fine"), (nil, "nil", "fine"), ("null", "nil", "fine"),
                ("[]", "nil", "400 f must be an object"),
                ("{}", "0", "422 f.n is required"), ("{\"n\":\"x\"}", "0", "400 f.n must be a whole number"),
            ]
        ) { $0.optionalObject("f") { $0.integer("n", in: 1...5) }.map { "\($0)" } ?? "nil" }
        + Self.cases(
            "objects",
            [
                ("[{\"n\":1},{\"n\":2}]", "[1, 2]", "fine"), (nil, "nil", "fine"), ("null", "nil", "fine"),
                ("{}", "nil", "400 f must be an array"), ("[]", "nil", "422 f must have from 1 to 3 elements"),
                ("[{\"n\":1},{},{},{}]", "nil", "422 f must have from 1 to 3 elements"),
                ("[{\"n\":1},7]", "[1]", "400 f[1] must be an object"),
                ("[{\"n\":1},null]", "[1]", "400 f[1] must be an object"),
                ("[{\"n\":1},{\"n\":9}]", "[1, 0]", "422 f[1].n must be from 1 to 5"),
            ]
        ) { $0.optionalObjects("f", count: 1...3) { $0.integer("n", in: 1...5) }.map { "\($0)" } ?? "nil" }

    @Test("Every kind of value is read, missed or refused as it should be", arguments: all)
    func reads(_ row: Case) throws {
        var reader = try Self.reader(row.json)
        #expect(row.read(&reader) == row.value)
        #expect(Self.verdict(reader) == row.verdict)
    }

    @Test("All that is wrong is told at once; a wrong type makes it 400")
    func collects() throws {
        var reader = try Self.reader(#"{"name":"","price":"x","lines":[{"q":0},{"q":"y"}]}"#)
        _ = reader.string("name", length: 1...9)
        _ = reader.minorUnits("price", in: 0...100)
        _ = reader.optionalObjects("lines", count: 1...9) { $0.integer("q", in: 1...9) }
        reader.reject("other", "is taken")
        #expect(
            Self.verdict(reader)
                == "400 price must be a number; lines[1].q must be a whole number; name must not be empty; "
                + "lines[0].q must be from 1 to 9; other is taken")
    }

    @Test("A field is there unless it is absent or null")
    func knowsPresence() throws {
        let reader = try Self.reader(#"{"a":0,"b":null,"c":false,"d":""}"#)
        #expect(["a", "b", "c", "d", "e"].map { reader.has($0) } == [true, false, true, true, false])
    }

    @Test("Names nest to any depth in what is reported")
    func nestsNames() throws {
        var reader = try Self.reader(#"{"a":{"b":[{"c":{}}]}}"#)
        _ = reader.optionalObject("a") { a in
            a.optionalObjects("b", count: 1...1) { b in
                b.optionalObject("c") { c in
                    c.reject("x", "is odd")
                    return c.string("d", length: 1...2)
                }
            }
        }
        #expect(Self.verdict(reader) == "422 a.b[0].c.x is odd; a.b[0].c.d is required")
    }
}
