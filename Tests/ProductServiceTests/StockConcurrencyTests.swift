import HTTPCore
import JSON
import RPC
import ShopContracts
import TelemetryTesting
import Testing

@testable import ProductService

@Suite("Stock under concurrency")
struct StockConcurrencyTests {
    @Test("Sixty-four orders at once for the last ten units: ten get one each, the others are told there is none")
    func lastTen() async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct(stock: 10)
            let answers = await withTaskGroup(of: ReservationAnswer.self, returning: [ReservationAnswer].self) {
                group in
                for _ in 0..<64 { group.addTask { await shop.reserve(Shop.orderID(), [(id, 1)]) } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.count { $0.status == .held } == 10)
            #expect(answers.count { $0.code == .failedPrecondition && $0.reason == .outOfStock } == 54)
            #expect(try shop.counts(of: id) == .init(stock: 0, reserved: 10, sold: 0, stocked: 10))
            #expect(try shop.counts(of: id) == shop.ledgerCounts(of: id))
        }
    }

    @Test("The same order sent many times at once reserves once")
    func sameOrder() async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct(stock: 10)
            let order = Shop.orderID()
            let answers = await withTaskGroup(
                of: ReservationAnswer.self, returning: [ReservationAnswer].self
            ) { group in
                for _ in 0..<16 { group.addTask { await shop.reserve(order, [(id, 3)]) } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.count { $0.status == .held } == 16)
            #expect(Set(answers.compactMap(\.reservation)).count == 1)
            #expect(try shop.telemetry.value("shop_stock_reservations_total", ["outcome": "held"]) == 1)
            #expect(try shop.counts(of: id) == .init(stock: 7, reserved: 3, sold: 0, stocked: 10))
        }
    }

    @Test("Orders over the same products in opposite directions never lose a unit, while admins move stock")
    func crosswise() async throws {
        try await Shop.run { shop in
            let a = try await shop.addProduct("A", stock: 30)
            let b = try await shop.addProduct("B", stock: 30)
            await withTaskGroup(of: Void.self) { group in
                for turn in 0..<60 {
                    group.addTask {
                        let order = Shop.orderID()
                        _ = await shop.reserve(order, turn.isMultiple(of: 2) ? [(a, 1), (b, 1)] : [(b, 1), (a, 1)])
                        _ = turn.isMultiple(of: 3) ? await shop.confirm(order) : await shop.release(order)
                    }
                    group.addTask {
                        let body = #"{"delta": \#(turn.isMultiple(of: 2) ? 1 : -1), "reason": "count"}"#
                        _ = await shop.send(.post, "/api/v1/products/\(a)/stock", as: .admin, body)
                    }
                }
            }
            for id in [a, b] {
                let counts = try shop.counts(of: id)
                #expect(counts.stock + counts.reserved + counts.sold == counts.stocked)
                #expect(counts == (try shop.ledgerCounts(of: id)))
                #expect(counts.reserved == 0)
            }
        }
    }

    @Test("Whatever happens in whatever order, every unit is somewhere", arguments: 0..<12)
    func randomOperations(_ seed: UInt64) async throws {
        try await Shop.run { shop in
            var random = SplitMix(seed: seed)
            var products: [String] = []
            for number in 0..<4 {
                products.append(try await shop.addProduct("P\(number)", stock: Int.random(in: 0...12, using: &random)))
            }
            let orders = (0..<6).map { _ in Shop.orderID() }
            for step in 0..<80 {
                await self.act(shop, products, orders.randomElement(using: &random) ?? "", &random)
                for id in products {
                    let counts = try shop.counts(of: id)
                    try #require(counts.stock >= 0 && counts.reserved >= 0 && counts.sold >= 0)
                    try #require(counts.stock + counts.reserved + counts.sold == counts.stocked, "step \(step)")
                    try #require(try shop.ledgerCounts(of: id) == counts, "step \(step)")
                }
            }
            try await shop.service.watch.refresh()
            #expect(shop.service.watch.totals.violations == 0)
        }
    }

    /// Does something; what comes of it is one of the outcomes that the contract knows.
    private func act(_ shop: Shop, _ products: [String], _ order: String, _ random: inout SplitMix) async {
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<4:
            let lines = products.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random)).map { id in
                (id, Int.random(in: 1...4, using: &random))
            }
            self.expectForeseen(await shop.reserve(order, Array(lines), seconds: 10))
        case 4..<6: self.expectForeseen(await shop.confirm(order))
        case 6: self.expectForeseen(await shop.release(order))
        case 7:
            shop.advance(seconds: 6)
            _ = try? await shop.service.reservations.expireDue()
        default:
            let delta = [-5, -2, -1, 1, 3, 6].randomElement(using: &random) ?? 1
            let id = products.randomElement(using: &random) ?? ""
            let answer = await shop.send(
                .post, "/api/v1/products/\(id)/stock", as: .admin, #"{"delta": \#(delta), "reason": "count"}"#)
            #expect([201, 409].contains(answer.status), "\(answer.text)")
        }
    }

    private func expectForeseen(_ answer: ReservationAnswer) {
        #expect(answer.code == .ok || answer.reason != nil, "\(answer)")
    }
}

/// SplitMix64: the same seed, the same numbers.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { self.state = seed }

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var z = self.state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
