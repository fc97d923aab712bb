import Protobuf

extension RPCHealth {
    /// The most services that `List` answers with, as gRPC's own servers do.
    static let listMax = 100

    /// Answers `Check`, `List` and `Watch`. Probes make no spans, log lines and series.
    public func register(on table: inout RPCServiceTable) {
        table.add(service: GRPCHealthV1.HealthDescriptor.service, file: GRPCHealthV1.healthFile, isObserved: false)
        table.unary(GRPCHealthV1.HealthDescriptor.check) {
            (request: GRPCHealthV1.HealthCheckRequest, _) in
            guard let status = self.status(of: request.service) else {
                throw RPCError(.notFound, "The service is not known.")
            }
            return GRPCHealthV1.HealthCheckResponse(status)
        }
        table.unary(GRPCHealthV1.HealthDescriptor.list) {
            (_: GRPCHealthV1.HealthListRequest, _) in
            let statuses = self.statuses
            guard statuses.count <= Self.listMax else {
                throw RPCError(.resourceExhausted, "There are more than \(Self.listMax) services.")
            }
            return GRPCHealthV1.HealthListResponse(
                statuses: statuses.mapValues { GRPCHealthV1.HealthCheckResponse($0) })
        }
        table.serverStreaming(GRPCHealthV1.HealthDescriptor.watch) {
            (
                request: GRPCHealthV1.HealthCheckRequest,
                responses: RPCResponseWriter<GRPCHealthV1.HealthCheckResponse>, _
            ) in
            try await self.watch(request.service, responses)
        }
    }

    private func watch(
        _ service: String, _ responses: RPCResponseWriter<GRPCHealthV1.HealthCheckResponse>
    ) async throws {
        while true {
            let status = self.status(of: service)
            try await responses.write(GRPCHealthV1.HealthCheckResponse(status ?? .serviceUnknown))
            if self.isClosed { throw RPCError(.unavailable, "The server is going away.") }
            await self.waitForChange(of: service, from: status)
            try Task.checkCancellation()
        }
    }
}

extension GRPCHealthV1.HealthCheckResponse {
    init(_ status: RPCHealth.Status) { self.init(status: ServingStatus(rawValue: status.rawValue)) }
}
