import JSON
import OrderDomain

/// Addresses as JSON: a string, or an object of their parts. So they are stored, and so answers show them.
extension ShippingAddress {
    init?(stored text: String) {
        guard let value = try? JSONValue(parsing: text) else { return nil }
        switch value {
        case .string(let text): self = .text(text)
        case .object(let object):
            guard let line1 = object["line1"]?.string, let city = object["city"]?.string else { return nil }
            self = .postal(
                PostalAddress(
                    name: object["name"]?.string, line1: line1, line2: object["line2"]?.string, city: city,
                    region: object["region"]?.string, postalCode: object["postal_code"]?.string,
                    country: object["country"]?.string))
        default: return nil
        }
    }

    var stored: String {
        var writer = JSONWriter(capacity: 128)
        self.write(to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// Writes the address as a value; parts that were not given are left out.
    func write(to writer: inout JSONWriter) {
        switch self {
        case .text(let text): writer.value(text)
        case .postal(let address):
            writer.beginObject()
            if let name = address.name { writer.field("name", name) }
            writer.field("line1", address.line1)
            if let line2 = address.line2 { writer.field("line2", line2) }
            writer.field("city", address.city)
            if let region = address.region { writer.field("region", region) }
            if let postalCode = address.postalCode { writer.field("postal_code", postalCode) }
            if let country = address.country { writer.field("country", country) }
            writer.endObject()
        }
    }
}
