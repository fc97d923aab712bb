import OrderDomain
import Testing

@Suite("Order ids")
struct OrderIDTests {
    @Test("Capitals become small letters, so that one id has one text")
    func canonical() throws {
        let id = try #require(OrderID("01975B0E-3C4F-7A11-8D52-9B1F0A6C2E77"))
        #expect(id.description == "01975b0e-3c4f-7a11-8d52-9b1f0a6c2e77")
        #expect(id == OrderID(id.description))
    }

    @Test(
        "What is no UUID is no order id",
        arguments: [
            "", "01975b0e", "01975b0e3c4f7a118d529b1f0a6c2e77", "01975b0e-3c4f-7a11-8d52-9b1f0a6c2e7",
            "{01975b0e-3c4f-7a11-8d52-9b1f0a6c2e}",
            "01975b0g-3c4f-7a11-8d52-9b1f0a6c2e77", "01975b0e-3c4f-7a11-8d529-b1f0a6c2e77",
            "01975b0e-3c4f-7a11-8d52-9b1f0a6c2e77 ",
        ])
    func refused(text: String) { #expect(OrderID(text) == nil) }

    @Test("Later ids of version 7 come after earlier ones")
    func ordered() throws {
        let early = try #require(OrderID("01975b0e-3c4f-7a11-8d52-9b1f0a6c2e77"))
        let late = try #require(OrderID("01975b0e-3c50-7000-8000-000000000000"))
        #expect(early < late && !(late < early))
    }
}
