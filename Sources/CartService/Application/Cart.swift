/// What a user means to buy: lines in the order in which the products were put in, and a version that grows with every
/// change. Reserves nothing.
struct Cart: Sendable, Hashable {
    /// The most lines.
    static let linesMax = 100
    /// The most of one product.
    static let quantityMax = 999

    struct Line: Sendable, Hashable {
        let productID: String
        var quantity: Int
        /// The cart's version when the product was put in: the order of lines.
        let addedIn: Int
        /// The cart's version when the line was changed last.
        var changedIn: Int
    }

    let userID: String
    /// 0 for a cart never touched.
    private(set) var version: Int
    private(set) var lines: [Line]

    /// - Parameter lines: in the order of `addedIn`.
    init(userID: String, version: Int = 0, lines: [Line] = []) {
        self.userID = userID
        self.version = version
        self.lines = lines
    }

    func line(of productID: String) -> Line? { self.lines.first { $0.productID == productID } }

    /// Adds to what is there.
    ///
    /// - Parameter isVerified: whether the product is known to exist; without it only a line that is there can grow.
    /// - Throws: `CartError.unverified`, `.tooManyOfOne`, `.full`.
    mutating func add(_ quantity: Int, of productID: String, isVerified: Bool) throws(CartError) {
        if let place = self.lines.firstIndex(where: { $0.productID == productID }) {
            let present = self.lines[place].quantity
            guard present <= Self.quantityMax - quantity else { throw .tooManyOfOne(present: present) }
            self.change(place, to: present + quantity)
            return
        }
        guard isVerified else { throw .unverified }
        guard quantity <= Self.quantityMax else { throw .tooManyOfOne(present: 0) }
        guard self.lines.count < Self.linesMax else { throw .full }
        self.version += 1
        self.lines.append(
            Line(productID: productID, quantity: quantity, addedIn: self.version, changedIn: self.version))
    }

    /// Sets the quantity of a line that is there; 0 takes it out.
    /// - Throws: `CartError.notInCart`.
    mutating func set(_ quantity: Int, of productID: String) throws(CartError) {
        guard let place = self.lines.firstIndex(where: { $0.productID == productID }) else { throw .notInCart }
        if quantity > 0 {
            self.change(place, to: quantity)
        } else {
            self.version += 1
            self.lines.remove(at: place)
        }
    }

    private mutating func change(_ place: Int, to quantity: Int) {
        self.version += 1
        self.lines[place].quantity = quantity
        self.lines[place].changedIn = self.version
    }

    /// Takes everything out.
    mutating func clear() { self.clear(through: self.version) }

    /// Takes out what has not changed since `version`: what an order made of that version has bought.
    mutating func clear(through version: Int) {
        let kept = self.lines.filter { $0.changedIn > version }
        guard kept.count != self.lines.count else { return }
        self.version += 1
        self.lines = kept
    }
}

/// What a cart refuses.
enum CartError: Error, Sendable, Hashable {
    case notInCart
    /// The product is not in the cart yet and could not be looked up.
    case unverified
    /// More than `Cart.quantityMax` of a product, with what is there already.
    case tooManyOfOne(present: Int)
    /// `Cart.linesMax` lines already.
    case full
}
