public import HTTPCore
import JSON
import Routing

/// Calls the product service's internal routes.
///
/// Every call may be repeated: reading has no effect, and reservations are idempotent by their order.
public struct ProductClient: Sendable {
    private let transport: any TemplatedTransport

    /// - Parameter transport: bound to the product service; carries the internal token.
    public init(_ transport: any TemplatedTransport) { self.transport = transport }

    /// The most bytes of an answer: 100 products with names of 200 characters fit many times over.
    private static let answerBytesMax = 512 << 10

    /// Name, price and availability of products.
    ///
    /// - Parameter ids: any number; asked for in groups of 100.
    /// - Returns: one for each known id, in no particular order; unknown ids are left out.
    public func batch(_ ids: [String], deadline: Deadline) async throws(ProductClientError) -> [ProductSnapshot] {
        var found: [ProductSnapshot] = []
        found.reserveCapacity(ids.count)
        var start = 0
        while start < ids.count {
            let group = ids[start..<min(start + ProductPaths.batchMax, ids.count)]
            found += try await self.snapshots(of: group, deadline: deadline)
            start = group.endIndex
        }
        return found
    }

    /// Sets stock aside for an order, all lines or none.
    ///
    /// The same order and lines again give the same answer, whatever became of the first call.
    ///
    /// - Parameter expiresIn: how long it is held unless confirmed; whole seconds from 1 s to 24 h.
    /// - Throws: `outOfStock`, `unknownProducts`, `mismatch`, `released`, or that there is no usable answer.
    public func reserve(
        orderID: String, lines: [ReservationLine], expiresIn: Duration, deadline: Deadline
    ) async throws(ProductClientError) -> Reservation {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("items")
        writer.beginArray()
        for line in lines { line.write(to: &writer) }
        writer.endArray()
        writer.field("expires_in_seconds", Int(expiresIn.components.seconds))
        writer.endObject()
        return try await self.reservation(.put, orderID, "", ProductPaths.reservation, writer.bytes, deadline)
    }

    /// Turns an order's reservation into a sale; one that has expired is reserved anew.
    ///
    /// - Throws: `outOfStock` when it had expired and the units are gone, `released`, `unknownReservation`, or that there
    ///   is no usable answer.
    public func confirm(orderID: String, deadline: Deadline) async throws(ProductClientError) -> Reservation {
        try await self.reservation(.post, orderID, "/confirm", ProductPaths.confirm, nil, deadline)
    }

    /// Gives back what an order holds or has bought. An order that never reserved anything cannot do so afterwards.
    public func release(orderID: String, deadline: Deadline) async throws(ProductClientError) -> Reservation {
        try await self.reservation(.post, orderID, "/release", ProductPaths.release, nil, deadline)
    }

    private func snapshots(
        of ids: ArraySlice<String>, deadline: Deadline
    ) async throws(ProductClientError) -> [ProductSnapshot] {
        var writer = JSONWriter(capacity: 32 + ids.count * 40)
        writer.beginObject()
        writer.key("ids")
        writer.beginArray()
        for id in ids { writer.value(id) }
        writer.endArray()
        writer.endObject()
        let path = ProductPaths.batch
        return try await self.call(.post, path: path, template: path, writer.bytes, deadline) {
            object throws(PayloadError) in
            try object.objects("items") { item throws(PayloadError) in try ProductSnapshot(reading: item) }
        }
    }

    private func reservation(
        _ method: HTTPMethod, _ orderID: String, _ action: String, _ template: String, _ body: [UInt8]?,
        _ deadline: Deadline
    ) async throws(ProductClientError) -> Reservation {
        let path = "/internal/v1/reservations/\(PercentEncoding.encode(orderID))\(action)"
        return try await self.call(method, path: path, template: template, body, deadline) {
            object throws(PayloadError) in
            try Reservation(reading: object)
        }
    }

    private func call<T>(
        _ method: HTTPMethod, path: String, template: String, _ body: [UInt8]?, _ deadline: Deadline,
        _ read: (JSONObject) throws(PayloadError) -> T
    ) async throws(ProductClientError) -> T {
        var request = HTTPRequest(method: method, path: path, query: nil, fields: .init(), body: .empty)
        request.fields.append(.accept, literal: "application/json")
        if let body {
            request.fields.append(.contentType, literal: "application/json")
            request.body = .bytes(body)
        }
        let response: HTTPResponse
        do {
            response = try await self.transport.send(request, template: template, deadline: deadline)
        } catch {
            throw Self.failure(error)
        }
        guard response.status.isSuccess else { throw Self.refusal(await ReceivedProblem(response)) }
        let bytes: [UInt8]
        do {
            bytes = try await response.body.collect(upTo: Self.answerBytesMax)
        } catch {
            throw .unanswered(isTimeout: (error as? any UpstreamFailure)?.isTimeout ?? false)
        }
        do {
            return try read(try JSONObject.parse(bytes))
        } catch {
            throw .unexpected(response.status, "the answer lacks a proper \(error.field)")
        }
    }

    private static func failure(_ error: any Error) -> ProductClientError {
        guard let failure = error as? any UpstreamFailure else { return .unanswered(isTimeout: false) }
        if failure.requestWasNotSent { return .unavailable(retryAfterSeconds: 1) }
        return .unanswered(isTimeout: failure.isTimeout)
    }

    private static func refusal(_ problem: ReceivedProblem) -> ProductClientError {
        switch (problem.status.code, problem.code) {
        case (409, "out-of-stock"): .outOfStock(problem.errors)
        case (409, "reservation-mismatch"): .mismatch
        case (409, "reservation-released"): .released
        case (404, "reservation-unknown"): .unknownReservation
        case (422, _) where problem.errors.contains { $0.field.hasSuffix(".product_id") }:
            .unknownProducts(problem.errors)
        case (429, _), (503, _): .unavailable(retryAfterSeconds: problem.retryAfterSeconds ?? 1)
        case (504, _): .unanswered(isTimeout: true)
        default: .unexpected(problem.status, problem.detail)
        }
    }
}
