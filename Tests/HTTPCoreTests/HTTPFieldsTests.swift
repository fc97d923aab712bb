import HTTPCore
import Testing

@Suite("Fields")
struct HTTPFieldsTests {
    @Test("Names are found whatever their case, known or not")
    func lookup() {
        var fields = HTTPFields()
        fields.append("Content-Type", "text/plain")
        fields.append("X-Own", "1")
        fields.append(.contentType, "second")
        #expect(fields[.contentType] == "text/plain")
        #expect(fields["x-own"] == "1")
        #expect(fields["X-OWN"] == "1")
        #expect(fields["x-owm"] == nil)
        #expect(fields[.eTag] == nil)
        #expect(fields.contains("CONTENT-TYPE"))
        #expect(fields.values(of: .contentType) == ["text/plain", "second"])
        #expect(fields.combined(.contentType) == "text/plain, second")
        #expect(fields.combined(.accept) == nil)
        #expect(fields.count == 3)
    }

    @Test("Setting replaces every value, setting nil removes them")
    func assignment() {
        var fields: HTTPFields = ["a": "1", "b": "2", "a": "3", "c": "4"]
        fields["a"] = "5"
        #expect(fields.lineTexts == ["b: 2", "c: 4", "a: 5"])
        fields["b"] = nil
        fields["missing"] = nil
        #expect(fields.lineTexts == ["c: 4", "a: 5"])
        #expect(fields["c"] == "4")
        fields.remove("c")
        fields.remove("a")
        #expect(fields.isEmpty)
        #expect(fields == HTTPFields())
    }

    @Test("A copy is not changed with its original")
    func valueSemantics() {
        var fields: HTTPFields = ["a": "1"]
        let copy = fields
        fields["a"] = "2"
        fields.append("b", "3")
        #expect(copy.lineTexts == ["a: 1"])
    }

    @Test(
        "A value cannot split a header",
        arguments: [
            ("a\r\nX: y", "a  X: y"), ("a\nb", "a b"), ("a\u{0}b", "a b"), ("\u{7F}", " "), ("a\tb", "a\tb"),
            ("  a \t", "a"),
            ("", ""), ("\r\n", "  "), ("caf\u{E9}", "caf\u{E9}"),
            ("0123456789\u{1F}0123456789", "0123456789 0123456789"),
        ])
    func sanitised(value: String, expected: String) {
        var fields = HTTPFields()
        fields.append("x", value)
        #expect(fields["x"] == expected)
        var bytes: [UInt8] = []
        fields.serialize(into: &bytes)
        #expect(utf8(bytes) == "x: \(expected)\r\n")
        #expect(bytes.count == fields.serializedCount)
    }

    @Test("Lines go to the wire in order, names in lower case")
    func serialisation() {
        var fields = HTTPFields()
        fields.append("Host", "a")
        fields.append(.contentLength, decimal: 0)
        fields.append(.age, decimal: -12)
        fields.append(.maxForwards, decimal: .max)
        fields.append(.eTag, literal: "\"x\"")
        var bytes: [UInt8] = [33]
        fields.serialize(into: &bytes)
        let expected =
            "!host: a\r\ncontent-length: 0\r\nage: -12\r\nmax-forwards: 9223372036854775807\r\netag: \"x\"\r\n"
        #expect(utf8(bytes) == expected)
    }

    @Test("Fields of two messages join")
    func joining() {
        var fields: HTTPFields = ["a": "1"]
        fields.append(contentsOf: ["host": "b", "c": "3"])
        #expect(fields.lineTexts == ["a: 1", "host: b", "c: 3"])
        #expect(fields[.host] == "b")
        #expect(fields["c"] == "3")
    }

    @Test("Bytes a decoder checked keep their well-known name")
    func decodedBytes() {
        var fields = HTTPFields()
        let name = Array("traceparent".utf8)
        let value = Array("00-x".utf8)
        name.withUnsafeBufferPointer { name in
            value.withUnsafeBufferPointer { value in fields.append(nameBytes: name, valueBytes: value) }
        }
        #expect(fields[.traceparent] == "00-x")
    }

    @Test("Whole values and members of lists are compared without case")
    func comparison() {
        let fields: HTTPFields = [
            "connection": "Keep-Alive, Upgrade", "expect": "100-Continue", "connection": "x,,close ",
        ]
        #expect(fields.valueEquals(.expect, ignoringCase: "100-continue"))
        #expect(!fields.valueEquals(.expect, ignoringCase: "100-continu"))
        #expect(!fields.valueEquals(.accept, ignoringCase: ""))
        #expect(fields.listContains(.connection, ignoringCase: "upgrade"))
        #expect(fields.listContains(.connection, ignoringCase: "close"))
        #expect(!fields.listContains(.connection, ignoringCase: "keep"))
        #expect(!fields.listContains(.connection, ignoringCase: ""))
    }

    @Test("A value can be read without a copy")
    func zeroCopy() {
        let fields: HTTPFields = ["a": "xyz"]
        #expect(fields.withValue("a") { $0.count } == 3)
        #expect(fields.withValue("b") { $0.count } == nil)
    }
}
