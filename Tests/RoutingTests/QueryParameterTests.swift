import HTTPCore
import Routing
import Testing

@Suite("Query parameters")
struct QueryParameterTests {
    enum Sort: String, CaseIterable { case name, price }

    /// The problem's status and the field it names.
    private func refusal(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch let problem as Problem {
            return "\(problem.status.code) \(problem.errors.map(\.field).joined())"
        } catch {
            return "\(error)"
        }
    }

    @Test(
        "The first value of a name counts, decoded as forms are written",
        arguments: [
            ("q=tea", "tea"), ("a=1&q=tea&q=mug", "tea"), ("q=green+tea%21", "green tea!"), ("q=%C3%A9", "é"),
            ("q=", ""),
            ("q", ""), ("&&q=x&", "x"), ("%71=tea", "tea"), ("q=a=b", "a=b"), ("q=%2B", "+"),
        ])
    func decodes(query: String, value: String) {
        #expect(QueryParameters(query)["q"] == value)
    }

    @Test("An absent name has no value", arguments: [nil, "", "x=1", "Q=1", "qq=1", "=q"] as [String?])
    func isAbsent(query: String?) throws {
        let parameters = QueryParameters(query)
        #expect(parameters["q"] == nil)
        #expect(try parameters.integer("q", default: 7, in: 1...9) == 7)
        #expect(try parameters.minorUnits("q") == nil)
        #expect(try parameters.bool("q") == nil)
        #expect(try parameters.choice("q", of: Sort.self) == nil)
        #expect(try parameters.text("q", bytesMax: 3) == nil)
    }

    @Test("Whole numbers within range are read", arguments: [("1", 1), ("100", 100), ("007", 7), ("-5", -5)])
    func readsIntegers(text: String, value: Int) throws {
        #expect(try QueryParameters("n=\(text)").integer("n", default: 0, in: -5...100) == value)
    }

    @Test(
        "Anything else is refused by name",
        arguments: ["", "x", "1.0", "1e2", "0x1", "101", "-6", "99999999999999999999", "1 ", "%201", "--1", "%D9%A1"])
    func refusesIntegers(text: String) {
        let parameters = QueryParameters("n=\(text)")
        #expect(self.refusal { _ = try parameters.integer("n", default: 0, in: -5...100) } == "400 n")
    }

    @Test(
        "Amounts become minor units exactly",
        arguments: [
            ("19.99", 1_999), ("0", 0), ("0.5", 50), ("7.", nil), ("999999.99", 99_999_999), ("19.9", 1_990),
            ("5", 500),
        ]
            as [(String, Int?)])
    func readsAmounts(text: String, units: Int?) throws {
        let parameters = QueryParameters("p=\(text)")
        if let units {
            #expect(try parameters.minorUnits("p") == units)
        } else {
            #expect(self.refusal { _ = try parameters.minorUnits("p") } == "400 p")
        }
    }

    @Test(
        "What is no amount is refused",
        arguments: ["", ".", ".5", "-1", "1.999", "1e3", "1,5", "1000000", "1.2.3", "+1", "x"])
    func refusesAmounts(text: String) {
        #expect(self.refusal { _ = try QueryParameters("p=\(text)").minorUnits("p") } == "400 p")
    }

    @Test("Truth, choice and text are read or refused")
    func readsTheRest() throws {
        let parameters = QueryParameters("a=true&b=0&c=yes&d=price&e=Price&f=abc&g=%C3%A9%C3%A9")
        #expect(try parameters.bool("a") == true)
        #expect(try parameters.bool("b") == false)
        #expect(self.refusal { _ = try parameters.bool("c") } == "400 c")
        #expect(try parameters.choice("d", of: Sort.self) == .price)
        #expect(self.refusal { _ = try parameters.choice("e", of: Sort.self) } == "400 e")
        #expect(try parameters.text("f", bytesMax: 3) == "abc")
        #expect(self.refusal { _ = try parameters.text("g", bytesMax: 3) } == "400 g")
    }
}
