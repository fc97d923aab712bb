import HTTPCore
import JSON
import Persistence
import SQLite
import ShopContracts
import Synchronization
import Telemetry
import Testing

@testable import ProductService

extension Shop {
    /// Adds categories by name, at the top.
    func add(_ categories: [String]) async throws {
        for name in categories {
            let answer = await self.send(.post, "/api/v1/categories", as: .admin, #"{"name": "\#(name)"}"#)
            try #require(answer.status == 201, "\(answer.text)")
        }
    }

    /// Adds a product and returns its id.
    @discardableResult
    func addProduct(
        _ name: String = "Teapot", price: String = "19.99", stock: Int = 10, category: String = "audio",
        description: String = ""
    ) async throws -> String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("name", name)
        writer.field("description", description)
        writer.key("price")
        writer.raw(bytes: Array(price.utf8))
        writer.field("stock_quantity", stock)
        writer.field("category", category)
        writer.endObject()
        let answer = await self.send(
            .post, "/api/v1/products", as: .admin, String(decoding: writer.bytes, as: UTF8.self))
        try #require(answer.status == 201, "\(answer.text)")
        return answer.id
    }

    func stock(of id: String) async -> Int? {
        await self.send(.get, "/api/v1/products/\(id)")["stock_quantity"]?.int
    }

    /// An order id that no other call gives.
    static func orderID() -> String { Self.orderID(Self.orders.add(1, ordering: .relaxed).newValue) }

    static func orderID(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return "01910000-0000-7000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
    }

    private static let orders = Atomic<Int>(0)

    /// The three counts of a product, and what was stocked.
    struct Counts: Sendable, Hashable {
        var stock = 0
        var reserved = 0
        var sold = 0
        var stocked = 0
    }

    func counts(of id: String) throws -> Counts {
        try self.database.readOnLoop(ProductOperations.listProducts) { connection in
            let sql: SQL = """
                SELECT stock_quantity, reserved_quantity, sold_quantity, stocked_quantity FROM products WHERE id = ?1
                """
            return try #require(
                try connection.first(sql, [.text(id)]) { row in
                    Counts(stock: row.int(0), reserved: row.int(1), sold: row.int(2), stocked: row.int(3))
                })
        }
    }

    /// The counts told again from the ledger alone.
    func ledgerCounts(of id: String) throws -> Counts {
        try self.database.readOnLoop(ProductOperations.listMovements) { connection in
            let sql: SQL = """
                SELECT sum(stock_delta), sum(reserved_delta), sum(sold_delta),
                    sum(iif(kind IN ('received', 'adjusted'), stock_delta, 0))
                FROM stock_movements m JOIN products p ON p.number = m.product WHERE p.id = ?1
                """
            return try #require(
                try connection.first(sql, [.text(id)]) { row in
                    Counts(stock: row.int(0), reserved: row.int(1), sold: row.int(2), stocked: row.int(3))
                })
        }
    }
}

extension Shop {
    /// The same file, opened as another process would.
    static func openSecond(_ shop: Shop) throws -> Database {
        try Database(
            path: shop.database.path, namespace: "second", durability: .normal, migrations: ProductMigrations.all,
            telemetry: .disabled())
    }
}
