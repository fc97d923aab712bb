/// An amount in whole minor units of a currency, never below 0.
///
/// Arithmetic checks: an amount that cannot be held is an error, never a wrong number.
public struct Money: Hashable, Sendable, CustomStringConvertible {
    /// The largest amount, 10¹⁴ minor units: exact as a JSON number in any reader, and far from overflow in a sum.
    public static let minorUnitsMax = 100_000_000_000_000

    /// From 0 to `minorUnitsMax`.
    public let minorUnits: Int
    public let currency: Currency

    /// - Throws: `MoneyError.negative` or `.tooLarge`.
    public init(minorUnits: Int, currency: Currency) throws(MoneyError) {
        guard minorUnits >= 0 else { throw .negative }
        guard minorUnits <= Self.minorUnitsMax else { throw .tooLarge }
        self.minorUnits = minorUnits
        self.currency = currency
    }

    private init(zero currency: Currency) {
        self.minorUnits = 0
        self.currency = currency
    }

    public static func zero(_ currency: Currency) -> Money { Money(zero: currency) }

    /// - Throws: `MoneyError.currencyMismatch` or `.tooLarge`.
    public func adding(_ other: Money) throws(MoneyError) -> Money {
        guard other.currency == self.currency else { throw .currencyMismatch(self.currency, other.currency) }
        let (sum, overflow) = self.minorUnits.addingReportingOverflow(other.minorUnits)
        guard !overflow else { throw .tooLarge }
        return try Money(minorUnits: sum, currency: self.currency)
    }

    /// - Throws: `MoneyError.negative` for a quantity below 0, `.tooLarge`.
    public func multiplied(by quantity: Int) throws(MoneyError) -> Money {
        let (product, overflow) = self.minorUnits.multipliedReportingOverflow(by: quantity)
        guard !overflow else { throw quantity < 0 ? .negative : .tooLarge }
        return try Money(minorUnits: product, currency: self.currency)
    }

    /// For people: `1999 USD minor units`.
    public var description: String { "\(self.minorUnits) \(self.currency) minor units" }
}

/// Why an amount cannot be.
public enum MoneyError: Error, Hashable, Sendable {
    case negative
    /// Above `Money.minorUnitsMax`.
    case tooLarge
    case currencyMismatch(Currency, Currency)
}
