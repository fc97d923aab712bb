import HTTPCore
import OrderDomain
import Protobuf
import RPC
import Routing
import ShopContracts
import Testing

@testable import OrderService

@Suite("Stock through the product service's contract")
struct ProductInventoryTests {
    private let mug = OrderHarness.mug
    private let lamp = OrderHarness.lamp

    private var id: OrderID { get throws { try #require(OrderID("01975b0e-3c4f-7a11-8d52-9b1f0a6c2e77")) } }

    /// Mug, mug again, lamp: the second line of the reservation is the third of the request.
    private var lines: RequestedLines {
        get throws {
            try RequestedLines(merging: [
                .init(productID: self.mug, quantity: 1), .init(productID: self.mug, quantity: 1),
                .init(productID: self.lamp, quantity: 1),
            ])
        }
    }

    private func inventory(_ products: ScriptedProducts) -> ProductInventory {
        ProductInventory(client: products.client, hold: .seconds(900))
    }

    private func reserve(_ answer: @escaping ScriptedProducts.Answer) async throws -> ReserveOutcome {
        await self.inventory(ScriptedProducts(answer)).reserve(
            try self.lines, for: try self.id, deadline: .after(.seconds(30)))
    }

    private func refusal(
        _ reason: ProductErrorReason, _ code: RPCCode = .failedPrecondition,
        _ fields: [GoogleRPC.BadRequest.FieldViolation] = []
    ) -> RPCError {
        RPCError(
            code, "no",
            details: [
                .errorInfo(reason: reason.rawValue, domain: ProductErrorReason.domain), .badRequest(fields),
            ])
    }

    private func reservation(
        _ status: ProductV1.ReservationStatus, price: Int64 = 14_00, currency: String = "USD"
    ) throws -> ProductV1.Reservation {
        ProductV1.Reservation(
            orderID: try self.id.description, status: status,
            items: [
                .init(
                    productID: self.mug, name: "Mug", quantity: 2,
                    price: CommonV1.Money(minorUnits: price, currency: currency)),
                .init(
                    productID: self.lamp, name: "Lamp", quantity: 1,
                    price: CommonV1.Money(minorUnits: 89_99, currency: "USD")),
            ])
    }

    @Test("A reservation brings names and prices")
    func reserved() async throws {
        let reservation = try self.reservation(.held)
        let products = ScriptedProducts { reservation }
        let outcome = await self.inventory(products).reserve(
            try self.lines, for: try self.id, deadline: .after(.seconds(30)))
        let lines = try #require(outcome.lines)
        #expect(lines.total.minorUnits == 28_00 + 89_99 && lines.lines.map(\.name) == ["Mug", "Lamp"])
        #expect(
            products.calls.reserved == [
                ProductV1.ReserveStockRequest(
                    orderID: try self.id.description,
                    lines: [.init(productID: self.mug, quantity: 2), .init(productID: self.lamp, quantity: 1)],
                    expiresIn: GoogleProtobuf.Duration(seconds: 900))
            ])
    }

    @Test("Errors name the line as the customer gave it, in the words of the public API")
    func origins() async throws {
        let short = self.refusal(
            .outOfStock, .failedPrecondition, [.init(field: "lines[1].quantity", description: "only 0 left of Lamp")])
        #expect(
            try await self.reserve { throw short }.missing
                == [FieldError("items[2].quantity", "only 0 left of Lamp")])
        let unknown = self.refusal(
            .unknownProduct, .failedPrecondition,
            [
                .init(field: "lines[1].product_id", description: "m"), .init(field: "odd", description: ""),
                .init(field: "lines[7].product_id", description: "beyond"), .init(field: "lines[", description: "x"),
            ])
        #expect(
            try await self.reserve { throw unknown }.unknown == [
                FieldError("items[2].product_id", "m"), FieldError("odd", ""),
                FieldError("items[7].product_id", "beyond"), FieldError("items[", "x"),
            ])
    }

    @Test("What was released cannot be reserved, confirmed or released again")
    func released() async throws {
        let refusal = self.refusal(.reservationReleased)
        let released = try self.reservation(.released)
        #expect(try await self.reserve { throw refusal }.isReleased)
        #expect(try await self.reserve { released }.isReleased)
        for refusal in [refusal, self.refusal(.reservationUnknown, .notFound)] {
            let inventory = self.inventory(ScriptedProducts { throw refusal })
            #expect(await inventory.confirm(try self.id, deadline: .after(.seconds(30))).isReleased)
            #expect(await inventory.release(try self.id, deadline: .after(.seconds(30))).failure == nil)
        }
    }

    @Test("A reservation of other items, or a reason of somebody else's, is a failure without effect")
    func mismatch() async throws {
        let mismatch = self.refusal(.reservationMismatch, .alreadyExists)
        let foreign = RPCError(
            .failedPrecondition, "no", details: [.errorInfo(reason: "OUT_OF_STOCK", domain: "elsewhere")])
        for error in [mismatch, foreign] {
            let failure = try #require(try await self.reserve { throw error }.failure)
            #expect(!failure.mayHaveHadEffect && failure.problem.status.code == 502)
        }
    }

    @Test("Prices that cannot be added up are told from a failure")
    func unpriceable() async throws {
        let dear = try self.reservation(.held, price: Int64(Money.minorUnitsMax))
        #expect(try await self.reserve { dear }.priceError == .money(.tooLarge))
        for odd in [try self.reservation(.held, currency: "XXX"), try self.reservation(.held, price: -1)] {
            #expect(try await self.reserve { odd }.priceError != nil)
        }
    }

    @Test(
        "Whether a failed step may have had its effect is known",
        arguments: [
            (RPCCode.unavailable, false, 503), (.resourceExhausted, false, 503), (.notFound, false, 502),
            (.invalidArgument, false, 502), (.unauthenticated, false, 502), (.internal, true, 502),
            (.unknown, true, 502), (.dataLoss, true, 502), (.deadlineExceeded, true, 504), (.cancelled, true, 503),
        ])
    func failures(code: RPCCode, mayHaveHadEffect: Bool, status: Int) async throws {
        let failure = try #require(try await self.reserve { throw RPCError(code, "no") }.failure)
        #expect(failure.mayHaveHadEffect == mayHaveHadEffect)
        #expect(failure.problem.status.code == status)
    }

    @Test(
        "Silence is told by whether the request was sent",
        arguments: [(true, false, 503), (false, true, 504), (false, false, 503)])
    func silence(notSent: Bool, isTimeout: Bool, status: Int) async throws {
        let broken = BrokenConnection(failure: .init(requestWasNotSent: notSent, isTimeout: isTimeout))
        let inventory = ProductInventory(client: ProductV1.ProductServiceClient(.over(broken)), hold: .seconds(900))
        let failures = [
            await inventory.reserve(try self.lines, for: try self.id, deadline: .after(.seconds(30))).failure,
            await inventory.confirm(try self.id, deadline: .after(.seconds(30))).failure,
            await inventory.release(try self.id, deadline: .after(.seconds(30))).failure,
        ]
        for failure in failures {
            #expect(failure?.mayHaveHadEffect == !notSent && failure?.problem.status.code == status)
        }
    }

    @Test("With no time left a step has had no effect")
    func noTime() async throws {
        let products = ScriptedProducts { ProductV1.Reservation() }
        let failure = await self.inventory(products).confirm(try self.id, deadline: .after(.seconds(-1))).failure
        #expect(failure?.mayHaveHadEffect == false && failure?.problem.status.code == 504)
        #expect(products.calls.confirmed.isEmpty)
    }

    @Test("Confirming and releasing name the order")
    func orders() async throws {
        let reservation = try self.reservation(.confirmed)
        let products = ScriptedProducts { reservation }
        #expect(await self.inventory(products).confirm(try self.id, deadline: .after(.seconds(30))).failure == nil)
        #expect(await self.inventory(products).release(try self.id, deadline: .after(.seconds(30))).failure == nil)
        let id = try self.id.description
        #expect(products.calls.confirmed == [id] && products.calls.released == [id])
    }
}

extension ReserveOutcome {
    fileprivate var lines: PricedLines? { if case .reserved(let lines) = self { lines } else { nil } }
    fileprivate var missing: [FieldError]? { if case .outOfStock(let errors) = self { errors } else { nil } }
    fileprivate var unknown: [FieldError]? { if case .unknownProducts(let errors) = self { errors } else { nil } }
    fileprivate var priceError: PricedLinesError? { if case .unpriceable(let error) = self { error } else { nil } }
    fileprivate var isReleased: Bool { if case .released = self { true } else { false } }
    fileprivate var failure: StepFailure? { if case .failed(let failure) = self { failure } else { nil } }
}

extension ConfirmOutcome {
    fileprivate var isReleased: Bool { if case .released = self { true } else { false } }
    fileprivate var failure: StepFailure? { if case .failed(let failure) = self { failure } else { nil } }
}

extension ReleaseOutcome {
    fileprivate var failure: StepFailure? { if case .failed(let failure) = self { failure } else { nil } }
}
