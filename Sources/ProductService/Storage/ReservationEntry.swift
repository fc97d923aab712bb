import SQLite

/// A reservation as it is stored.
struct ReservationEntry {
    enum Status: String {
        case held
        case confirmed
        case released
        /// Given back because time ran out; unlike a released one it can be taken up again.
        case expired
    }

    struct Item {
        /// The product's number.
        let product: Int
        let productID: String
        let name: String
        let quantity: Int
        let priceMinorUnits: Int
        let currency: String
    }

    let orderID: String
    var status: Status
    /// Microseconds since 1970.
    var expiresAt: Int
    /// In the order of the request.
    var items: [Item] = []

    /// In the order units are moved.
    var itemsByProduct: [Item] { self.items.sorted { $0.product < $1.product } }

    /// Whether these are the lines that were reserved, in whatever order.
    func holds(_ lines: [ReservationBook.Line]) -> Bool {
        lines.count == self.items.count
            && lines.allSatisfy { line in
                self.items.contains { $0.productID == line.productID && $0.quantity == line.quantity }
            }
    }

    /// As other services see it.
    var reservation: Reservation {
        Reservation(
            orderID: self.orderID, status: self.publicStatus,
            expiresAt: self.status == .held ? self.expiresAt : nil,
            items: self.items.map { item in
                ReservedItem(
                    productID: item.productID, name: item.name, quantity: item.quantity,
                    priceMinorUnits: item.priceMinorUnits, currency: item.currency)
            })
    }

    /// An expired one is never shown: whoever asks for it takes it up again or releases it.
    private var publicStatus: Reservation.Status {
        switch self.status {
        case .held: .held
        case .confirmed: .confirmed
        case .released, .expired: .released
        }
    }
}

extension ReservationBook {
    /// The order's reservation; nil when it has none.
    func entry(_ orderID: String) throws -> ReservationEntry? {
        let found = try self.connection.first(
            "SELECT status, expires_at FROM reservations WHERE order_id = ?1", [.text(orderID)]
        ) { row in
            ReservationEntry(
                orderID: orderID, status: ReservationEntry.Status(rawValue: row.text(0)) ?? .released,
                expiresAt: row.int(1))
        }
        guard var entry = found else { return nil }
        let sql: SQL = """
            SELECT i.product, p.id, i.name, i.quantity, i.price_minor_units, i.currency
            FROM reservation_items i JOIN products p ON p.number = i.product
            WHERE i.order_id = ?1 ORDER BY i.position
            """
        entry.items = try self.connection.all(sql, [.text(orderID)]) { row in
            ReservationEntry.Item(
                product: row.int(0), productID: row.text(1), name: row.text(2), quantity: row.int(3),
                priceMinorUnits: row.int(4), currency: row.text(5))
        }
        return entry
    }

    /// A line's product as it is now, and how much there is of it; nil when it is not in the catalogue.
    func offer(_ line: Line) throws -> (item: ReservationEntry.Item, stock: Int)? {
        let sql: SQL = """
            SELECT number, name, price_minor_units, currency, stock_quantity FROM products
            WHERE id = ?1 AND deleted_at IS NULL
            """
        return try self.connection.first(sql, [.text(line.productID)]) { row in
            let item = ReservationEntry.Item(
                product: row.int(0), productID: line.productID, name: row.text(1), quantity: line.quantity,
                priceMinorUnits: row.int(2), currency: row.text(3))
            return (item, row.int(4))
        }
    }

    func insert(_ entry: ReservationEntry) throws {
        try self.connection.run(
            "INSERT INTO reservations (order_id, status, expires_at, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?4)",
            .text(entry.orderID), .text(entry.status.rawValue), .integer(entry.expiresAt), .integer(self.now))
        for (position, item) in entry.items.enumerated() {
            try self.connection.run(
                """
                INSERT INTO reservation_items (order_id, position, product, quantity, price_minor_units, currency, name)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                """,
                .text(entry.orderID), .integer(position), .integer(item.product), .integer(item.quantity),
                .integer(item.priceMinorUnits), .text(item.currency), .text(item.name))
        }
    }

    /// Gives the reservation its next status.
    func move(
        _ entry: ReservationEntry, _ status: ReservationEntry.Status, expiresAt: Int? = nil
    ) throws -> Reservation {
        var entry = entry
        entry.status = status
        if let expiresAt { entry.expiresAt = expiresAt }
        try self.connection.run(
            "UPDATE reservations SET status = ?2, expires_at = ?3, updated_at = ?4 WHERE order_id = ?1",
            .text(entry.orderID), .text(status.rawValue), .integer(entry.expiresAt), .integer(self.now))
        return entry.reservation
    }
}
