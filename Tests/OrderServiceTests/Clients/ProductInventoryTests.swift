import HTTPCore
import OrderDomain
import Routing
import ShopContracts
import Synchronization
import Testing

@testable import OrderService

/// Answers every request with one answer, and remembers the requests.
private final class ScriptedTransport: TemplatedTransport {
    struct Silence: UpstreamFailure {
        let requestWasNotSent: Bool
        let isTimeout: Bool
    }

    private let answer: Result<(Int, String), Silence>
    private let sent = Mutex<[(template: String?, target: String, body: String)]>([])

    init(_ answer: Result<(Int, String), Silence>) { self.answer = answer }

    var requests: [(template: String?, target: String, body: String)] { self.sent.withLock { $0 } }

    func send(_ request: HTTPRequest, deadline: Deadline) async throws -> HTTPResponse {
        try await self.send(request, template: nil, deadline: deadline)
    }

    func send(_ request: HTTPRequest, template: String?, deadline: Deadline) async throws -> HTTPResponse {
        let body = String(decoding: try await request.body.collect(upTo: 1 << 20), as: UTF8.self)
        self.sent.withLock { $0.append((template, "\(request.method.name) \(request.target)", body)) }
        let (status, text) = try self.answer.get()
        return HTTPResponse(HTTPStatus(status), body: .bytes(Array(text.utf8)))
    }
}

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

    private func inventory(_ transport: ScriptedTransport) -> ProductInventory {
        ProductInventory(client: ProductClient(transport), hold: .seconds(900))
    }

    private func reserve(_ status: Int, _ body: String) async throws -> ReserveOutcome {
        await self.inventory(ScriptedTransport(.success((status, body)))).reserve(
            try self.lines, for: try self.id, deadline: .distantFuture)
    }

    private func reservation(_ status: String, price: Int = 14_00) throws -> String {
        """
        {"order_id":"\(try self.id)","status":"\(status)","expires_at":"2026-01-02T03:04:05Z","items":[
        {"product_id":"\(self.mug)","name":"Mug","quantity":2,"price_minor_units":\(price),"currency":"USD"},
        {"product_id":"\(self.lamp)","name":"Lamp","quantity":1,"price_minor_units":8999,"currency":"USD"}]}
        """
    }

    @Test("A reservation brings names and prices")
    func reserved() async throws {
        let transport = ScriptedTransport(.success((201, try self.reservation("held"))))
        let outcome = await self.inventory(transport).reserve(
            try self.lines, for: try self.id, deadline: .distantFuture)
        let lines = try #require(outcome.lines)
        #expect(lines.total.minorUnits == 28_00 + 89_99 && lines.lines.map(\.name) == ["Mug", "Lamp"])
        let request = try #require(transport.requests.first)
        #expect(request.template == "/internal/v1/reservations/{order_id}")
        #expect(request.target == "PUT /internal/v1/reservations/\(try self.id)")
        let items = #"[{"product_id":"\#(self.mug)","quantity":2},{"product_id":"\#(self.lamp)","quantity":1}]"#
        #expect(request.body == #"{"items":\#(items),"expires_in_seconds":900}"#)
    }

    @Test("Errors name the line as the customer gave it")
    func origins() async throws {
        let short = #"{"field":"items[1].quantity","message":"only 0 left of Lamp"}"#
        let outOfStock = try await self.reserve(409, #"{"type":"/problems/out-of-stock","errors":[\#(short)]}"#)
        #expect(outOfStock.missing == [FieldError("items[2].quantity", "only 0 left of Lamp")])
        let unknown = #"{"field":"items[1].product_id","message":"m"},{"field":"odd","message":""}"#
        let unknownProducts = try await self.reserve(422, #"{"type":"about:blank","errors":[\#(unknown)]}"#)
        #expect(unknownProducts.unknown == [FieldError("items[2].product_id", "m"), FieldError("odd", "")])
    }

    @Test("What was released cannot be reserved, confirmed or released again")
    func released() async throws {
        let body = #"{"type":"/problems/reservation-released"}"#
        #expect(try await self.reserve(409, body).isReleased)
        #expect(try await self.reserve(200, self.reservation("released")).isReleased)
        let inventory = self.inventory(ScriptedTransport(.success((409, body))))
        #expect(await inventory.confirm(try self.id, deadline: .distantFuture).isReleased)
        #expect(await inventory.release(try self.id, deadline: .distantFuture).failure == nil)
    }

    @Test("Prices that cannot be added up are told from a failure")
    func unpriceable() async throws {
        let outcome = try await self.reserve(200, self.reservation("held", price: Money.minorUnitsMax))
        #expect(outcome.priceError == .money(.tooLarge))
    }

    @Test(
        "Whether a failed step may have had its effect is known",
        arguments: [(503, false), (429, false), (404, false), (500, true), (504, true), (200, true)])
    func failures(status: Int, mayHaveHadEffect: Bool) async throws {
        let failure = try #require(try await self.reserve(status, "{}").failure)
        #expect(failure.mayHaveHadEffect == mayHaveHadEffect)
        #expect([502, 503, 504].contains(failure.problem.status.code))
    }

    @Test(
        "Silence is told by whether the request was sent",
        arguments: [(true, false, 503), (false, true, 504), (false, false, 503)])
    func silence(notSent: Bool, isTimeout: Bool, status: Int) async throws {
        let transport = ScriptedTransport(.failure(.init(requestWasNotSent: notSent, isTimeout: isTimeout)))
        let failures = [
            await self.inventory(transport).confirm(try self.id, deadline: .distantFuture).failure,
            await self.inventory(transport).release(try self.id, deadline: .distantFuture).failure,
        ]
        for failure in failures {
            #expect(failure?.mayHaveHadEffect == !notSent && failure?.problem.status.code == status)
        }
    }

    @Test("Confirming and releasing go to their own paths")
    func paths() async throws {
        let transport = ScriptedTransport(.success((200, try self.reservation("confirmed"))))
        #expect(await self.inventory(transport).confirm(try self.id, deadline: .distantFuture).failure == nil)
        #expect(await self.inventory(transport).release(try self.id, deadline: .distantFuture).failure == nil)
        let path = "POST /internal/v1/reservations/\(try self.id)"
        #expect(transport.requests.map(\.target) == ["\(path)/confirm", "\(path)/release"])
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
