import HTTPCore
import OrderDomain
import Protobuf
import RPC
import Routing
import ServiceKit
import ServiceTesting
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

    private func reserve(_ answer: Result<ProductV1.Reservation, RPCError>) async throws -> ReserveOutcome {
        await self.inventory(ScriptedProducts(answer)).reserve(
            try self.lines, for: try self.id, deadline: .after(.seconds(10)))
    }

    private func reservation(
        _ status: ProductV1.ReservationStatus, price: Int = 14_00
    ) throws -> ProductV1.Reservation {
        ProductV1.Reservation(
            orderID: try self.id.description, status: status,
            items: [
                .init(
                    productID: self.mug, name: "Mug", quantity: 2,
                    price: CommonV1.Money(minorUnits: Int64(price), currency: "USD")),
                .init(
                    productID: self.lamp, name: "Lamp", quantity: 1,
                    price: CommonV1.Money(minorUnits: 89_99, currency: "USD")),
            ])
    }

    private static func refusal(
        _ code: RPCCode, _ reason: ProductErrorReason, _ fields: [GoogleRPC.BadRequest.FieldViolation] = []
    ) -> RPCError {
        RPCError(
            code, "refused",
            details: [
                .errorInfo(reason: reason.rawValue, domain: ProductErrorReason.domain), .badRequest(fields),
            ])
    }

    @Test("A reservation brings names and prices")
    func reserved() async throws {
        let products = ScriptedProducts(.success(try self.reservation(.held)))
        let outcome = await self.inventory(products).reserve(
            try self.lines, for: try self.id, deadline: .after(.seconds(10)))
        let lines = try #require(outcome.lines)
        #expect(lines.total.minorUnits == 28_00 + 89_99 && lines.lines.map(\.name) == ["Mug", "Lamp"])
        let request = try #require(products.reserved.first)
        #expect(request.orderID == (try self.id.description))
        #expect(request.lines.map(\.productID) == [self.mug, self.lamp])
        #expect(request.lines.map(\.quantity) == [2, 1] && request.expiresIn?.seconds == 900)
    }

    @Test("Errors name the line as the customer gave it")
    func origins() async throws {
        let outOfStock = try await self.reserve(
            .failure(
                Self.refusal(
                    .failedPrecondition, .outOfStock,
                    [.init(field: "lines[1].quantity", description: "only 0 left of Lamp")])))
        #expect(outOfStock.missing == [FieldError("items[2].quantity", "only 0 left of Lamp")])
        let unknownProducts = try await self.reserve(
            .failure(
                Self.refusal(
                    .failedPrecondition, .unknownProduct,
                    [
                        .init(field: "lines[1].product_id", description: "m"), .init(field: "odd", description: ""),
                    ])))
        #expect(unknownProducts.unknown == [FieldError("items[2].product_id", "m"), FieldError("odd", "")])
    }

    @Test("What was released cannot be reserved, confirmed or released again")
    func released() async throws {
        let refusal = Self.refusal(.failedPrecondition, .reservationReleased)
        #expect(try await self.reserve(.failure(refusal)).isReleased)
        #expect(try await self.reserve(.success(self.reservation(.released))).isReleased)
        let inventory = self.inventory(ScriptedProducts(.failure(refusal)))
        #expect(await inventory.confirm(try self.id, deadline: .after(.seconds(10))).isReleased)
        #expect(await inventory.release(try self.id, deadline: .after(.seconds(10))).failure == nil)
    }

    @Test("Prices that cannot be added up are told from a failure")
    func unpriceable() async throws {
        let outcome = try await self.reserve(.success(self.reservation(.held, price: Money.minorUnitsMax)))
        #expect(outcome.priceError == .money(.tooLarge))
    }

    @Test(
        "Whether a failed step may have had its effect is known",
        arguments: [
            (RPCCode.unavailable, false), (.resourceExhausted, false), (.notFound, false), (.internal, true),
            (.deadlineExceeded, true), (.unknown, true), (.unauthenticated, false),
        ])
    func failures(code: RPCCode, mayHaveHadEffect: Bool) async throws {
        let failure = try #require(try await self.reserve(.failure(RPCError(code, "no"))).failure)
        #expect(failure.mayHaveHadEffect == mayHaveHadEffect)
        #expect([502, 503, 504].contains(failure.problem.status.code) && failure.problem.isUpstream)
    }

    @Test("A reason of somebody else's domain is no reason")
    func otherDomain() async throws {
        let error = RPCError(
            .failedPrecondition, "no", details: [.errorInfo(reason: "OUT_OF_STOCK", domain: "elsewhere")])
        #expect(try await self.reserve(.failure(error)).failure?.problem.status.code == 502)
    }

    @Test(
        "Silence is told by whether the request was sent",
        arguments: [(true, false, 503), (false, true, 504), (false, false, 503)])
    func silence(notSent: Bool, isTimeout: Bool, status: Int) async throws {
        let transport = SilentTransport(silence: .init(requestWasNotSent: notSent, isTimeout: isTimeout))
        let inventory = ProductInventory(client: ScriptedProducts.client(over: transport), hold: .seconds(900))
        let failures = [
            await inventory.confirm(try self.id, deadline: .after(.seconds(10))).failure,
            await inventory.release(try self.id, deadline: .after(.seconds(10))).failure,
        ]
        for failure in failures {
            #expect(failure?.mayHaveHadEffect == !notSent && failure?.problem.status.code == status)
        }
    }

    @Test("Confirming and releasing are calls of their own")
    func methods() async throws {
        let products = ScriptedProducts(.success(try self.reservation(.confirmed)))
        let inventory = self.inventory(products)
        #expect(await inventory.confirm(try self.id, deadline: .after(.seconds(10))).failure == nil)
        #expect(await inventory.release(try self.id, deadline: .after(.seconds(10))).failure == nil)
        #expect(products.calls == ["ConfirmReservation", "ReleaseReservation"])
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
