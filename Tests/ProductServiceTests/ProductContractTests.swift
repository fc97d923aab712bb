import HTTPCore
import JSON
import Routing
import ShopContracts
import Synchronization
import Testing

@testable import ProductService

@Suite("The typed client against the service")
struct ProductContractTests {
    /// Carries requests into the shop, and remembers their templates.
    private final class Transport: TemplatedTransport {
        let shop: Shop
        let templates = Mutex<[String]>([])

        init(_ shop: Shop) { self.shop = shop }

        func send(_ request: HTTPRequest, deadline: Deadline) async throws -> HTTPResponse {
            try await self.send(request, template: nil, deadline: deadline)
        }

        func send(_ request: HTTPRequest, template: String?, deadline: Deadline) async throws -> HTTPResponse {
            self.templates.withLock { $0.append(template ?? "") }
            let body = try await request.body.collect(upTo: 1 << 20)
            let text = body.isEmpty ? nil : String(decoding: body, as: UTF8.self)
            let answer = await self.shop.send(request.method, request.path, text, fields: request.fields)
            return HTTPResponse(HTTPStatus(answer.status), fields: answer.fields, body: .bytes(Array(answer.text.utf8)))
        }
    }

    /// Fails as a network does.
    private struct BrokenTransport: TemplatedTransport {
        struct Failure: UpstreamFailure {
            let requestWasNotSent: Bool
            let isTimeout: Bool
        }
        let failure: Failure

        func send(_ request: HTTPRequest, deadline: Deadline) async throws -> HTTPResponse { throw self.failure }
        func send(_ request: HTTPRequest, template: String?, deadline: Deadline) async throws -> HTTPResponse {
            throw self.failure
        }
    }

    /// Always answers the same.
    private struct FixedTransport: TemplatedTransport {
        let response: HTTPResponse
        func send(_ request: HTTPRequest, deadline: Deadline) async throws -> HTTPResponse { self.response }
        func send(_ request: HTTPRequest, template: String?, deadline: Deadline) async throws -> HTTPResponse {
            self.response
        }
    }

    private let deadline = Deadline.after(.seconds(30))

