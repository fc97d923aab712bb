import HTTPCore
import Persistence
import Protobuf
import RPC
import SQLite
import ServiceKit
import ServiceTesting
import ShopContracts
import TelemetryTesting
import Testing

@testable import ProductService

@Suite("The product service by gRPC")
struct ProductRPCTests {
    private static let unknown = "01900000-0000-7000-8000-00000000ffff"

    // MARK: Reading

    @Test("A product comes with all that the shop knows of it, its id in whatever case")
    func product() async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct("Mug", price: "14.00", stock: 5, description: "Round.")
            _ = await shop.reserve(Shop.orderID(), [(id, 2)])
            let start = GoogleProtobuf.Timestamp(microseconds: Shop.start)
            let found = try await shop.products.getProduct(.init(productID: id.uppercased()))
            #expect(
                found
                    == ProductV1.Product(
                        id: id, name: "Mug", description: "Round.",
                        price: CommonV1.Money(minorUnits: 14_00, currency: "USD"), category: "audio", imageURL: "",
                        availableQuantity: 3, createdAt: start, updatedAt: start))
        }
    }

    @Test("A product that is not there, or no more, is not found; an id that is none names its field")
    func noProduct() async throws {
        try await Shop.run { shop in
            let gone = try await shop.addProduct("Gone")
            _ = await shop.send(.delete, "/api/v1/products/\(gone)", as: .admin)
            for id in [Self.unknown, gone] {
                let error = try await failure { () async throws(RPCError) in
                    try await shop.products.getProduct(.init(productID: id))
                }
                #expect(error.code == .notFound && error.details.isEmpty)
            }
            for id in ["", "x", Self.unknown + "0"] {
                let error = try await failure { () async throws(RPCError) in
                    try await shop.products.getProduct(.init(productID: id))
                }
                #expect(error.code == .invalidArgument && error.faults == ["product_id"])
            }
        }
    }

    @Test("A batch gives name, price and availability of what is known, each once, and lists the rest")
    func batch() async throws {
        try await Shop.run { shop in
            let mug = try await shop.addProduct("Mug", price: "14.00", stock: 5)
            let gone = try await shop.addProduct("Gone")
            _ = await shop.send(.delete, "/api/v1/products/\(gone)", as: .admin)
            _ = await shop.reserve(Shop.orderID(), [(mug, 2)])
            let found = try await shop.products.batchGetProducts(
                .init(productIDs: [mug, gone, mug, "nonsense", mug.uppercased()]))
            #expect(
                found.products == [
                    ProductV1.ProductSummary(
                        id: mug, name: "Mug", price: CommonV1.Money(minorUnits: 14_00, currency: "USD"),
                        availableQuantity: 3)
                ])
            #expect(Set(found.unknownProductIDs) == [gone, "nonsense"] && found.unknownProductIDs.count == 2)
            let none = try await shop.products.batchGetProducts(.init())
            #expect(none == ProductV1.BatchGetProductsResponse())
        }
    }

    @Test("A hundred ids are a batch, and one more is too many")
    func batchBound() async throws {
        try await Shop.run(seeded: true) { shop in
            let ids = (1...101).map(SeedIdentifier.product)
            let found = try await shop.products.batchGetProducts(.init(productIDs: Array(ids.prefix(100))))
            #expect(Set(found.products.map(\.id)) == Set(ids.prefix(100)) && found.unknownProductIDs.isEmpty)
            let error = try await failure { () async throws(RPCError) in
                try await shop.products.batchGetProducts(.init(productIDs: ids))
            }
            #expect(error.code == .invalidArgument && error.faults == ["product_ids"])
        }
    }

    // MARK: Reservations

    @Test("Stock is reserved, confirmed and released, and each answer tells the reservation as it then is")
    func reservation() async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct("Mug", price: "14.00", stock: 5)
            let order = Shop.orderID()
            let held = await shop.reserve(order, [(id, 2)], seconds: 90)
            #expect(held.status == .held)
            #expect(held.reservation?.orderID == order)
            #expect(
                held.reservation?.expiresAt == GoogleProtobuf.Timestamp(microseconds: Shop.start + 90_000_000))
            let price = CommonV1.Money(minorUnits: 14_00, currency: "USD")
            #expect(held.items == [.init(productID: id, name: "Mug", quantity: 2, price: price)])
            let confirmed = await shop.confirm(order.uppercased())
            #expect(confirmed.status == .confirmed && confirmed.reservation?.expiresAt == nil)
            #expect(confirmed.items == held.items)
            #expect(await shop.release(order).status == .released)
        }
    }

    @Test("A reservation that does not say how long it holds does so for fifteen minutes")
    func expiryDefault() async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct()
            let held = await shop.reserve(Shop.orderID(), [(id, 1)], seconds: nil)
            let expected = GoogleProtobuf.Timestamp(microseconds: Shop.start + 900_000_000)
            #expect(held.reservation?.expiresAt == expected)
            let error = try await failure { () async throws(RPCError) in
                try await shop.products.reserveStock(
                    .init(
                        orderID: Shop.orderID(), lines: [.init(productID: id, quantity: 1)],
                        expiresIn: GoogleProtobuf.Duration(seconds: 1, nanos: 1)))
            }
            #expect(error.code == .invalidArgument && error.faults == ["expires_in"])
        }
    }

    @Test("Each refusal has its code, its reason, and the fields that are to blame")
    func refusals() async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct("Mug", stock: 1)
            let order = Shop.orderID()
            let short = await shop.reserve(order, [(id, 2)])
            #expect(short.code == .failedPrecondition && short.reason == .outOfStock)
            #expect(
                short.error?.violations == [.init(field: "lines[0].quantity", description: "only 1 left of Mug")])
            let unknown = await shop.reserve(order, [(id, 1), (Self.unknown, 1)])
            #expect(unknown.code == .failedPrecondition && unknown.reason == .unknownProduct)
            #expect(unknown.faults == ["lines[1].product_id"])
            let none = await shop.confirm(order)
            #expect(none.code == .notFound && none.reason == .reservationUnknown && none.faults.isEmpty)
            #expect(await shop.reserve(order, [(id, 1)]).code == .ok)
            let other = await shop.reserve(order, [(Self.unknown, 1)])
            #expect(other.code == .alreadyExists && other.reason == .reservationMismatch)
            _ = await shop.release(order)
            for late in [await shop.reserve(order, [(id, 1)]), await shop.confirm(order)] {
                #expect(late.code == .failedPrecondition && late.reason == .reservationReleased)
            }
            for nameless in [await shop.confirm("x"), await shop.release("")] {
                #expect(nameless.code == .invalidArgument && nameless.faults == ["order_id"])
            }
        }
    }

    // MARK: Around the calls

    @Test("Without the internal token nothing is answered, nor with another", arguments: [nil, "guess"])
    func token(token: String?) async throws {
        try await Shop.run { shop in
            var metadata = RPCMetadata()
            if let token { try metadata.append(.xInternalToken, token) }
            let stranger = RPCClient(
                transport: InProcessService.rpcTransport(to: shop.service, telemetry: shop.telemetry),
                serverAddress: "127.0.0.1", serverPort: 8002, metadata: metadata, telemetry: shop.telemetry.telemetry)
            let id = try await shop.addProduct()
            let error = try await failure { () async throws(RPCError) in
                try await ProductV1.ProductServiceClient(stranger).getProduct(.init(productID: id))
            }
            #expect(error.code == .unauthenticated)
        }
    }

    @Test("What nobody foresaw is INTERNAL, and its text stays in the log")
    func unforeseen() async throws {
        try await Shop.run { shop in
            let id = try await shop.addProduct()
            try await shop.database.write(ProductOperations.updateProduct) { connection in
                try connection.execute("ALTER TABLE products RENAME TO elsewhere")
            }
            let error = try await failure { () async throws(RPCError) in
                try await shop.products.getProduct(.init(productID: id))
            }
            #expect(error.code == .internal)
            #expect(!error.message.contains("products") && !error.message.contains("no such"))
            #expect(shop.telemetry.logLines.contains { $0.contains("no such table") })
        }
    }
}
