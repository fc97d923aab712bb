import JSON
import Testing

@Suite("JSON objects")
struct JSONObjectTests {
    @Test("Members are found by name, before and after the index is built", arguments: [1, 11, 12, 13, 14, 40])
    func lookup(_ count: Int) {
        var object = JSONObject()
        for index in 0..<count {
            let isNew = object.append("key \(index)", .number(JSONNumber(index)))
            #expect(isNew)
        }
        #expect(object.count == count)
        for index in 0..<count { #expect(object["key \(index)"]?.int == index) }
        #expect(object["key \(count)"] == nil)
        let isNew = object.append("key 0", .null)
        #expect(!isNew)
        #expect(object["key 0"]?.int == 0)
        #expect(object.keys == (0..<count).map { "key \($0)" })
    }

    @Test("Names that only look or normalise alike are different names")
    func exactNames() throws {
        // The Kelvin sign is canonically equivalent to K, and both spellings of é are to each other.
        let object = try #require(try JSONValue(parsing: "{\"K\":1,\"\u{212A}\":2,\"\u{E9}\":3,\"e\u{301}\":4}").object)
        #expect(object.count == 4)
        #expect(object["K"]?.int == 1)
        #expect(object["\u{212A}"]?.int == 2)
        #expect(object["e\u{301}"]?.int == 4)
    }

    @Test("A member that is null is there")
    func nullMember() throws {
        let value = try JSONValue(parsing: #"{"a":null}"#)
        #expect(value["a"] == .null)
        #expect(value["b"] == nil)
    }

    @Test("The order of members does not matter for equality, all else does")
    func equality() throws {
        let one = try JSONValue(parsing: #"{"a":1,"b":[1,2]}"#)
        let other = try JSONValue(parsing: #"{"b":[1,2],"a":1}"#)
        #expect(one == other)
        #expect(one.hashValue == other.hashValue)
        #expect(try one != JSONValue(parsing: #"{"a":1,"b":[2,1]}"#))
        #expect(try one != JSONValue(parsing: #"{"a":1}"#))
        #expect(try one != JSONValue(parsing: #"{"a":1,"c":[1,2]}"#))
    }

    @Test("Of a name given twice in a literal the first counts")
    func literal() {
        let object: JSONObject = ["a": .bool(true), "b": .null, "a": .bool(false)]
        #expect(object.keys == ["a", "b"])
        #expect(object["a"]?.bool == true)
    }
}
