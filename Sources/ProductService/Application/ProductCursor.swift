import Security

/// The place in an ordered list behind one product, as a client carries it from page to page.
///
/// It holds what the list is sorted by, so that the next page begins there whatever is added or removed meanwhile. Ranks
/// depend on the whole catalogue and cannot be held; behind a search it is a position.
struct ProductCursor: Sendable, Hashable {
    enum Key: Sendable, Hashable {
        /// The product's number is all the order needs.
        case age
        case price(Int)
        case name(String)
        /// So many products come before.
        case position(Int)
    }

    let sort: ProductSort
    /// The number of the product that was last.
    let number: Int
    let key: Key

    /// The most bytes of a cursor that are read: a name of 200 characters fits in any script.
    static let textBytesMax = 1_200
    /// Positions behind a search end here.
    static let positionMax = 100_000_000

    var offset: Int {
        if case .position(let count) = self.key { count } else { 0 }
    }
}

extension ProductCursor {
    /// `n.241`, `p.241.1999`, `a.241.Teapot`, `r.0.40`, in base64url.
    var text: String {
        let head = "\(self.sort.code).\(self.number)"
        let plain =
            switch self.key {
            case .age: head
            case .price(let price): "\(head).\(price)"
            case .name(let name): "\(head).\(name)"
            case .position(let count): "\(head).\(count)"
            }
        return Base64URL.text(Array(plain.utf8))
    }

    /// Nil for what is no cursor.
    init?(_ text: String) {
        guard text.utf8.count <= Self.textBytesMax, let bytes = Base64URL.bytes(text.utf8),
            let decoded = String(validating: bytes, as: UTF8.self)
        else { return nil }
        let parts = decoded.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, parts[0].count == 1, let sort = parts[0].first.flatMap(ProductSort.init(code:)),
            let number = Int(parts[1]), number >= 0,
            let key = Self.key(sort, parts.count > 2 ? String(parts[2]) : nil)
        else { return nil }
        self.init(sort: sort, number: number, key: key)
    }

    private static func key(_ sort: ProductSort, _ text: String?) -> Key? {
        switch sort {
        case .newest, .oldest: text == nil ? .age : nil
        case .priceAscending, .priceDescending: text.flatMap { Int($0) }.map(Key.price)
        case .nameAscending, .nameDescending: text.map(Key.name)
        case .relevance:
            text.flatMap { Int($0) }.flatMap { (0...Self.positionMax).contains($0) ? .position($0) : nil }
        }
    }
}
