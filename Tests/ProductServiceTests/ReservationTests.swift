import HTTPCore
import Protobuf
import RPC
import ShopContracts
import TelemetryTesting
import Testing

@testable import ProductService

@Suite("Reservations")
struct ReservationTests {
    @Test("A reservation takes units aside at today's name and price, and says so again when asked again")
    func reserve() async throws {
        try await Shop.run { shop in
            let mug = try await shop.addProduct("Mug", price: "14.00", stock: 5)
            let cup = try await shop.addProduct("Cup", price: "9.50", stock: 5)
            let order = Shop.orderID()
            let first = await shop.reserve(order, [(cup, 2), (mug, 1)])
            let usd = { (cents: Int64) in CommonV1.Money(minorUnits: cents, currency: "USD") }
            #expect(
                first.reservation
                    == ProductV1.Reservation(
                        orderID: order, status: .held,
                        expiresAt: GoogleProtobuf.Timestamp(microseconds: Shop.start + 60_000_000),
                        items: [
                            .init(productID: cup, name: "Cup", quantity: 2, price: usd(9_50)),
                            .init(productID: mug, name: "Mug", quantity: 1, price: usd(14_00)),
                        ]))
            _ = await shop.send(.patch, "/api/v1/products/\(mug)", as: .admin, #"{"price": 99, "name": "Dear"}"#)
            shop.advance(seconds: 5)
            let again = await shop.reserve(order, [(mug, 1), (cup, 2)])
            #expect(again.reservation == first.reservation)
            #expect(try shop.telemetry.value("shop_stock_reservations_total", ["outcome": "held"]) == 1)
            #expect(try shop.counts(of: cup) == .init(stock: 3, reserved: 2, sold: 0, stocked: 5))
            #expect(try shop.counts(of: mug) == .init(stock: 4, reserved: 1, sold: 0, stocked: 5))
        }
    }

