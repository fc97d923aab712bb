import HTTPCore
import Protobuf
import RPC
import ShopContracts
import Testing

@testable import ProductService

extension Shop {
    func reserve(_ orderID: String, _ lines: [(String, Int)], seconds: Int64? = 60) async -> ReservationAnswer {
        let request = ProductV1.ReserveStockRequest(
            orderID: orderID, lines: lines.map { .init(productID: $0.0, quantity: Int64($0.1)) },
            expiresIn: seconds.map { GoogleProtobuf.Duration(seconds: $0) })
        return await ReservationAnswer { () async throws(RPCError) in try await self.products.reserveStock(request) }
    }

    func confirm(_ orderID: String) async -> ReservationAnswer {
        await ReservationAnswer { () async throws(RPCError) in
            try await self.products.confirmReservation(.init(orderID: orderID))
        }
    }

    func release(_ orderID: String) async -> ReservationAnswer {
        await ReservationAnswer { () async throws(RPCError) in
            try await self.products.releaseReservation(.init(orderID: orderID))
        }
    }
}

/// A reservation, or why there is none.
struct ReservationAnswer: Sendable {
    let result: Result<ProductV1.Reservation, RPCError>

    /// Makes a call. An answer that nobody foresaw is a fault of the service, whatever the test asks.
    init(_ call: () async throws(RPCError) -> ProductV1.Reservation) async {
        do throws(RPCError) {
            self.result = .success(try await call())
        } catch {
            if error.code == .internal || error.code == .unknown { Issue.record(error) }
            self.result = .failure(error)
        }
    }

    var reservation: ProductV1.Reservation? { try? self.result.get() }
    var error: RPCError? { if case .failure(let error) = self.result { error } else { nil } }
    /// `ok` for a reservation.
    var code: RPCCode { self.error?.code ?? .ok }
    var status: ProductV1.ReservationStatus? { self.reservation?.status }
    var items: [ProductV1.ReservedItem] { self.reservation?.items ?? [] }
    var reason: ProductErrorReason? { self.error?.reason }
    var faults: [String] { self.error?.faults ?? [] }
}

extension RPCError {
    /// Why the product service refuses.
    var reason: ProductErrorReason? {
        guard let info = self.detail(GoogleRPC.ErrorInfo.self), info.domain == ProductErrorReason.domain else {
            return nil
        }
        return ProductErrorReason(rawValue: info.reason)
    }

    var violations: [GoogleRPC.BadRequest.FieldViolation] {
        self.detail(GoogleRPC.BadRequest.self)?.fieldViolations ?? []
    }

    /// The fields it names.
    var faults: [String] { self.violations.map(\.field) }
}

/// What a call fails with; a defect of the test where it does not.
func failure<T>(_ call: () async throws(RPCError) -> T) async throws -> RPCError {
    do throws(RPCError) {
        let answer = try await call()
        Issue.record("no error but \(answer)")
    } catch {
        return error
    }
    throw CallSucceeded()
}

struct CallSucceeded: Error {}
