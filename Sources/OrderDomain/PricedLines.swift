/// A line of an order with the name and price the product had when its stock was reserved.
public struct OrderLine: Hashable, Sendable {
    public let productID: String
    public let name: String
    /// From 1 to `RequestedLines.quantityMax`.
    public let quantity: Int
    public let unitPrice: Money
    /// `unitPrice` times `quantity`.
    public let subtotal: Money

    /// - Throws: `PricedLinesError.quantityOutOfRange` or `.money`.
    public init(productID: String, name: String, quantity: Int, unitPrice: Money) throws(PricedLinesError) {
        guard (1...RequestedLines.quantityMax).contains(quantity) else { throw .quantityOutOfRange }
        do {
            self.subtotal = try unitPrice.multiplied(by: quantity)
        } catch {
            throw .money(error)
        }
        self.productID = productID
        self.name = name
        self.quantity = quantity
        self.unitPrice = unitPrice
    }
}

/// The lines of an order with their prices, and what they come to.
public struct PricedLines: Hashable, Sendable {
    public let lines: [OrderLine]
    /// The sum of the subtotals.
    public let total: Money

    /// - Throws: `PricedLinesError` when there are none or too many, a product stands twice, currencies differ or the
    ///   sum cannot be held.
    public init(_ lines: [OrderLine]) throws(PricedLinesError) {
        guard let first = lines.first else { throw .empty }
        guard lines.count <= RequestedLines.countMax else { throw .tooMany }
        guard Set(lines.map(\.productID)).count == lines.count else { throw .productTwice }
        var total = Money.zero(first.unitPrice.currency)
        for line in lines {
            do throws(MoneyError) {
                total = try total.adding(line.subtotal)
            } catch {
                throw .money(error)
            }
        }
        self.lines = lines
        self.total = total
    }

    /// Whether these are the products and quantities of `requested`, in any order.
    public func answers(_ requested: RequestedLines) -> Bool {
        guard self.lines.count == requested.lines.count else { return false }
        let quantities = Dictionary(
            self.lines.map { ($0.productID, $0.quantity) }, uniquingKeysWith: { first, _ in first })
        return requested.lines.allSatisfy { quantities[$0.productID] == $0.quantity }
    }
}

/// Why lines cannot be priced.
public enum PricedLinesError: Error, Hashable, Sendable {
    case empty
    case tooMany
    case productTwice
    case quantityOutOfRange
    case money(MoneyError)
}
