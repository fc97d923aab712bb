import HTTPCore
import RPC
import Routing
import ServiceKit
import ServiceTesting
import ShopContracts
import Synchronization
import TelemetryTesting
import Testing

@testable import CartService

@Suite("The catalogue through the product service's contract")
struct ProductServiceCatalogueTests {
    /// A product service that knows every product but those it is told to deny, or fails with one status.
    private final class Products: Sendable {
        private let batches = Mutex<[[String]]>([])
        let failure: RPCError?

        init(failure: RPCError? = nil) { self.failure = failure }

        /// The ids of each call so far.
        var calls: [[String]] { self.batches.withLock { $0 } }

        func answer(_ ids: [String]) throws -> ProductV1.BatchGetProductsResponse {
            self.batches.withLock { $0.append(ids) }
            if let failure { throw failure }
            let known = ids.filter { $0 != Sample.unknown }
            return ProductV1.BatchGetProductsResponse(
                products: known.map {
                    .init(
                        id: $0, name: "N", price: CommonV1.Money(minorUnits: 250, currency: "EUR"),
                        availableQuantity: 4)
                }, unknownProductIDs: ids.filter { $0 == Sample.unknown })
        }

        var catalogue: ProductServiceCatalogue {
            var table = RPCServiceTable()
            table.add(
                service: ProductV1.ProductServiceDescriptor.service, file: ProductV1.productServiceFile)
            table.unary(ProductV1.ProductServiceDescriptor.batchGetProducts) {
                (request: ProductV1.BatchGetProductsRequest, _) in try self.answer(request.productIDs)
            }
            let telemetry = TestTelemetry()
            let server = RPCServer(table, telemetry: telemetry.telemetry)
            return ProductServiceCatalogue(
                client: ProductV1.ProductServiceClient(
                    RPCClient(
                        transport: ResponderTransport(responder: server), serverAddress: "127.0.0.1",
                        serverPort: 8002, telemetry: telemetry.telemetry)))
        }
    }

    @Test("Products come as they are there, without those that are unknown")
    func products() async throws {
        let found = try await Products().catalogue.products(
            [Sample.mug.id, Sample.unknown], deadline: .after(.seconds(30)))
        #expect(
            found == [
                CatalogueProduct(
                    id: Sample.mug.id, name: "N", priceMinorUnits: 250, currency: "EUR", availableQuantity: 4)
            ])
    }

    @Test("More than a batch takes is asked for in groups, in order; nothing is asked for nothing")
    func groups() async throws {
        let products = Products()
        let ids = Sample.many(201).map(\.id)
        let found = try await products.catalogue.products(ids, deadline: .after(.seconds(30)))
        #expect(found.map(\.id) == ids)
        #expect(products.calls.map(\.count) == [100, 100, 1] && products.calls.flatMap(\.self) == ids)
        #expect(try await products.catalogue.products([], deadline: .after(.seconds(30))).isEmpty)
        #expect(products.calls.count == 3)
    }

    @Test(
        "A status is an error that says what callers further up are told",
        arguments: [
            (RPCCode.unavailable, 503), (.resourceExhausted, 503), (.deadlineExceeded, 504), (.internal, 502),
            (.unauthenticated, 502),
        ])
    func failures(code: RPCCode, status: Int) async throws {
        let catalogue = Products(failure: RPCError(code, "no")).catalogue
        let error = try await #require(throws: UpstreamStatus.self) {
            try await catalogue.products([Sample.mug.id], deadline: .after(.seconds(30)))
        }
        #expect(error.name == .product && error.status.code == code && error.problem.status.code == status)
    }

    @Test("How long to wait is passed on as whole seconds, at least one")
    func retryAfter() async throws {
        for (wait, seconds) in [(Duration.milliseconds(6_500), "7"), (.zero, "1")] {
            let catalogue = Products(failure: RPCError(.unavailable, "no", details: [.retryInfo(wait)])).catalogue
            let error = try await #require(throws: UpstreamStatus.self) {
                try await catalogue.products([Sample.mug.id], deadline: .after(.seconds(30)))
            }
            #expect(error.problem.fields[.retryAfter] == seconds)
        }
    }

    @Test("With no time left nothing is sent")
    func noTime() async throws {
        let products = Products()
        let error = try await #require(throws: UpstreamStatus.self) {
            try await products.catalogue.products([Sample.mug.id], deadline: .after(.seconds(-1)))
        }
        #expect(error.problem.status.code == 504 && !error.mayHaveHadEffect && products.calls.isEmpty)
    }
}
