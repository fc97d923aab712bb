import Routing
import HTTPCore
import RPC
import ServiceKit
import ServiceTesting
import ShopContracts
import Synchronization
import TelemetryTesting
import Testing

@testable import CartService

/// A product service that knows every id but one, or none at all.
private final class AnyProducts: ProductV1.ProductServiceHandler {
    let failure: RPCError?
    let groups = Mutex<[Int]>([])

    init(failure: RPCError? = nil) { self.failure = failure }

    func batchGetProducts(
        _ request: ProductV1.BatchGetProductsRequest, _ context: RPCServerContext
    ) async throws -> ProductV1.BatchGetProductsResponse {
        self.groups.withLock { $0.append(request.productIDs.count) }
        if let failure { throw failure }
        return ProductV1.BatchGetProductsResponse(
            products: request.productIDs.filter { $0 != Sample.unknown }.map {
                ProductV1.ProductSummary(
                    id: $0, name: "Thing", price: CommonV1.Money(minorUnits: 100, currency: "USD"),
                    availableQuantity: 3)
            })
    }

    func getProduct(
        _ request: ProductV1.GetProductRequest, _ context: RPCServerContext
    ) async throws -> ProductV1.Product { throw RPCError(.unimplemented, "") }
    func reserveStock(
        _ request: ProductV1.ReserveStockRequest, _ context: RPCServerContext
    ) async throws -> ProductV1.Reservation { throw RPCError(.unimplemented, "") }
    func confirmReservation(
        _ request: ProductV1.ConfirmReservationRequest, _ context: RPCServerContext
    ) async throws -> ProductV1.Reservation { throw RPCError(.unimplemented, "") }
    func releaseReservation(
        _ request: ProductV1.ReleaseReservationRequest, _ context: RPCServerContext
    ) async throws -> ProductV1.Reservation { throw RPCError(.unimplemented, "") }

    var catalogue: ProductServiceCatalogue {
        var table = RPCServiceTable()
        self.register(on: &table)
        let telemetry = TestTelemetry(serviceName: "product").telemetry
        let caller = RPCClient(
            calling: .product, over: ResponderTransport(responder: RPCServer(table, telemetry: telemetry)),
            internalToken: InProcessService.internalToken, telemetry: telemetry)
        return ProductServiceCatalogue(client: ProductV1.ProductServiceClient(caller))
    }
}

@Suite("The catalogue through the product service's contract")
struct ProductServiceCatalogueTests {
    @Test("A full cart and one product more are asked for in two groups; what is unknown is left out")
    func groups() async throws {
        let products = AnyProducts()
        let ids = Sample.many(100).map(\.id) + [Sample.unknown]
        let found = try await products.catalogue.products(ids, deadline: .after(.seconds(10)))
        #expect(products.groups.withLock { $0 } == [100, 1])
        #expect(found.map(\.id) == Sample.many(100).map(\.id))
        #expect(found.first?.priceMinorUnits == 100 && found.first?.availableQuantity == 3)
    }

    @Test(
        "A failure is told as the caller further up is to hear it",
        arguments: [(RPCCode.unavailable, 503), (.deadlineExceeded, 504), (.internal, 502), (.resourceExhausted, 503)])
    func failures(code: RPCCode, status: Int) async throws {
        let catalogue = AnyProducts(failure: RPCError(code, "no")).catalogue
        do {
            _ = try await catalogue.products([Sample.mug.id], deadline: .after(.seconds(10)))
            Issue.record("the failure was swallowed")
        } catch let error as UpstreamStatus {
            #expect(error.problem.status.code == status && error.problem.isUpstream)
        }
    }
}
