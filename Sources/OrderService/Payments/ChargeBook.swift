import OrderDomain
import Persistence
import SQLite

/// The books of the simulated provider: they outlive the process, as those of a real one would.
struct ChargeBook: Sendable {
    enum Status: String, Sendable {
        case captured, declined, refunded, voided
    }

    struct Entry: Sendable {
        let status: Status
        let amount: Money
        let declineReason: DeclineReason?
    }

    let database: Database

    /// Enters a charge; one that is there already stays as it is. Gives the entry.
    func enter(_ charge: Charge, _ status: Status, _ reason: DeclineReason?, at now: Int) async throws -> Entry {
        try await self.database.write(OrderOperations.insertCharge) { connection in
            try Self.insert(charge.id, status, charge.amount, reason, at: now, connection)
            return try Self.find(charge.id, connection)
                ?? Entry(status: status, amount: charge.amount, declineReason: reason)
        }
    }

    /// Gives back a captured charge, or makes sure that there will be none. Gives the entry before or, when it had
    /// been given back already, as it is.
    func refund(_ id: OrderID, at now: Int) async throws -> Entry? {
        try await self.database.write(OrderOperations.updateCharge) { connection in
            guard let entry = try Self.find(id, connection) else {
                try Self.insert(id, .voided, .zero(.usd), .voided, at: now, connection)
                return nil
            }
            if entry.status == .captured {
                try connection.run(
                    "UPDATE simulated_charges SET status = 'refunded', updated_at = ? WHERE id = ?", .integer(now),
                    .text(id.description))
            }
            return entry
        }
    }

    func entry(_ id: OrderID) async throws -> Entry? {
        try await self.database.read(onLoop: OrderOperations.selectCharges) { connection in
            try Self.find(id, connection)
        }
    }

    private static func find(_ id: OrderID, _ connection: SQLiteConnection) throws -> Entry? {
        try connection.first(
            "SELECT status, amount, currency, decline_reason FROM simulated_charges WHERE id = ?",
            [.text(id.description)]
        ) { row in
            let currency = try OrderRows.value(row.text(2), Currency.init)
            return Entry(
                status: try OrderRows.value(row.text(0), Status.init),
                amount: try Money(minorUnits: row.int(1), currency: currency),
                declineReason: row.optionalText(3).flatMap(DeclineReason.init))
        }
    }

    private static func insert(
        _ id: OrderID, _ status: Status, _ amount: Money, _ reason: DeclineReason?, at now: Int,
        _ connection: SQLiteConnection
    ) throws {
        try connection.run(
            """
            INSERT INTO simulated_charges (id, status, amount, currency, decline_reason, created_at, updated_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6) ON CONFLICT (id) DO NOTHING
            """,
            .text(id.description), .text(status.rawValue), .integer(amount.minorUnits), .text(amount.currency.code),
            .optional(reason?.rawValue), .integer(now))
    }
}
