import HTTPCore
import RPC
import ServiceKit
import ServiceTesting
import ShopContracts
import Synchronization
import TelemetryTesting

/// A product service that answers what a test says, and remembers what it was asked.
final class ScriptedProducts: ProductV1.ProductServiceHandler {
    private let answer: Result<ProductV1.Reservation, RPCError>
    private let asked = Mutex<[String]>([])
    private let reservations = Mutex<[ProductV1.ReserveStockRequest]>([])

    init(_ answer: Result<ProductV1.Reservation, RPCError>) { self.answer = answer }

    /// The methods called, in their order.
    var calls: [String] { self.asked.withLock { $0 } }
    var reserved: [ProductV1.ReserveStockRequest] { self.reservations.withLock { $0 } }

    private func respond(_ context: RPCServerContext) throws -> ProductV1.Reservation {
        self.asked.withLock { $0.append(context.method.name) }
        return try self.answer.get()
    }

    func getProduct(
        _ request: ProductV1.GetProductRequest, _ context: RPCServerContext
    ) async throws -> ProductV1.Product { throw RPCError(.unimplemented, "not asked for here") }

    func batchGetProducts(
        _ request: ProductV1.BatchGetProductsRequest, _ context: RPCServerContext
    ) async throws -> ProductV1.BatchGetProductsResponse { throw RPCError(.unimplemented, "not asked for here") }

    func reserveStock(
        _ request: ProductV1.ReserveStockRequest, _ context: RPCServerContext
    ) async throws -> ProductV1.Reservation {
        self.reservations.withLock { $0.append(request) }
        return try self.respond(context)
    }

    func confirmReservation(
        _ request: ProductV1.ConfirmReservationRequest, _ context: RPCServerContext
    ) async throws -> ProductV1.Reservation { try self.respond(context) }

    func releaseReservation(
        _ request: ProductV1.ReleaseReservationRequest, _ context: RPCServerContext
    ) async throws -> ProductV1.Reservation { try self.respond(context) }

    /// Calls it without a socket.
    var client: ProductV1.ProductServiceClient {
        var table = RPCServiceTable()
        self.register(on: &table)
        let telemetry = TestTelemetry(serviceName: "product")
        return Self.client(over: ResponderTransport(responder: RPCServer(table, telemetry: telemetry.telemetry)))
    }

    static func client(over transport: any HTTPTransport) -> ProductV1.ProductServiceClient {
        ProductV1.ProductServiceClient(
            RPCClient(
                calling: .product, over: transport, internalToken: InProcessService.internalToken,
                telemetry: TestTelemetry(serviceName: "order").telemetry))
    }
}

/// Fails as a connection does.
struct SilentTransport: HTTPTransport {
    struct Silence: RPCTransportFailure {
        let requestWasNotSent: Bool
        let isTimeout: Bool
        var http2ResetCode: UInt32? { nil }
        var errorType: String { "connection_lost" }
    }
    let silence: Silence

    func send(_ request: HTTPRequest, deadline: Deadline) async throws -> HTTPResponse { throw self.silence }
}
