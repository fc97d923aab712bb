import HTTPCore
import JSON
import OrderDomain
import Routing

/// Which part of a list: by `page` and `limit`, or by `cursor`, beside which `page` counts for nothing.
struct Paging: Sendable {
    let page: Int
    let limit: Int
    /// The order after which to go on; nil at the beginning, and where pages are counted.
    let after: OrderID?

    /// How many come before; none after a cursor.
    var offset: Int { (self.page - 1) * self.limit }

    /// - Throws: `Problem` 400.
    init(_ query: QueryParameters) throws {
        let page = try query.integer("page", default: 1, in: 1...1_000_000)
        self.limit = try query.integer("limit", default: 20, in: 1...100)
        guard let cursor = query["cursor"] else {
            self.page = page
            self.after = nil
            return
        }
        self.page = 1
        self.after = cursor.isEmpty ? nil : try OrderCursor.read(cursor)
    }

    /// Writes a list as every list of the API looks.
    func write<T>(
        _ items: [T], total: Int, nextCursor: String?, to writer: inout JSONWriter,
        _ write: (T, inout JSONWriter) -> Void
    ) {
        writer.beginObject()
        writer.key("items")
        writer.beginArray()
        for item in items { write(item, &writer) }
        writer.endArray()
        writer.field("page", self.page)
        writer.field("limit", self.limit)
        writer.field("total", total)
        writer.field("next_cursor", nextCursor)
        writer.endObject()
    }
}

/// A place in the list of orders, as clients pass it on: the digits of the last order's id.
enum OrderCursor {
    static func text(_ id: OrderID) -> String { id.description.filter { $0 != "-" } }

    /// - Throws: `Problem` 400 for what is no cursor.
    static func read(_ text: String) throws -> OrderID {
        guard let id = self.id(text) else {
            throw Problem.badRequest(
                "The query parameter cursor is none of ours.", errors: [FieldError("cursor", "must be a next_cursor")])
        }
        return id
    }

    /// Nil for what is no cursor.
    static func id(_ text: String) -> OrderID? {
        var uuid = ""
        for (position, digit) in text.enumerated() {
            if position == 8 || position == 12 || position == 16 || position == 20 { uuid.append("-") }
            uuid.append(digit)
            guard position < 32 else { break }
        }
        return OrderID(uuid)
    }
}
