import HTTPCore
import OrderDomain
import Protobuf
import RPC
import Routing
import ServiceKit
import ShopContracts

/// Stock as the product service keeps it.
struct ProductInventory: Inventory {
    let client: ProductV1.ProductServiceClient
    /// How long stock is held for an order that is not paid.
    let hold: Duration

    func reserve(_ lines: RequestedLines, for order: OrderID, deadline: Deadline) async -> ReserveOutcome {
        let request = ProductV1.ReserveStockRequest(
            orderID: order.description,
            lines: lines.lines.map { .init(productID: $0.productID, quantity: Int64($0.quantity)) },
            expiresIn: GoogleProtobuf.Duration(seconds: self.hold.components.seconds))
        do throws(RPCError) {
            let reservation = try await self.client.reserveStock(request, RPCCallOptions(deadline: deadline))
            return reservation.status == .released ? .released : Self.price(reservation)
        } catch {
            return switch error.reason {
            case .outOfStock: .outOfStock(error.fieldErrors.map(lines.original))
            case .unknownProduct: .unknownProducts(error.fieldErrors.map(lines.original))
            case .reservationReleased: .released
            case .reservationMismatch, .reservationUnknown, nil: .failed(StepFailure(error))
            }
        }
    }

    private static func price(_ reservation: ProductV1.Reservation) -> ReserveOutcome {
        do {
            let lines = try reservation.items.map { item in
                guard let price = item.price, let currency = Currency(price.currency) else {
                    throw PricedLinesError.money(.negative)
                }
                do {
                    return try OrderLine(
                        productID: item.productID, name: item.name, quantity: Int(item.quantity),
                        unitPrice: try Money(minorUnits: Int(price.minorUnits), currency: currency))
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
        do throws(RPCError) {
            _ = try await self.client.confirmReservation(
                ProductV1.ConfirmReservationRequest(orderID: order.description), RPCCallOptions(deadline: deadline))
            return .confirmed
        } catch {
            return switch error.reason {
            case .outOfStock: .outOfStock(error.fieldErrors)
            // Without a reservation there is nothing to sell; it is as if it had been given back.
            case .reservationReleased, .reservationUnknown: .released
            case .unknownProduct, .reservationMismatch, nil: .failed(StepFailure(error))
            }
        }
    }

    func release(_ order: OrderID, deadline: Deadline) async -> ReleaseOutcome {
        do throws(RPCError) {
            _ = try await self.client.releaseReservation(
                ProductV1.ReleaseReservationRequest(orderID: order.description), RPCCallOptions(deadline: deadline))
            return .released
        } catch {
            return switch error.reason {
            case .reservationReleased, .reservationUnknown: .released
            case .outOfStock, .unknownProduct, .reservationMismatch, nil: .failed(StepFailure(error))
            }
        }
    }
}

extension RPCError {
    /// Why the product service refuses; nil where it says nothing of the kind.
    fileprivate var reason: ProductErrorReason? {
        guard let info = self.detail(GoogleRPC.ErrorInfo.self), info.domain == ProductErrorReason.domain else {
            return nil
        }
        return ProductErrorReason(rawValue: info.reason)
    }

    /// The fields that are to blame, under the names they have in the public API.
    fileprivate var fieldErrors: [FieldError] {
        (self.detail(GoogleRPC.BadRequest.self)?.fieldViolations ?? []).map { violation in
            let isLine = violation.field.hasPrefix("lines[")
            return FieldError(
                isLine ? "items" + violation.field.dropFirst("lines".count) : violation.field, violation.description)
        }
    }
}

extension StepFailure {
    fileprivate init(_ error: RPCError) {
        let status = UpstreamStatus(error, from: .product)
        self.init(problem: status.problem, cause: "\(error)", mayHaveHadEffect: status.mayHaveHadEffect)
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
