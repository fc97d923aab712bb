import Telemetry
import Testing

@Suite("Attribute keys")
struct AttributeKeyTests {
    private enum Colour: String, AttributeRepresentable {
        case darkRed = "dark_red"
    }

    @Test("Calling a key makes an attribute of its key, sensitivity and type")
    func makes() {
        #expect(Attribute.httpRoute("/a/{b}") == Attribute("http.route", "/a/{b}"))
        #expect(Attribute.serverPort(80) == Attribute("server.port", 80))
        #expect(Attribute.userRoles(["a"]) == Attribute("user.roles", .strings(["a"])))
        #expect(Attribute.userEmail("a@b.c") == Attribute("user.email", "a@b.c", sensitivity: .personal))
        let colour = AttributeKey<Colour>("shop.colour", .ours, "The colour.")
        #expect(colour(.darkRed) == Attribute("shop.colour", "dark_red"))
        #expect(colour.descriptor.type == .string)
    }

    @Test("An attribute carries its key, its value and whether it is personal, and nothing more")
    func size() {
        // Two words of key, two of value and a byte that tells its kind, a byte of sensitivity.
        #expect(MemoryLayout<Attribute>.size == 34)
    }

    @Test("A metric knows the values of its closed labels, each once")
    func labelValues() {
        enum Size: String, MetricLabel {
            case small, large
            static var labelName: String { "size" }
        }
        enum Place: String, MetricLabel {
            case here, there
            static var labelName: String { "place" }
        }
        let closed = CounterDescriptor<LabelPair<Size, Place>>("shop.x", unit: .none, help: "X.").description
        #expect(closed.labelValues == [["small", "large"], ["here", "there"]])
        let open = DynamicDescriptor(
            "shop.y", kind: .counter, unit: .none, help: "Y.", labelNames: ["who", "outcome"],
            labelValues: ["outcome": ["good", "bad"]]
        ).description
        #expect(open.labelValues == [[], ["good", "bad"]])
        #expect(open.stability == .development)
    }
}
