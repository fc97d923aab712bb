import Protobuf
import RPC
import Routing
import ServiceKit
import ShopContracts

/// `vitrine.product.v1.ProductService`. Translates; decides nothing.
struct ProductRPC: ProductV1.ProductServiceHandler {
    let catalogue: any ProductCatalogue
    let reservations: Reservations

    /// Seconds a reservation may be asked to be held.
    private static let expiry: ClosedRange<Int64> = 1...86_400
    /// Seconds it is held where the caller does not say.
    private static let expiryDefault: Int64 = 900

    func getProduct(_ request: ProductV1.GetProductRequest, _ context: RPCServerContext) async throws
        -> ProductV1.Product
    {
        var faults = RequestFaults()
        let id = faults.id("product_id", request.productID)
        try faults.validate()
        guard let product = try await self.catalogue.details(id) else {
            throw RPCError(.notFound, "There is no such product.")
        }
        return ProductV1.Product(product)
    }

    func batchGetProducts(
        _ request: ProductV1.BatchGetProductsRequest, _ context: RPCServerContext
    ) async throws -> ProductV1.BatchGetProductsResponse {
        var faults = RequestFaults()
        if request.productIDs.count > ContractLimits.batchMax {
            faults.reject("product_ids", "must have at most \(ContractLimits.batchMax) elements")
        }
        try faults.validate()
        var ids: [String] = []
        var unknown: [String] = []
        for text in request.productIDs {
            // What is no id names no product.
            guard let id = canonicalUUID(text) else {
                unknown.append(text)
                continue
            }
            if !ids.contains(id) { ids.append(id) }
        }
        let offers = try await self.catalogue.offers(ids)
        if offers.count < ids.count { unknown += ids.filter { id in !offers.contains { $0.id == id } } }
        return ProductV1.BatchGetProductsResponse(
            products: offers.map(ProductV1.ProductSummary.init), unknownProductIDs: unknown)
    }

    func reserveStock(
        _ request: ProductV1.ReserveStockRequest, _ context: RPCServerContext
    ) async throws -> ProductV1.Reservation {
        var faults = RequestFaults()
        let orderID = faults.id("order_id", request.orderID)
        if !(1...ReservationLine.linesMax).contains(request.lines.count) {
            faults.reject("lines", "must have from 1 to \(ReservationLine.linesMax) elements")
        }
        let lines = request.lines.prefix(ReservationLine.linesMax).enumerated().map { place, line in
            ReservationLine(
                productID: faults.id("lines[\(place)].product_id", line.productID),
                quantity: faults.number(
                    "lines[\(place)].quantity", line.quantity, in: 1...Int64(ReservationLine.quantityMax)))
        }
        let seconds = faults.number(
            "expires_in", request.expiresIn?.seconds ?? Self.expiryDefault, in: Self.expiry)
        if let nanos = request.expiresIn?.nanos, nanos != 0 { faults.reject("expires_in", "must be whole seconds") }
        try faults.validate()
        return try await Self.answer {
            try await self.reservations.reserve(orderID: orderID, lines: lines, expiresInSeconds: seconds).reservation
        }
    }

    func confirmReservation(
        _ request: ProductV1.ConfirmReservationRequest, _ context: RPCServerContext
    ) async throws -> ProductV1.Reservation {
        let orderID = try Self.orderID(request.orderID)
        return try await Self.answer { try await self.reservations.confirm(orderID: orderID) }
    }

    func releaseReservation(
        _ request: ProductV1.ReleaseReservationRequest, _ context: RPCServerContext
    ) async throws -> ProductV1.Reservation {
        let orderID = try Self.orderID(request.orderID)
        return try await Self.answer { try await self.reservations.release(orderID: orderID) }
    }

    private static func orderID(_ text: String) throws -> String {
        var faults = RequestFaults()
        let orderID = faults.id("order_id", text)
        try faults.validate()
        return orderID
    }

    private static func answer(_ body: () async throws -> Reservation) async throws -> ProductV1.Reservation {
        do {
            return ProductV1.Reservation(try await body())
        } catch let error as ReservationError {
            throw error.status
        }
    }
}

extension ReservationError {
    /// As the contract says it.
    var status: RPCError {
        switch self {
        case .outOfStock(let shortages):
            Self.status(
                .failedPrecondition, .outOfStock,
                shortages.map { "\($0.name): \($0.wanted) asked for, \($0.left) left." }.joined(separator: " "),
                shortages.map {
                    .init(field: "lines[\($0.line)].quantity", description: "only \($0.left) left of \($0.name)")
                })
        case .unknownProducts(let lines):
            Self.status(
                .failedPrecondition, .unknownProduct, "Some products do not exist.",
                lines.map { .init(field: "lines[\($0)].product_id", description: "is not a product of the shop") })
        case .mismatch: Self.status(.alreadyExists, .reservationMismatch, "The order has reserved other items.")
        case .released:
            Self.status(.failedPrecondition, .reservationReleased, "The order's reservation was released.")
        case .unknown: Self.status(.notFound, .reservationUnknown, "The order has no reservation.")
        }
    }

    private static func status(
        _ code: RPCCode, _ reason: ProductErrorReason, _ message: String,
        _ lines: [GoogleRPC.BadRequest.FieldViolation] = []
    ) -> RPCError {
        var details: [RPCErrorDetail] = [.errorInfo(reason: reason.rawValue, domain: ProductErrorReason.domain)]
        if !lines.isEmpty { details.append(.badRequest(lines)) }
        return RPCError(code, message, details: details)
    }
}
