import HTTPCore
import JSON
import OrderDomain

/// Orders as the public API shows them.
enum OrderPayload {
    /// One order, as a document of its own.
    @Sendable
    static func bytes(_ order: Order) -> [UInt8] {
        var writer = JSONWriter(capacity: 512 + Self.lineCount(order) * 160)
        Self.write(order, to: &writer)
        return writer.bytes
    }

    /// Where an order is found.
    static func path(_ id: OrderID) -> String { "/api/v1/orders/\(id)" }

    /// Name, price and sums are null until the stock has been reserved.
    static func write(_ order: Order, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("id", order.id.description)
        writer.field("user_id", order.userID)
        writer.field("status", order.status.rawValue)
        Self.write("total_amount", order.total, to: &writer)
        writer.field("currency", (order.total?.currency ?? .usd).code)
        writer.field("payment_method", order.paymentMethod.rawValue)
        writer.key("items")
        writer.beginArray()
        Self.writeLines(order, to: &writer)
        writer.endArray()
        writer.key("shipping_address")
        if let address = order.shippingAddress { address.write(to: &writer) } else { writer.null() }
        writer.field("tracking_number", order.trackingNumber)
        writer.field("cancel_reason", order.cancelReason?.rawValue)
        Self.write("created_at", time: order.createdAt, to: &writer)
        Self.write("updated_at", time: order.updatedAt, to: &writer)
        writer.endObject()
    }

    static func write(_ event: OrderEvent, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("type", event.kind.rawValue)
        writer.field("status", event.status.rawValue)
        writer.field("detail", event.detail)
        Self.write("created_at", time: event.at, to: &writer)
        writer.endObject()
    }

    private static func lineCount(_ order: Order) -> Int {
        switch order.contents {
        case .requested(let requested): requested.lines.count
        case .priced(let priced): priced.lines.count
        }
    }

    private static func writeLines(_ order: Order, to writer: inout JSONWriter) {
        switch order.contents {
        case .requested(let requested):
            for line in requested.lines {
                Self.writeLine(line.productID, name: nil, line.quantity, price: nil, subtotal: nil, to: &writer)
            }
        case .priced(let priced):
            for line in priced.lines {
                Self.writeLine(
                    line.productID, name: line.name, line.quantity, price: line.unitPrice, subtotal: line.subtotal,
                    to: &writer)
            }
        }
    }

    private static func writeLine(
        _ productID: String, name: String?, _ quantity: Int, price: Money?, subtotal: Money?,
        to writer: inout JSONWriter
    ) {
        writer.beginObject()
        writer.field("product_id", productID)
        writer.field("name", name)
        writer.field("quantity", quantity)
        Self.write("price", price, to: &writer)
        Self.write("subtotal", subtotal, to: &writer)
        writer.endObject()
    }

    private static func write(_ key: StaticString, _ amount: Money?, to writer: inout JSONWriter) {
        if let amount {
            writer.field(key, minorUnits: amount.minorUnits)
        } else {
            writer.key(key)
            writer.null()
        }
    }

    private static func write(_ key: StaticString, time: Int, to writer: inout JSONWriter) {
        writer.field(key, RFC3339.string(microseconds: time))
    }
}
