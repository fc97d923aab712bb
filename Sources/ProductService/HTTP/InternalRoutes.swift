import HTTPCore
import JSON
import Routing
import ShopContracts

/// What other services ask for; `ProductClient` is the other end.
struct InternalRoutes: Sendable {
    let catalogue: any ProductCatalogue
    let reservations: Reservations

    /// Seconds a reservation may be asked to be held.
    private static let expiry = 1...86_400

    func register(on routes: inout RouteTable) {
        routes.post(ProductPaths.batch, self.batch)
        routes.put(ProductPaths.reservation, self.reserve)
        routes.post(ProductPaths.confirm, self.confirm)
        routes.post(ProductPaths.release, self.release)
    }

    private func batch(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        let bytes = try await request.collect(upTo: context.route.bodyBytesMax ?? 64 << 10)
        guard case .object(let object)? = try? JSONValue(parsing: bytes), case .array(let elements)? = object["ids"]
        else { throw Problem.badRequest("A JSON object with an array ids is expected.") }
        guard elements.count <= ProductPaths.batchMax else {
            let message = "must have at most \(ProductPaths.batchMax) elements"
            throw Problem.unprocessable([FieldError("ids", message)])
        }
        return .rendered(try await self.catalogue.batch(Self.ids(elements)))
    }

    /// Each id once; what is no id names no product.
    private static func ids(_ elements: [JSONValue]) -> [String] {
        var known: Set<String> = []
        return elements.compactMap { element in
            guard case .string(let text) = element, let id = canonicalUUID(text) else { return nil }
            return known.insert(id).inserted ? id : nil
        }
    }

    private func reserve(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        var reader = try await request.payload(context)
        let lines =
            reader.optionalObjects("items", count: 1...ReservationLine.linesMax) { line in
                ReservationLine(
                    productID: line.id("product_id"),
                    quantity: line.integer("quantity", in: 1...ReservationLine.quantityMax))
            } ?? []
        if !reader.has("items") { reader.reject("items", "is required") }
        let seconds = reader.integer("expires_in_seconds", in: Self.expiry)
        try reader.validate()
        let (reservation, isNew) = try await self.reservations.reserve(
            orderID: context.id("order_id"), lines: lines, expiresInSeconds: seconds)
        return Self.answer(reservation, isNew ? .created : .ok)
    }

    private func confirm(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        Self.answer(try await self.reservations.confirm(orderID: context.id("order_id")))
    }

    private func release(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        Self.answer(try await self.reservations.release(orderID: context.id("order_id")))
    }

    private static func answer(_ reservation: Reservation, _ status: HTTPStatus = .ok) -> HTTPResponse {
        .json(status, capacity: 256 + reservation.items.count * 192) { reservation.write(to: &$0) }
    }
}
