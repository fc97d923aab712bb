import SQLite

/// What may happen to the reservation of one order, inside one transaction.
///
/// ```
/// (none) ──reserve──▶ held ──confirm──▶ confirmed ──release──▶ released
///    │                 │ ├────release─────────────────────────▶ released
///    │                 └─(time)─▶ expired ──confirm──▶ confirmed
///    │                              ├──────reserve──▶ held
///    │                              └──────release──▶ released
///    └──release──▶ released
/// ```
///
/// Units move in the order of product numbers, so that two reservations never wait for each other crosswise, on any
/// database.
struct ReservationBook {
    let connection: SQLiteConnection
    let now: Int

    typealias Outcome = (reservation: Reservation, didChange: Bool)

    private var ledger: StockLedger { StockLedger(connection: self.connection, now: self.now) }

    /// - Throws: `ReservationError.unknownProducts`, `.outOfStock`, `.mismatch`, `.released`.
    func reserve(_ orderID: String, _ lines: [ReservationLine], expiresAt: Int) throws -> Outcome {
        let merged = Self.merge(lines)
        guard let entry = try self.entry(orderID) else {
            return (try self.open(orderID, merged, expiresAt: expiresAt), true)
        }
        guard entry.status != .released else { throw ReservationError.released }
        guard entry.holds(merged) else { throw ReservationError.mismatch }
        guard entry.status == .expired else { return (entry.reservation, false) }
        try self.requireStock(for: entry)
        for item in entry.itemsByProduct {
            try self.ledger.apply(.reserved(item.quantity, orderID: orderID), to: item.product)
        }
        return (try self.move(entry, .held, expiresAt: expiresAt), true)
    }

    /// - Throws: `ReservationError.unknown`, `.released`, `.outOfStock`.
    func confirm(_ orderID: String) throws -> Outcome {
        guard let entry = try self.entry(orderID) else { throw ReservationError.unknown }
        switch entry.status {
        case .confirmed: return (entry.reservation, false)
        case .released: throw ReservationError.released
        case .held:
            for item in entry.itemsByProduct {
                try self.ledger.apply(.sold(item.quantity, orderID: orderID), to: item.product)
            }
        case .expired:
            try self.requireStock(for: entry)
            for item in entry.itemsByProduct {
                try self.ledger.apply(.soldAnew(item.quantity, orderID: orderID), to: item.product)
            }
        }
        return (try self.move(entry, .confirmed), true)
    }

    /// Never fails: what is not held cannot be given back, and that is what the caller wants.
    func release(_ orderID: String) throws -> Outcome {
        guard let entry = try self.entry(orderID) else {
            let tombstone = ReservationEntry(orderID: orderID, status: .released, expiresAt: self.now)
            try self.insert(tombstone)
            return (tombstone.reservation, true)
        }
        switch entry.status {
        case .released: return (entry.reservation, false)
        case .expired: break
        case .held:
            for item in entry.itemsByProduct {
                try self.ledger.apply(.released(item.quantity, orderID: orderID), to: item.product)
            }
        case .confirmed:
            for item in entry.itemsByProduct {
                try self.ledger.apply(.returned(item.quantity, orderID: orderID), to: item.product)
            }
        }
        return (try self.move(entry, .released), true)
    }

    /// Lets at most `limit` overdue reservations expire, the oldest first; returns how many.
    func expireDue(limit: Int) throws -> Int {
        let orders = try self.due(limit: limit)
        for orderID in orders {
            guard let entry = try self.entry(orderID) else { continue }
            for item in entry.itemsByProduct {
                try self.ledger.apply(.expired(item.quantity, orderID: orderID), to: item.product)
            }
            _ = try self.move(entry, .expired)
        }
        return orders.count
    }

    /// Orders whose reservations are overdue.
    func due(limit: Int) throws -> [String] {
        let sql: SQL = """
            SELECT order_id FROM reservations WHERE status = 'held' AND expires_at <= ?1 ORDER BY expires_at LIMIT ?2
            """
        return try self.connection.all(sql, [.integer(self.now), .integer(limit)]) { $0.text(0) }
    }

    /// Reserves for an order that has no reservation yet.
    private func open(_ orderID: String, _ lines: [Line], expiresAt: Int) throws -> Reservation {
        var entry = ReservationEntry(orderID: orderID, status: .held, expiresAt: expiresAt)
        var unknown: [Int] = []
        var shortages: [ReservationError.Shortage] = []
        for line in lines {
            guard let offer = try self.offer(line) else {
                unknown.append(line.place)
                continue
            }
            entry.items.append(offer.item)
            if offer.stock < line.quantity {
                shortages.append(
                    .init(line: line.place, name: offer.item.name, wanted: line.quantity, left: offer.stock))
            }
        }
        guard unknown.isEmpty else { throw ReservationError.unknownProducts(lines: unknown) }
        guard shortages.isEmpty else { throw ReservationError.outOfStock(shortages) }
        try self.insert(entry)
        for item in entry.itemsByProduct {
            try self.ledger.apply(.reserved(item.quantity, orderID: orderID), to: item.product)
        }
        return entry.reservation
    }

    /// - Throws: `ReservationError.outOfStock` that names every line the shelf cannot fill any more.
    private func requireStock(for entry: ReservationEntry) throws {
        var shortages: [ReservationError.Shortage] = []
        for (place, item) in entry.items.enumerated() {
            let left =
                try self.connection.first(
                    "SELECT stock_quantity FROM products WHERE number = ?1", [.integer(item.product)]
                ) { $0.int(0) } ?? 0
            if left < item.quantity {
                shortages.append(.init(line: place, name: item.name, wanted: item.quantity, left: left))
            }
        }
        guard shortages.isEmpty else { throw ReservationError.outOfStock(shortages) }
    }
}

extension ReservationBook {
    /// A line of a request; two of the same product are one.
    struct Line {
        let productID: String
        var quantity: Int
        /// The place of the first line of this product in the request.
        let place: Int
    }

    private static func merge(_ lines: [ReservationLine]) -> [Line] {
        var merged: [Line] = []
        for (place, line) in lines.enumerated() {
            if let known = merged.firstIndex(where: { $0.productID == line.productID }) {
                merged[known].quantity += line.quantity
            } else {
                merged.append(Line(productID: line.productID, quantity: line.quantity, place: place))
            }
        }
        return merged
    }
}
