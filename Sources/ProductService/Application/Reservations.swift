import ServiceKit
import Telemetry

/// Sets units aside for orders, sells them or gives them back, and tells telemetry what came of it.
struct Reservations: Sendable {
    private let keeper: any ReservationKeeper
    private let outcomes: Counter<ProductMetrics.ReservationOutcome>
    private let log: Logger
    /// Microseconds since 1970.
    private let now: @Sendable () -> Int

    init(_ keeper: any ReservationKeeper, telemetry: Telemetry, now: @escaping @Sendable () -> Int) {
        self.keeper = keeper
        self.outcomes = telemetry.metrics.counter(ProductMetrics.reservations)
        self.log = telemetry.log
        self.now = now
    }

    /// - Throws: `ReservationError`.
    func reserve(
        orderID: String, lines: [ReservationLine], expiresInSeconds: Int
    ) async throws -> (reservation: Reservation, isNew: Bool) {
        do {
            let (reservation, didChange) = try await self.keeper.reserve(
                orderID: orderID, lines: lines, expiresAt: self.now() + expiresInSeconds * 1_000_000)
            if didChange {
                self.outcomes.add(1, .held)
                self.log.info("stock reserved", [.orderID(orderID), .orderLines(lines.count)])
            }
            return (reservation, didChange)
        } catch ReservationError.outOfStock(let shortages) {
            self.recordShortage(orderID, shortages.count)
            throw ReservationError.outOfStock(shortages)
        }
    }

    /// - Throws: `ReservationError`.
    func confirm(orderID: String) async throws -> Reservation {
        do {
            let (reservation, didChange) = try await self.keeper.confirm(orderID: orderID)
            if didChange {
                self.outcomes.add(1, .confirmed)
                self.log.info("reservation confirmed", [.orderID(orderID)])
            }
            return reservation
        } catch ReservationError.outOfStock(let shortages) {
            self.recordShortage(orderID, shortages.count)
            throw ReservationError.outOfStock(shortages)
        }
    }

    func release(orderID: String) async throws -> Reservation {
        let (reservation, didChange) = try await self.keeper.release(orderID: orderID)
        if didChange {
            self.outcomes.add(1, .released)
            self.log.info("reservation released", [.orderID(orderID)])
        }
        return reservation
    }

    /// Lets everything overdue expire, in transactions of bounded size; returns how many reservations there were.
    @discardableResult
    func expireDue() async throws -> Int {
        var total = 0
        while !Task.isCancelled {
            let count = try await self.keeper.expireDue(limit: Self.expiredPerTransactionMax)
            total += count
            guard count == Self.expiredPerTransactionMax else { break }
        }
        if total > 0 {
            self.outcomes.add(total, .expired)
            self.log.info("reservations expired", [.expiredReservations(total)])
        }
        return total
    }

    /// Whether something is overdue.
    func hasDue() async throws -> Bool { try await self.keeper.hasDue() }

    /// Bounds how long the writer is kept from others.
    private static let expiredPerTransactionMax = 50

    private func recordShortage(_ orderID: String, _ lines: Int) {
        self.outcomes.add(1, .outOfStock, in: TelemetryContext.current.spanContext)
        self.log.info("out of stock", [.orderID(orderID), .orderLines(lines)])
    }
}
