import Testing

@testable import ServiceKit

@Suite("Settings from the environment")
struct ConfigReaderTests {
    private enum Colour: String, CaseIterable { case red, green }

    /// What a reading gives, and what it complains about.
    private func read<T>(_ value: String?, _ read: (ConfigReader) -> T) -> (value: T, complaints: [String]) {
        let reader = ConfigReader(value.map { ["X": $0] } ?? [:])
        let result = read(reader)
        do throws(ConfigurationError) { try reader.validate() } catch { return (result, error.messages) }
        return (result, [])
    }

    // MARK: Text

    @Test("A text is taken as it stands; unset and empty mean the default", arguments: [nil, ""])
    func texts(unset: String?) {
        #expect(self.read("a b ") { $0.string("X", default: "d") }.value == "a b ")
        #expect(self.read(" ") { $0.string("X") }.value == " ")
        #expect(self.read(unset) { $0.string("X", default: "d") }.value == "d")
        #expect(self.read(unset) { $0.string("X") }.value == nil)
    }

    @Test("An empty value is no wrong value, whatever the type", arguments: [nil, ""])
    func emptyIsUnset(unset: String?) {
        let reader = ConfigReader(unset.map { ["X": $0] } ?? [:])
        #expect(reader.integer("X", default: 7, in: 1...9) == 7)
        #expect(reader.bool("X", default: true))
        #expect(reader.duration("X", default: .seconds(3), in: .zero ... .seconds(9)) == .seconds(3))
        #expect(reader.list("X", default: ["d"]) == ["d"])
        #expect(reader.choice("X", default: Colour.green) == .green)
        #expect(throws: Never.self) { try reader.validate() }
    }

    // MARK: Numbers

    @Test("A whole number within its range is taken", arguments: [("1", 1), ("9", 9), ("+3", 3), ("007", 7)])
    func integers(text: String, expected: Int) {
        let result = self.read(text) { $0.integer("X", default: 5, in: 1...9) }
        #expect(result.value == expected)
        #expect(result.complaints.isEmpty)
    }

    @Test(
        "Anything else is refused with the range, and the default holds meanwhile",
        arguments: ["0", "10", "-1", "1.0", "1e1", " 1", "1 ", "one", "0x1", "1_0", "99999999999999999999"])
    func wrongIntegers(text: String) {
        let result = self.read(text) { $0.integer("X", default: 5, in: 1...9) }
        #expect(result.value == 5)
        #expect(result.complaints == ["X: '\(text)' is not a whole number from 1 to 9"])
    }

    // MARK: Booleans

    @Test(
        "A boolean is true, false, 1 or 0, in any case",
        arguments: [("true", true), ("TRUE", true), ("1", true), ("false", false), ("False", false), ("0", false)])
    func booleans(text: String, expected: Bool) {
        for fallback in [true, false] {
            let result = self.read(text) { $0.bool("X", default: fallback) }
            #expect(result.value == expected)
            #expect(result.complaints.isEmpty)
        }
    }

    @Test("Other words are refused rather than guessed at", arguments: ["yes", "no", "on", "off", "2", "t", "true "])
    func wrongBooleans(text: String) {
        let result = self.read(text) { $0.bool("X", default: true) }
        #expect(result.value)
        #expect(result.complaints == ["X: '\(text)' is neither true nor false"])
    }

    // MARK: Durations

    @Test(
        "A duration is a whole number and its unit",
        arguments: [
            ("0s", Duration.zero), ("250ms", .milliseconds(250)), ("30s", .seconds(30)), ("15m", .seconds(900)),
            ("1h", .seconds(3_600)), ("30d", .seconds(30 * 86_400)), ("1000000000ms", .seconds(1_000_000)),
        ])
    func durations(text: String, expected: Duration) {
        let result = self.read(text) { $0.duration("X", default: .seconds(1), in: .zero ... .seconds(1 << 40)) }
        #expect(result.value == expected)
        #expect(result.complaints.isEmpty)
    }

