import OrderDomain
import Testing

@Suite("Order lines")
struct OrderLinesTests {
    private func line(_ product: String, _ quantity: Int) -> RequestedLine {
        RequestedLine(productID: product, quantity: quantity)
    }

    private func priced(_ product: String, _ quantity: Int, _ price: Int, _ currency: Currency = .usd) throws
        -> OrderLine
    {
        try OrderLine(
            productID: product, name: product, quantity: quantity,
            unitPrice: Money(minorUnits: price, currency: currency))
    }

    @Test("The same product twice is one line with the sum, and knows where it came from")
    func merging() throws {
        let lines = try RequestedLines(merging: [self.line("a", 2), self.line("b", 1), self.line("a", 3)])
        #expect(lines.lines == [self.line("a", 5), self.line("b", 1)])
        #expect(lines.origins == [0, 1])
    }

    @Test("Quantities are from 1 to 999, also added up")
    func quantities() throws {
        #expect(throws: RequestedLinesError.quantityOutOfRange(index: 0)) {
            try RequestedLines(merging: [self.line("a", 0)])
        }
        #expect(throws: RequestedLinesError.quantityOutOfRange(index: 1)) {
            try RequestedLines(merging: [self.line("a", 1), self.line("b", 1_000)])
        }
        #expect(throws: RequestedLinesError.quantityOutOfRange(index: 1)) {
            try RequestedLines(merging: [self.line("a", 999), self.line("a", 1)])
        }
        #expect(throws: RequestedLinesError.quantityOutOfRange(index: 0)) {
            try RequestedLines(merging: [self.line("a", .max), self.line("a", .max)])
        }
        #expect(try RequestedLines(merging: [self.line("a", 998), self.line("a", 1)]).lines == [self.line("a", 999)])
    }

    @Test("An order has from 1 to 100 different products")
    func count() throws {
        #expect(throws: RequestedLinesError.empty) { try RequestedLines(merging: []) }
        #expect(try RequestedLines(merging: (0..<100).map { self.line("\($0)", 1) }).lines.count == 100)
        #expect(throws: RequestedLinesError.tooMany) {
            try RequestedLines(merging: (0..<101).map { self.line("\($0)", 1) })
        }
        #expect(try RequestedLines(merging: (0..<200).map { self.line("\($0 % 100)", 1) }).lines.count == 100)
    }

    @Test("The total is the sum of price times quantity")
    func total() throws {
        let lines = try PricedLines([self.priced("a", 3, 19_99), self.priced("b", 1, 1), self.priced("c", 999, 0)])
        #expect(lines.lines.map(\.subtotal.minorUnits) == [59_97, 1, 0])
        #expect(lines.total.minorUnits == 59_98)
    }

    @Test("A subtotal or total that cannot be held is an error")
    func overflow() throws {
        #expect(throws: PricedLinesError.money(.tooLarge)) { try self.priced("a", 2, Money.minorUnitsMax) }
        let half = try self.priced("a", 1, Money.minorUnitsMax)
        let rest = try self.priced("b", 1, 1)
        #expect(throws: PricedLinesError.money(.tooLarge)) { try PricedLines([half, rest]) }
    }

    @Test("Lines without products, with one twice or with mixed currencies are refused")
    func refused() throws {
        let eur = try #require(Currency("EUR"))
        let (a, b, c) = (try self.priced("a", 1, 1), try self.priced("b", 1, 1, eur), try self.priced("a", 2, 1))
        #expect(throws: PricedLinesError.empty) { try PricedLines([]) }
        #expect(throws: PricedLinesError.productTwice) { try PricedLines([a, c]) }
        #expect(throws: PricedLinesError.money(.currencyMismatch(.usd, eur))) { try PricedLines([a, b]) }
        #expect(throws: PricedLinesError.quantityOutOfRange) { try self.priced("a", 0, 1) }
        #expect(throws: PricedLinesError.quantityOutOfRange) { try self.priced("a", 1_000, 1) }
        let many = try (0..<101).map { try self.priced("\($0)", 1, 1) }
        #expect(throws: PricedLinesError.tooMany) { try PricedLines(many) }
    }

    @Test("Prices answer a request when products and quantities are the same, in any order")
    func answers() throws {
        let requested = try RequestedLines(merging: [self.line("a", 2), self.line("b", 1)])
        #expect(try PricedLines([self.priced("b", 1, 5), self.priced("a", 2, 5)]).answers(requested))
        #expect(try !PricedLines([self.priced("a", 2, 5)]).answers(requested))
        #expect(try !PricedLines([self.priced("a", 1, 5), self.priced("b", 1, 5)]).answers(requested))
        #expect(try !PricedLines([self.priced("a", 2, 5), self.priced("c", 1, 5)]).answers(requested))
    }
}
