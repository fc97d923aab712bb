import HTTPCore
import JSON
import OrderDomain
import Routing

/// `/api/v1/orders` over HTTP. Translates; decides nothing.
struct OrderRoutes: Sendable {
    let place: PlaceOrder
    let cancel: CancelOrder
    let move: MoveOrder
    let orders: any OrderRepository
    /// The longest a checkout may take.
    let checkoutTimeout: Duration

    func register(on routes: inout RouteTable) {
        routes.post(
            "/api/v1/orders", access: .authenticated, timeout: self.checkoutTimeout,
            bodyBytesMax: PlaceOrderCommand.bodyBytesMax, self.create)
        routes.get("/api/v1/orders", access: .authenticated, self.list)
        routes.get("/api/v1/orders/{id}", access: .authenticated, self.show)
        routes.get("/api/v1/orders/{id}/events", access: .authenticated, self.history)
        routes.post("/api/v1/orders/{id}/cancel", access: .authenticated, self.cancel)
        routes.put("/api/v1/orders/{id}/status", access: .admin, bodyBytesMax: 4 << 10, self.setStatus)
    }

    // MARK: One order

    private func create(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        let command = try await PlaceOrderCommand(request, context)
        switch try await self.place(command, deadline: context.deadline) {
        case .placed(let id, let body): return .order(.created, id, body)
        case .pending(let id, let body): return .order(.accepted, id, body)
        case .refused(_, let problem): throw problem
        case .replayed(let id, let answer):
            if var problem = answer.problem {
                problem.fields.append(.idempotentReplayed, literal: "true")
                throw problem
            }
            var response = HTTPResponse.order(HTTPStatus(answer.status), id, answer.body)
            response.fields.append(.idempotentReplayed, literal: "true")
            return response
        }
    }

    private func show(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        .order(.ok, OrderPayload.bytes(try await self.find(context)))
    }

    private func cancel(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        let order = try await self.find(context)
        let isOwn = context.identity?.userID == order.userID
        return try await Self.translating {
            .order(
                .ok,
                OrderPayload.bytes(
                    try await self.cancel(order.id, isOwn ? .byCustomer : .byAdmin, deadline: context.deadline)))
        }
    }

    private func setStatus(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        let id = try Self.orderID(context)
        var payload = try await request.payload(context)
        let status = payload.choice("status", of: OrderStatus.self)
        let trackingNumber = payload.optionalString("tracking_number", length: 1...100)
        if !payload.has("status") { payload.reject("status", "is required") }
        if trackingNumber != nil, let status, status != .shipped {
            payload.reject("tracking_number", "is for orders that become shipped")
        }
        try payload.validate()
        guard let status else { throw Problem.unprocessable([FieldError("status", "is required")]) }
        return try await Self.translating {
            .order(
                .ok,
                OrderPayload.bytes(
                    try await self.move(id, to: status, trackingNumber: trackingNumber, deadline: context.deadline)))
        }
    }

    // MARK: Many

    private func list(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        let paging = try Paging(context.query)
        let page = try await self.orders.page(
            OrderQuery(
                userID: try Self.owner(context), status: try context.query.choice("status", of: OrderStatus.self),
                after: paging.after, offset: paging.offset, limit: paging.limit))
        let cursor = page.hasMore ? page.orders.last.map { OrderCursor.text($0.id) } : nil
        return .json(capacity: 256 + page.orders.count * 768) { writer in
            paging.write(page.orders, total: page.total, nextCursor: cursor, to: &writer, OrderPayload.write)
        }
    }

    private func history(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        let order = try await self.find(context)
        let paging = try Paging(context.query)
        let (events, total) = try await self.orders.events(of: order.id, offset: paging.offset, limit: paging.limit)
        return .json(capacity: 128 + events.count * 128) { writer in
            paging.write(events, total: total, nextCursor: nil, to: &writer, OrderPayload.write)
        }
    }

    // MARK: Who and which

    /// The order of the path, for its owner and for admins.
    private func find(_ context: RequestContext) async throws -> Order {
        let id = try Self.orderID(context)
        guard let order = try await self.orders.record(id)?.order else { throw OrderNotFound(id: id).problem }
        try context.requireSelfOrAdmin(order.userID)
        return order
    }

    private static func orderID(_ context: RequestContext) throws -> OrderID {
        let text = try context.id("id")
        guard let id = OrderID(text) else { throw Problem.notFound("\(text) is not an id.") }
        return id
    }

    /// Whose orders: one's own; an admin sees everybody's, or those of `user_id`.
    private static func owner(_ context: RequestContext) throws -> String? {
        let identity = try context.requireIdentity()
        guard let text = context.query["user_id"] else { return identity.isAdmin ? nil : identity.userID }
        guard let userID = canonicalUUID(text) else {
            throw Problem.badRequest(
                "The query parameter user_id must be a UUID.", errors: [FieldError("user_id", "must be a UUID")])
        }
        try context.requireSelfOrAdmin(userID)
        return userID
    }

    /// Names what the domain refuses in the terms of the API.
    private static func translating(_ body: () async throws -> HTTPResponse) async throws -> HTTPResponse {
        do {
            return try await body()
        } catch OrderError.illegalStep(let step) {
            throw step.problem
        } catch let step as IllegalOrderStep {
            throw step.problem
        } catch let error as OrderNotFound {
            throw error.problem
        }
    }
}

extension IllegalOrderStep {
    fileprivate var problem: Problem { .conflict("illegal-transition", self.description) }
}

extension OrderNotFound {
    fileprivate var problem: Problem { .notFound("There is no order \(self.id).") }
}

extension HTTPFieldName {
    /// Says that an answer was given before, to the first request with the idempotency key.
    fileprivate static let idempotentReplayed: HTTPFieldName = "idempotent-replayed"
}

extension HTTPResponse {
    /// A new order, and where it is found.
    fileprivate static func order(_ status: HTTPStatus, _ id: OrderID, _ body: [UInt8]) -> HTTPResponse {
        var response = Self.order(status, body)
        response.fields.append(.location, OrderPayload.path(id))
        return response
    }

    fileprivate static func order(_ status: HTTPStatus, _ body: [UInt8]) -> HTTPResponse {
        HTTPResponse(status, fields: [.contentType: "application/json"], body: .bytes(body))
    }
}
