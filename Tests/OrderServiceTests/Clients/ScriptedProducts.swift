import HTTPCore
import Protobuf
import RPC
import ServiceTesting
import ShopContracts
import Synchronization
import TelemetryTesting

/// A product service that answers every call about a reservation in one way, and remembers what it was asked.
final class ScriptedProducts: Sendable {
    typealias Answer = @Sendable () throws -> ProductV1.Reservation

    /// What came, by the name of the method.
    struct Calls: Sendable {
        var reserved: [ProductV1.ReserveStockRequest] = []
        var confirmed: [String] = []
        var released: [String] = []
    }

    private let answer: Answer
    private let received = Mutex(Calls())

    init(_ answer: @escaping Answer) { self.answer = answer }

    var calls: Calls { self.received.withLock { $0 } }

    var client: ProductV1.ProductServiceClient {
        typealias Descriptor = ProductV1.ProductServiceDescriptor
        var table = RPCServiceTable()
        table.add(service: Descriptor.service, file: ProductV1.productServiceFile)
        table.unary(Descriptor.reserveStock) { (request: ProductV1.ReserveStockRequest, _) in
            self.received.withLock { $0.reserved.append(request) }
            return try self.answer()
        }
        table.unary(Descriptor.confirmReservation) { (request: ProductV1.ConfirmReservationRequest, _) in
            self.received.withLock { $0.confirmed.append(request.orderID) }
            return try self.answer()
        }
        table.unary(Descriptor.releaseReservation) { (request: ProductV1.ReleaseReservationRequest, _) in
            self.received.withLock { $0.released.append(request.orderID) }
            return try self.answer()
        }
        let telemetry = TestTelemetry()
        return ProductV1.ProductServiceClient(
            .over(ResponderTransport(responder: RPCServer(table, telemetry: telemetry.telemetry)), telemetry))
    }
}

/// A connection that fails.
struct BrokenConnection: HTTPTransport {
    struct Failure: RPCTransportFailure {
        let requestWasNotSent: Bool
        let isTimeout: Bool
        var http2ResetCode: UInt32? { nil }
        var errorType: String { "connection_reset" }
    }
    let failure: Failure

    func send(_ request: HTTPRequest, deadline: Deadline) async throws -> HTTPResponse { throw self.failure }
}

extension RPCClient {
    static func over(_ transport: any HTTPTransport, _ telemetry: TestTelemetry = TestTelemetry()) -> RPCClient {
        RPCClient(
            transport: transport, serverAddress: "127.0.0.1", serverPort: 8002, telemetry: telemetry.telemetry)
    }
}
