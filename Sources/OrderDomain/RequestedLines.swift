/// A product and how many of it someone wants.
public struct RequestedLine: Hashable, Sendable {
    public let productID: String
    public let quantity: Int

    public init(productID: String, quantity: Int) {
        self.productID = productID
        self.quantity = quantity
    }
}

/// What an order asks for: 1 to 100 different products, 1 to 999 of each.
public struct RequestedLines: Hashable, Sendable {
    /// The most lines of an order.
    public static let countMax = 100
    /// The most of one product.
    public static let quantityMax = 999

    public let lines: [RequestedLine]
    /// For each line, the index of the first given one it comes from.
    public let origins: [Int]

    /// Adds up what is given twice.
    ///
    /// - Throws: `RequestedLinesError`, the first that applies.
    public init(merging given: [RequestedLine]) throws(RequestedLinesError) {
        guard !given.isEmpty else { throw .empty }
        var lines: [RequestedLine] = []
        var origins: [Int] = []
        var places: [String: Int] = [:]
        for (index, line) in given.enumerated() {
            guard (1...Self.quantityMax).contains(line.quantity) else { throw .quantityOutOfRange(index: index) }
            guard let place = places[line.productID] else {
                places[line.productID] = lines.count
                lines.append(line)
                origins.append(index)
                continue
            }
            let sum = lines[place].quantity + line.quantity
            guard sum <= Self.quantityMax else { throw .quantityOutOfRange(index: index) }
            lines[place] = RequestedLine(productID: line.productID, quantity: sum)
        }
        guard lines.count <= Self.countMax else { throw .tooMany }
        self.lines = lines
        self.origins = origins
    }
}

/// Why lines cannot be ordered.
public enum RequestedLinesError: Error, Hashable, Sendable {
    case empty
    /// More than `RequestedLines.countMax` different products.
    case tooMany
    /// A quantity, alone or added up, is not from 1 to `RequestedLines.quantityMax`; `index` is the given line at
    /// fault.
    case quantityOutOfRange(index: Int)
}
