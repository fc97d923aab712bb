/// A cart with what the catalogue says about its lines at this moment.
struct CartView: Sendable {
    /// A line and its product; nil when that does not exist any more, or is not known.
    struct Line: Sendable {
        let line: Cart.Line
        let product: CatalogueProduct?

        /// Whether the stock covers the quantity now; nil when the product is not there.
        var isAvailable: Bool? { self.product.map { $0.availableQuantity >= self.line.quantity } }

        var subtotal: Int? { self.product.flatMap { CartView.product($0.priceMinorUnits, self.line.quantity) } }
    }

    let userID: String
    let version: Int
    let lines: [Line]
    /// Whether the catalogue could not be asked, so that names and prices are not known.
    let isDegraded: Bool

    /// - Parameter products: nil when the catalogue could not be asked.
    init(_ cart: Cart, products: [CatalogueProduct]?) {
        self.userID = cart.userID
        self.version = cart.version
        self.isDegraded = products == nil
        let products = products ?? []
        // A few lines at most: a walk beats building a dictionary.
        self.lines = cart.lines.map { line in
            Line(line: line, product: products.first { $0.id == line.productID })
        }
    }

    /// That of the first line whose product is known.
    var currency: String? { self.lines.lazy.compactMap { $0.product?.currency }.first }

    /// The sum of the lines whose products exist; nil when prices are not known, or do not add up to one amount.
    var totalMinorUnits: Int? {
        guard !self.isDegraded else { return nil }
        var total = 0
        for line in self.lines {
            guard let product = line.product else { continue }
            guard product.currency == self.currency, let subtotal = line.subtotal else { return nil }
            let (sum, overflow) = total.addingReportingOverflow(subtotal)
            guard !overflow else { return nil }
            total = sum
        }
        return total
    }

    private static func product(_ price: Int, _ quantity: Int) -> Int? {
        let (product, overflow) = price.multipliedReportingOverflow(by: quantity)
        return overflow ? nil : product
    }
}
