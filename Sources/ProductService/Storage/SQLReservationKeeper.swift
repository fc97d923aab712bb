import Persistence
import SQLite

/// Reservations in SQLite.
struct SQLReservationKeeper: ReservationKeeper {
    let database: Database
    /// Microseconds since 1970.
    let now: @Sendable () -> Int

    func reserve(
        orderID: String, lines: [ReservationLine], expiresAt: Int
    ) async throws -> (reservation: Reservation, didChange: Bool) {
        let now = self.now()
        return try await self.database.write(ProductOperations.insertReservation) { connection in
            try ReservationBook(connection: connection, now: now).reserve(orderID, lines, expiresAt: expiresAt)
        }
    }

    func confirm(orderID: String) async throws -> (reservation: Reservation, didChange: Bool) {
        let now = self.now()
        return try await self.database.write(ProductOperations.updateReservation) { connection in
            try ReservationBook(connection: connection, now: now).confirm(orderID)
        }
    }

    func release(orderID: String) async throws -> (reservation: Reservation, didChange: Bool) {
        let now = self.now()
        return try await self.database.write(ProductOperations.updateReservation) { connection in
            try ReservationBook(connection: connection, now: now).release(orderID)
        }
    }

    func hasDue() async throws -> Bool {
        let now = self.now()
        return try await self.database.read(ProductOperations.selectReservations) { connection in
            try !ReservationBook(connection: connection, now: now).due(limit: 1).isEmpty
        }
    }

    func expireDue(limit: Int) async throws -> Int {
        let now = self.now()
        return try await self.database.write(ProductOperations.updateReservation) { connection in
            try ReservationBook(connection: connection, now: now).expireDue(limit: limit)
        }
    }
}
