import HTTPCore
import JSON
import Routing

extension HTTPResponse {
    /// Says in a header which part of the answer is not known, for clients that do not read the body.
    private static let degraded: HTTPFieldName = "x-vitrine-degraded"

    /// A cart as the public API shows it.
    static func cart(_ view: CartView) -> HTTPResponse {
        var fields = HTTPFields()
        if view.isDegraded { fields.append(self.degraded, literal: "product") }
        return .json(fields: fields, capacity: 192 + view.lines.count * 192) { writer in
            writer.beginObject()
            writer.field("user_id", view.userID)
            writer.field("version", view.version)
            writer.key("items")
            writer.beginArray()
            for line in view.lines { line.write(to: &writer, isDegraded: view.isDegraded) }
            writer.endArray()
            writer.optionalField("total_amount", minorUnits: view.totalMinorUnits)
            writer.field("currency", view.currency ?? "USD")
            writer.field("degraded", view.isDegraded)
            writer.endObject()
        }
    }
}

extension CartView.Line {
    fileprivate func write(to writer: inout JSONWriter, isDegraded: Bool) {
        writer.beginObject()
        writer.field("product_id", self.line.productID)
        writer.field("name", self.product?.name)
        writer.field("quantity", self.line.quantity)
        writer.optionalField("price", minorUnits: self.product?.priceMinorUnits)
        writer.optionalField("subtotal", minorUnits: self.subtotal)
        if isDegraded {
            writer.key("available")
            writer.null()
        } else {
            writer.field("available", self.isAvailable ?? false)
        }
        writer.endObject()
    }
}

extension JSONWriter {
    fileprivate mutating func optionalField(_ key: StaticString, minorUnits: Int?) {
        if let minorUnits {
            self.field(key, minorUnits: minorUnits)
        } else {
            self.key(key)
            self.null()
        }
    }
}
