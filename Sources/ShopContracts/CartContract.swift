public import JSON

/// A cart as the order service sees it: what is in it, with the prices of this moment.
public struct CartSnapshot: Sendable, Hashable {
    public let userID: String
    /// Grows with every change; names this state of the cart.
    public let version: Int
    /// In the order in which the products were put in.
    public let items: [CartSnapshotItem]

    public init(userID: String, version: Int, items: [CartSnapshotItem]) {
        self.userID = userID
        self.version = version
        self.items = items
    }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("user_id", self.userID)
        writer.field("version", self.version)
        writer.key("items")
        writer.beginArray()
        for item in self.items { item.write(to: &writer) }
        writer.endArray()
        writer.endObject()
    }

    init(reading object: JSONObject) throws(PayloadError) {
        self.userID = try object.text("user_id")
        self.version = try object.integer("version")
        self.items = try object.objects("items") { item throws(PayloadError) in try CartSnapshotItem(reading: item) }
    }
}

/// A line of a cart. Name, price and currency are nil when the product does not exist any more.
public struct CartSnapshotItem: Sendable, Hashable {
    public let productID: String
    public let quantity: Int
    public let name: String?
    public let priceMinorUnits: Int?
    /// ISO 4217.
    public let currency: String?
    /// Whether the stock covers the quantity now.
    public let isAvailable: Bool

    public init(
        productID: String, quantity: Int, name: String?, priceMinorUnits: Int?, currency: String?, isAvailable: Bool
    ) {
        self.productID = productID
        self.quantity = quantity
        self.name = name
        self.priceMinorUnits = priceMinorUnits
        self.currency = currency
        self.isAvailable = isAvailable
    }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("product_id", self.productID)
        writer.field("quantity", self.quantity)
        writer.field("name", self.name)
        writer.key("price_minor_units")
        if let price = self.priceMinorUnits { writer.value(price) } else { writer.null() }
        writer.field("currency", self.currency)
        writer.field("available", self.isAvailable)
        writer.endObject()
    }

    init(reading object: JSONObject) throws(PayloadError) {
        self.productID = try object.text("product_id")
        self.quantity = try object.integer("quantity")
        self.name = try object.optionalText("name")
        switch object["price_minor_units"] {
        case nil, .null: self.priceMinorUnits = nil
        default: self.priceMinorUnits = try object.integer("price_minor_units")
        }
        self.currency = try object.optionalText("currency")
        guard let isAvailable = object["available"]?.bool else { throw PayloadError(field: "available") }
        self.isAvailable = isAvailable
    }
}

/// Paths of the cart service's internal routes, as templates.
public enum CartPaths {
    public static let cart = "/internal/v1/carts/{user_id}"
    public static let clear = "/internal/v1/carts/{user_id}/clear"
}
