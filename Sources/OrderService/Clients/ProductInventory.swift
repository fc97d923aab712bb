import HTTPCore
import OrderDomain
import Routing
import ShopContracts

/// Stock as the product service keeps it.
struct ProductInventory: Inventory {
    let client: ProductClient
    /// How long stock is held for an order that is not paid.
    let hold: Duration

    func reserve(_ lines: RequestedLines, for order: OrderID, deadline: Deadline) async -> ReserveOutcome {
        do throws(ProductClientError) {
            let reservation = try await self.client.reserve(
                orderID: order.description,
                lines: lines.lines.map { ReservationLine(productID: $0.productID, quantity: $0.quantity) },
                expiresIn: self.hold, deadline: deadline)
            guard reservation.status != .released else { return .released }
            return Self.price(reservation)
        } catch {
            switch error {
            case .outOfStock(let errors): return .outOfStock(errors.map(lines.original))
            case .unknownProducts(let errors): return .unknownProducts(errors.map(lines.original))
            case .released: return .released
            case .mismatch, .unknownReservation, .unavailable, .unanswered, .unexpected:
                return .failed(StepFailure(error))
            }
        }
    }

    private static func price(_ reservation: Reservation) -> ReserveOutcome {
        do {
            let lines = try reservation.items.map { item in
                guard let currency = Currency(item.currency) else { throw PricedLinesError.money(.negative) }
                do {
                    let price = try Money(minorUnits: item.priceMinorUnits, currency: currency)
                    return try OrderLine(
                        productID: item.productID, name: item.name, quantity: item.quantity, unitPrice: price)
                } catch let error as MoneyError {
                    throw PricedLinesError.money(error)
                }
            }
            return .reserved(try PricedLines(lines))
        } catch {
            return .unpriceable(error as? PricedLinesError ?? .empty)
        }
    }

    func confirm(_ order: OrderID, deadline: Deadline) async -> ConfirmOutcome {
        do throws(ProductClientError) {
            _ = try await self.client.confirm(orderID: order.description, deadline: deadline)
            return .confirmed
        } catch {
            switch error {
            case .outOfStock(let errors): return .outOfStock(errors)
            // Without a reservation there is nothing to sell; it is as if it had been given back.
            case .released, .unknownReservation: return .released
            case .unknownProducts, .mismatch, .unavailable, .unanswered, .unexpected: return .failed(StepFailure(error))
            }
        }
    }

    func release(_ order: OrderID, deadline: Deadline) async -> ReleaseOutcome {
        do throws(ProductClientError) {
            _ = try await self.client.release(orderID: order.description, deadline: deadline)
            return .released
        } catch {
            switch error {
            case .unknownReservation, .released: return .released
            case .outOfStock, .unknownProducts, .mismatch, .unavailable, .unanswered, .unexpected:
                return .failed(StepFailure(error))
            }
        }
    }
}

extension StepFailure {
    fileprivate init(_ error: ProductClientError) {
        self.init(problem: error.problem, cause: "\(error)", mayHaveHadEffect: error.isOutcomeUnknown)
    }
}

extension RequestedLines {
    /// The error at the place of the line as the customer gave it, `items[i]…`.
    fileprivate func original(_ error: FieldError) -> FieldError {
        guard error.field.hasPrefix("items["), let close = error.field.firstIndex(of: "]"),
            let place = Int(error.field[error.field.index(error.field.startIndex, offsetBy: 6)..<close]),
            self.origins.indices.contains(place)
        else { return error }
        return FieldError("items[\(self.origins[place])\(error.field[close...])", error.message)
    }
}