    @Test("A batch gives name, price and availability of what is known, each once")
    func batch() async throws {
        try await Shop.run { shop in
            let mug = try await shop.addProduct("Mug", price: "14.00", stock: 5)
            let gone = try await shop.addProduct("Gone")
            _ = await shop.send(.delete, "/api/v1/products/\(gone)", as: .admin)
            _ = await shop.reserve(Shop.orderID(), [(mug, 2)])
            let client = ProductClient(Transport(shop))
            let found = try await client.batch([mug, gone, mug, "nonsense", mug.uppercased()], deadline: self.deadline)
            #expect(
                found == [
                    ProductSnapshot(id: mug, name: "Mug", priceMinorUnits: 1_400, currency: "USD", availableQuantity: 3)
                ])
            let none = try await client.batch([], deadline: self.deadline)
            #expect(none.isEmpty)
        }
    }

    @Test("More than a hundred ids are asked for in groups")
    func largeBatch() async throws {
        try await Shop.run(seeded: true) { shop in
            let transport = Transport(shop)
            let ids = (1...240).map(SeedIdentifier.product)
            let found = try await ProductClient(transport).batch(ids, deadline: self.deadline)
            #expect(Set(found.map(\.id)) == Set(ids))
            #expect(transport.templates.withLock { $0 } == Array(repeating: ProductPaths.batch, count: 3))
            let direct = await shop.send(
                .post, ProductPaths.batch, #"{"ids": [\#(ids.map { "\"\($0)\"" }.joined(separator: ","))]}"#)
            #expect(direct.status == 422 && direct.faults == ["ids"])
            for body in ["", "[]", "{}", #"{"ids": "x"}"#, #"{"ids": 5}"#] {
                #expect(await shop.send(.post, ProductPaths.batch, body).status == 400, "\(body)")
            }
        }
    }

    @Test("Reserve, confirm and release go through the client and back")
    func reservation() async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct("Mug", price: "14.00", stock: 5)
            let transport = Transport(shop)
            let client = ProductClient(transport)
            let order = Shop.orderID()
            let lines = [ReservationLine(productID: id, quantity: 2)]
            let held = try await client.reserve(
                orderID: order, lines: lines, expiresIn: .seconds(90), deadline: self.deadline)
            #expect(held.status == .held && held.expiresAt == "2026-01-02T03:05:35.000000Z")
            #expect(
                held.items == [
                    ReservedItem(productID: id, name: "Mug", quantity: 2, priceMinorUnits: 1_400, currency: "USD")
                ])
            let confirmed = try await client.confirm(orderID: order, deadline: self.deadline)
            #expect(confirmed.status == .confirmed && confirmed.expiresAt == nil && confirmed.items == held.items)
            let released = try await client.release(orderID: order, deadline: self.deadline)
            #expect(released.status == .released)
            #expect(
                transport.templates.withLock { $0 } == [
                    ProductPaths.reservation, ProductPaths.confirm, ProductPaths.release,
                ])
        }
    }

    @Test("Each refusal arrives as its own error")
    func refusals() async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct("Mug", stock: 1)
            let client = ProductClient(Transport(shop))
            let order = Shop.orderID()
            let reserve = { (order: String, id: String, quantity: Int) async -> ProductClientError? in
                do throws(ProductClientError) {
                    _ = try await client.reserve(
                        orderID: order, lines: [ReservationLine(productID: id, quantity: quantity)],
                        expiresIn: .seconds(60), deadline: self.deadline)
                    return nil
                } catch { return error }
            }
            guard case .outOfStock(let errors) = await reserve(order, id, 2) else { throw Wrong() }
            #expect(errors.map(\.message) == ["only 1 left of Mug"])
            guard case .unknownProducts = await reserve(order, Shop.adminID, 1) else { throw Wrong() }
            do throws(ProductClientError) {
                _ = try await client.confirm(orderID: order, deadline: self.deadline)
                throw Wrong.asClientError
            } catch { guard case .unknownReservation = error else { throw Wrong() } }
            #expect(await reserve(order, id, 1) == nil)
            guard case .mismatch = await reserve(order, Shop.adminID, 1) else { throw Wrong() }
            _ = await shop.release(order)
            guard case .released = await reserve(order, id, 1) else { throw Wrong() }
        }
    }

    @Test("No answer is told apart by what may have happened")
    func failures() async throws {
        let cases: [(BrokenTransport.Failure, unknown: Bool)] = [
            (.init(requestWasNotSent: true, isTimeout: false), false),
            (.init(requestWasNotSent: false, isTimeout: false), true),
            (.init(requestWasNotSent: false, isTimeout: true), true),
        ]
        for (failure, unknown) in cases {
            do throws(ProductClientError) {
                _ = try await ProductClient(BrokenTransport(failure: failure))
                    .release(orderID: Shop.orderID(), deadline: self.deadline)
                throw Wrong.asClientError
            } catch {
                #expect(error.isOutcomeUnknown == unknown && error.isRetryable)
                #expect(error.problem.status.code == (failure.isTimeout ? 504 : 503))
            }
        }
    }

    @Test("An answer outside the contract is an error of its own, never a crash")
    func nonsense() async throws {
        let bodies = ["", "[]", "{}", #"{"items": 5}"#, #"{"items": [5]}"#, #"{"items": [{"id": 5}]}"#]
        for body in bodies {
            let transport = FixedTransport(response: HTTPResponse(.ok, body: .bytes(Array(body.utf8))))
            do throws(ProductClientError) {
                _ = try await ProductClient(transport).batch(["x"], deadline: self.deadline)
                throw Wrong.asClientError
            } catch { guard case .unexpected = error else { throw Wrong() } }
        }
        let busy = HTTPResponse(.serviceUnavailable, fields: [.retryAfter: "7"], body: .bytes(Array("oops".utf8)))
        do throws(ProductClientError) {
            _ = try await ProductClient(FixedTransport(response: busy)).batch(["x"], deadline: self.deadline)
            throw Wrong.asClientError
        } catch { guard case .unavailable(retryAfterSeconds: 7) = error else { throw Wrong() } }
    }

    /// The client did something else than the test expects.
    private struct Wrong: Error {
        static let asClientError = ProductClientError.unexpected(.ok, "should have failed")
    }
}