    @Test(
        "Without a unit, with a fraction, negative or absurd, it is refused",
        arguments: ["30", "s", "ms", "1.5s", "-1s", "1 s", "1S", "1w", "1us", "1000000001d", "99999999999999999999s"])
    func wrongDurations(text: String) {
        let result = self.read(text) { $0.duration("X", default: .seconds(1), in: .zero ... .seconds(1 << 40)) }
        #expect(result.value == .seconds(1))
        #expect(result.complaints.count == 1)
        #expect(result.complaints.first?.hasPrefix("X: '\(text)' is not a duration from ") == true)
    }

    @Test("The ends of a duration's range belong to it", arguments: [("1s", true), ("2m", true), ("999ms", false)])
    func durationRange(text: String, isAllowed: Bool) {
        let result = self.read(text) { $0.duration("X", default: .seconds(60), in: .seconds(1) ... .seconds(120)) }
        #expect(result.complaints.isEmpty == isAllowed)
        #expect((result.value == .seconds(60)) != isAllowed)
    }

    @Test("The complaint about a duration names the range in the units it is written in")
    func durationComplaint() {
        let result = self.read("1") { $0.duration("X", default: .seconds(60), in: .milliseconds(100) ... .seconds(90)) }
        #expect(result.complaints == ["X: '1' is not a duration from 100ms to 90s, such as 250ms, 30s or 15m"])
        let days = self.read("1") { $0.duration("X", default: .seconds(60), in: .zero ... .seconds(365 * 86_400)) }
        #expect(days.complaints == ["X: '1' is not a duration from 0s to 365d, such as 250ms, 30s or 15m"])
    }

    // MARK: Lists and choices

    @Test(
        "A list stands between commas; blanks around its values and empty ones do not count",
        arguments: [
            ("a", ["a"]), ("a,b", ["a", "b"]), (" a , b ", ["a", "b"]), ("a,,b,", ["a", "b"]), ("a b,c", ["a b", "c"]),
            (",", []), (" ", []), ("a,a", ["a", "a"]),
        ])
    func lists(text: String, expected: [String]) {
        #expect(self.read(text) { $0.list("X", default: ["d"]) }.value == expected)
    }

    @Test("A choice is one of its words, exactly")
    func choices() {
        #expect(self.read("red") { $0.choice("X", default: Colour.green) }.value == .red)
        for text in ["Red", "red ", "blue"] {
            let result = self.read(text) { $0.choice("X", default: Colour.green) }
            #expect(result.value == .green)
            #expect(result.complaints == ["X: '\(text)' is none of red, green"])
        }
    }

    // MARK: All at once

    @Test("Every wrong value is told in one error, in the order of reading")
    func collectsAll() {
        let reader = ConfigReader(["A": "x", "B": "x", "C": "1s", "D": "x", "E": "9"])
        _ = reader.integer("A", default: 1, in: 0...9)
        _ = reader.bool("B", default: true)
        _ = reader.duration("C", default: .zero, in: .zero ... .seconds(2))
        _ = reader.choice("D", default: Colour.red)
        reader.reject("E", "is not to be had")
        let error = #expect(throws: ConfigurationError.self) { try reader.validate() }
        #expect(error?.messages.map { $0.prefix(2) } == ["A:", "B:", "D:", "E:"])
        #expect(error?.messages.last == "E: is not to be had")
        #expect(error?.description.split(separator: "\n").count == 4)
    }

    @Test("A wrong value that two readers ask for is told once")
    func complainsOnce() {
        let result = self.read("x") { reader in
            _ = reader.bool("X", default: true)
            return reader.bool("X", default: true)
        }
        #expect(result.complaints.count == 1)
    }

    @Test("The reader knows which variables were asked for, set or not")
    func knownNames() {
        let reader = ConfigReader(["A": "1", "Z": "1"])
        _ = reader.string("A")
        _ = reader.integer("B", default: 1, in: 0...9)
        #expect(reader.knownNames == ["A", "B"])
        #expect(reader.variables == ["A": "1", "Z": "1"])
    }
}