    @Test("Other items for the same order are refused, in every state")
    func mismatch() async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct(stock: 5)
            let order = Shop.orderID()
            _ = await shop.reserve(order, [(id, 2)])
            #expect(await shop.reserve(order, [(id, 3)]).reason == .reservationMismatch)
            _ = await shop.confirm(order)
            #expect(await shop.reserve(order, [(id, 1)]).reason == .reservationMismatch)
            let same = await shop.reserve(order, [(id, 2)])
            #expect(same.status == .confirmed && same.reservation?.expiresAt == nil)
            _ = await shop.release(order)
            #expect(await shop.reserve(order, [(id, 2)]).reason == .reservationReleased)
        }
    }

    @Test("All lines or none: what is short is named with what is left")
    func outOfStock() async throws {
        try await Shop.run { shop in
            let plenty = try await shop.addProduct("Plenty", stock: 50)
            let scarce = try await shop.addProduct("Scarce", stock: 2)
            let none = try await shop.addProduct("None", stock: 0)
            let answer = await shop.reserve(Shop.orderID(), [(plenty, 5), (scarce, 3), (none, 1)])
            #expect(answer.code == .failedPrecondition && answer.reason == .outOfStock)
            #expect(answer.faults == ["lines[1].quantity", "lines[2].quantity"])
            #expect(answer.error?.violations.map(\.description) == ["only 2 left of Scarce", "only 0 left of None"])
            #expect(answer.error?.message == "Scarce: 3 asked for, 2 left. None: 1 asked for, 0 left.")
            #expect(try shop.counts(of: plenty) == .init(stock: 50, reserved: 0, sold: 0, stocked: 50))
            let value = try shop.telemetry.value("shop_stock_reservations_total", ["outcome": "out_of_stock"])
            #expect(value == 1)
        }
    }

    @Test("Lines of the same product are added up before anything is taken")
    func duplicates() async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct("Mug", stock: 5)
            let short = await shop.reserve(Shop.orderID(), [(id, 3), (id, 3)])
            #expect(short.code == .failedPrecondition && short.faults == ["lines[0].quantity"])
            let order = Shop.orderID()
            let answer = await shop.reserve(order, [(id, 2), (id, 3)])
            #expect(answer.status == .held && answer.items.map(\.quantity) == [5])
            #expect(await shop.reserve(order, [(id, 5)]).status == .held)
        }
    }

    @Test("Unknown products are named, and nothing is taken")
    func unknownProducts() async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct(stock: 5)
            let answer = await shop.reserve(
                Shop.orderID(), [(id, 1), ("01900000-0000-7000-8000-00000000ffff", 1)])
            #expect(answer.code == .failedPrecondition && answer.reason == .unknownProduct)
            #expect(answer.faults == ["lines[1].product_id"])
            #expect(await shop.stock(of: id) == 5)
        }
    }

    @Test("Requests that make no sense are refused")
    func invalid() async throws {
        let id = "01900000-0000-7000-8000-00000000ffff"
        let cases: [(lines: [(String, Int)], seconds: Int64?, fields: [String])] = [
            ([], nil, ["lines"]), ([], 60, ["lines"]), (Array(repeating: (id, 1), count: 101), 60, ["lines"]),
            ([("", 0)], 60, ["lines[0].product_id", "lines[0].quantity"]),
            ([("x", 0)], 0, ["lines[0].product_id", "lines[0].quantity", "expires_in"]),
            ([(id, -1)], -1, ["lines[0].quantity", "expires_in"]), ([(id, 1)], 86_401, ["expires_in"]),
        ]
        try await Shop.run { shop in
            for (lines, seconds, fields) in cases {
                let answer = await shop.reserve(Shop.orderID(), lines, seconds: seconds)
                #expect(answer.code == .invalidArgument && answer.faults == fields, "\(answer)")
                let nameless = await shop.reserve("nonsense", lines, seconds: seconds)
                #expect(nameless.code == .invalidArgument && nameless.faults == ["order_id"] + fields)
            }
        }
    }

    @Test("Confirming sells once; confirming what is not there says so")
    func confirm() async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct(stock: 5)
            let order = Shop.orderID()
            #expect(await shop.confirm(order).reason == .reservationUnknown)
            _ = await shop.reserve(order, [(id, 2)])
            let first = await shop.confirm(order)
            let second = await shop.confirm(order)
            #expect(first.status == .confirmed && second.reservation == first.reservation)
            #expect(try shop.counts(of: id) == .init(stock: 3, reserved: 0, sold: 2, stocked: 5))
        }
    }

    @Test("Releasing gives back what is held, or what was sold, once")
    func release() async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct(stock: 5)
            let held = Shop.orderID()
            let sold = Shop.orderID()
            _ = await shop.reserve(held, [(id, 2)])
            _ = await shop.reserve(sold, [(id, 1)])
            _ = await shop.confirm(sold)
            for order in [held, sold, held, sold] {
                #expect(await shop.release(order).status == .released)
            }
            #expect(try shop.counts(of: id) == .init(stock: 5, reserved: 0, sold: 0, stocked: 5))
            #expect(try shop.counts(of: id) == shop.ledgerCounts(of: id))
            #expect(await shop.confirm(held).reason == .reservationReleased)
            #expect(try shop.telemetry.value("shop_stock_reservations_total", ["outcome": "released"]) == 2)
        }
    }

    @Test("A release that overtakes its reservation keeps it from happening")
    func releaseFirst() async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct(stock: 5)
            let order = Shop.orderID()
            #expect(await shop.release(order).status == .released)
            #expect(await shop.reserve(order, [(id, 2)]).reason == .reservationReleased)
            #expect(await shop.stock(of: id) == 5)
        }
    }

    @Test("A reservation expires at its time, not before, and only while it is held")
    func expiry() async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct(stock: 5)
            let held = Shop.orderID()
            let sold = Shop.orderID()
            _ = await shop.reserve(held, [(id, 2)], seconds: 60)
            _ = await shop.reserve(sold, [(id, 1)], seconds: 60)
            _ = await shop.confirm(sold)
            shop.advance(seconds: 59)
            #expect(try await shop.service.reservations.expireDue() == 0)
            shop.advance(seconds: 1)
            #expect(try await shop.service.reservations.expireDue() == 1)
            #expect(try await shop.service.reservations.expireDue() == 0)
            #expect(try shop.counts(of: id) == .init(stock: 4, reserved: 0, sold: 1, stocked: 5))
            #expect(try shop.telemetry.value("shop_stock_reservations_total", ["outcome": "expired"]) == 1)
        }
    }

    @Test("Many overdue reservations expire in several transactions")
    func manyExpire() async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct(stock: 120)
            for _ in 0..<120 { #expect(await shop.reserve(Shop.orderID(), [(id, 1)]).status == .held) }
            shop.advance(seconds: 61)
            #expect(try await shop.service.reservations.expireDue() == 120)
            #expect(try shop.counts(of: id) == .init(stock: 120, reserved: 0, sold: 0, stocked: 120))
        }
    }

    @Test("An expired reservation is taken up again at its old price while there is stock, by confirming or reserving")
    func takenUpAgain() async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct("Mug", price: "5.00", stock: 4)
            let one = Shop.orderID()
            let two = Shop.orderID()
            _ = await shop.reserve(one, [(id, 2)])
            _ = await shop.reserve(two, [(id, 2)])
            shop.advance(seconds: 61)
            try await shop.service.reservations.expireDue()
            _ = await shop.send(.patch, "/api/v1/products/\(id)", as: .admin, #"{"price": 9}"#)
            let confirmed = await shop.confirm(one)
            #expect(confirmed.status == .confirmed && confirmed.items.map(\.price?.minorUnits) == [500])
            #expect(await shop.reserve(two, [(id, 1)]).reason == .reservationMismatch)
            let reserved = await shop.reserve(two, [(id, 2)])
            #expect(reserved.status == .held)
            // A minute from the moment of the second try.
            #expect(
                reserved.reservation?.expiresAt == GoogleProtobuf.Timestamp(microseconds: Shop.start + 121_000_000))
            #expect(try shop.counts(of: id) == .init(stock: 0, reserved: 2, sold: 2, stocked: 4))
            #expect(try shop.counts(of: id) == shop.ledgerCounts(of: id))
        }
    }

    @Test("An expired reservation whose units are gone cannot be confirmed; it can be released")
    func expiredAndGone() async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct("Mug", stock: 2)
            let late = Shop.orderID()
            _ = await shop.reserve(late, [(id, 2)])
            shop.advance(seconds: 61)
            try await shop.service.reservations.expireDue()
            _ = await shop.reserve(Shop.orderID(), [(id, 1)])
            let answer = await shop.confirm(late)
            #expect(answer.reason == .outOfStock && answer.faults == ["lines[0].quantity"])
            #expect(await shop.reserve(late, [(id, 2)]).reason == .outOfStock)
            #expect(await shop.release(late).status == .released)
            #expect(try shop.counts(of: id) == .init(stock: 1, reserved: 1, sold: 0, stocked: 2))
        }
    }

    @Test("A reservation that is overdue but not swept yet can still be confirmed")
    func overdue() async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct(stock: 2)
            let order = Shop.orderID()
            _ = await shop.reserve(order, [(id, 2)])
            shop.advance(seconds: 3_600)
            #expect(await shop.confirm(order).status == .confirmed)
            #expect(try shop.counts(of: id) == .init(stock: 0, reserved: 0, sold: 2, stocked: 2))
        }
    }
}
