import OrderDomain
import Testing

@Suite("Money")
struct MoneyTests {
    private func usd(_ minorUnits: Int) throws -> Money { try Money(minorUnits: minorUnits, currency: .usd) }

    @Test("An amount is from nothing to the largest a JSON number holds exactly")
    func bounds() throws {
        #expect(try self.usd(0).minorUnits == 0)
        #expect(try self.usd(Money.minorUnitsMax).minorUnits == Money.minorUnitsMax)
        #expect(throws: MoneyError.negative) { try self.usd(-1) }
        #expect(throws: MoneyError.tooLarge) { try self.usd(Money.minorUnitsMax + 1) }
        #expect(Double(Money.minorUnitsMax) == Double(exactly: Money.minorUnitsMax))
    }

    @Test("A sum that cannot be held is an error")
    func sums() throws {
        #expect(try self.usd(19_99).adding(self.usd(1)) == self.usd(20_00))
        #expect(throws: MoneyError.tooLarge) { try self.usd(Money.minorUnitsMax).adding(self.usd(1)) }
    }

    @Test("A product that cannot be held is an error, also past the largest integer")
    func products() throws {
        #expect(try self.usd(19_99).multiplied(by: 3) == self.usd(59_97))
        #expect(try self.usd(19_99).multiplied(by: 0) == Money.zero(.usd))
        #expect(throws: MoneyError.tooLarge) { try self.usd(Money.minorUnitsMax).multiplied(by: 2) }
        #expect(throws: MoneyError.tooLarge) { try self.usd(Money.minorUnitsMax).multiplied(by: .max) }
        #expect(throws: MoneyError.negative) { try self.usd(1).multiplied(by: -1) }
        #expect(throws: MoneyError.negative) { try self.usd(Money.minorUnitsMax).multiplied(by: .min) }
    }

    @Test("Amounts of different currencies do not add up")
    func currencies() throws {
        let eur = try #require(Currency("EUR"))
        #expect(throws: MoneyError.currencyMismatch(.usd, eur)) {
            try self.usd(1).adding(Money(minorUnits: 1, currency: eur))
        }
    }

    @Test("A currency is three capital letters", arguments: ["", "US", "usd", "USDX", "U$D", "ÄÖÜ"])
    func badCurrency(code: String) { #expect(Currency(code) == nil) }
}
