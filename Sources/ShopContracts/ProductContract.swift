public import JSON

/// A product as other services see it: what they need to price a line, and how much of it can be bought.
public struct ProductSnapshot: Sendable, Hashable {
    public let id: String
    public let name: String
    public let priceMinorUnits: Int
    /// ISO 4217.
    public let currency: String
    /// Units that can be reserved now.
    public let availableQuantity: Int

    public init(id: String, name: String, priceMinorUnits: Int, currency: String, availableQuantity: Int) {
        self.id = id
        self.name = name
        self.priceMinorUnits = priceMinorUnits
        self.currency = currency
        self.availableQuantity = availableQuantity
    }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("id", self.id)
        writer.field("name", self.name)
        writer.field("price_minor_units", self.priceMinorUnits)
        writer.field("currency", self.currency)
        writer.field("available_quantity", self.availableQuantity)
        writer.endObject()
    }

    init(reading object: JSONObject) throws(PayloadError) {
        self.id = try object.text("id")
        self.name = try object.text("name")
        self.priceMinorUnits = try object.integer("price_minor_units")
        self.currency = try object.text("currency")
        self.availableQuantity = try object.integer("available_quantity")
    }
}

/// So many units of a product that an order wants.
public struct ReservationLine: Sendable, Hashable {
    public let productID: String
    /// From 1 to `quantityMax`.
    public let quantity: Int

    /// The most units one line may ask for.
    public static let quantityMax = 10_000
    /// The most lines one reservation may have.
    public static let linesMax = 100

    public init(productID: String, quantity: Int) {
        self.productID = productID
        self.quantity = quantity
    }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("product_id", self.productID)
        writer.field("quantity", self.quantity)
        writer.endObject()
    }
}

/// A line of a reservation, with the name and price it was reserved at.
public struct ReservedItem: Sendable, Hashable {
    public let productID: String
    public let name: String
    public let quantity: Int
    public let priceMinorUnits: Int
    /// ISO 4217.
    public let currency: String

    public init(productID: String, name: String, quantity: Int, priceMinorUnits: Int, currency: String) {
        self.productID = productID
        self.name = name
        self.quantity = quantity
        self.priceMinorUnits = priceMinorUnits
        self.currency = currency
    }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("product_id", self.productID)
        writer.field("name", self.name)
        writer.field("quantity", self.quantity)
        writer.field("price_minor_units", self.priceMinorUnits)
        writer.field("currency", self.currency)
        writer.endObject()
    }

    init(reading object: JSONObject) throws(PayloadError) {
        self.productID = try object.text("product_id")
        self.name = try object.text("name")
        self.quantity = try object.integer("quantity")
        self.priceMinorUnits = try object.integer("price_minor_units")
        self.currency = try object.text("currency")
    }
}

/// Stock set aside for an order.
public struct Reservation: Sendable, Hashable {
    public enum Status: String, Sendable, CaseIterable {
        /// Set aside until `expiresAt`.
        case held
        /// Sold.
        case confirmed
        /// Given back; it stays so.
        case released
    }

    public let orderID: String
    public let status: Status
    /// RFC 3339 in UTC; nil unless held.
    public let expiresAt: String?
    public let items: [ReservedItem]

    public init(orderID: String, status: Status, expiresAt: String?, items: [ReservedItem]) {
        self.orderID = orderID
        self.status = status
        self.expiresAt = expiresAt
        self.items = items
    }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("order_id", self.orderID)
        writer.field("status", self.status.rawValue)
        writer.field("expires_at", self.expiresAt)
        writer.key("items")
        writer.beginArray()
        for item in self.items { item.write(to: &writer) }
        writer.endArray()
        writer.endObject()
    }

    init(reading object: JSONObject) throws(PayloadError) {
        self.orderID = try object.text("order_id")
        guard let status = Status(rawValue: try object.text("status")) else { throw PayloadError(field: "status") }
        self.status = status
        self.expiresAt = try object.optionalText("expires_at")
        self.items = try object.objects("items") { item throws(PayloadError) in try ReservedItem(reading: item) }
    }
}

/// Paths of the product service's internal routes, as templates.
public enum ProductPaths {
    public static let batch = "/internal/v1/products/batch"
    public static let reservation = "/internal/v1/reservations/{order_id}"
    public static let confirm = "/internal/v1/reservations/{order_id}/confirm"
    public static let release = "/internal/v1/reservations/{order_id}/release"

    /// The most ids one batch takes.
    public static let batchMax = 100
}
