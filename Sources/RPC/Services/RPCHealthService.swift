import Protobuf

extension RPCHealth {
    /// `grpc.health.v1.Health`
    static let serviceName = "grpc.health.v1.Health"
    /// The most services that `List` answers with, as gRPC's own servers do.
    static let listMax = 100

    /// Answers `Check`, `List` and `Watch`. Probes make no spans, log lines and series.
    public func register(on table: inout RPCServiceTable) {
        table.add(service: Self.serviceName, file: HealthMessages.file, isObserved: false)
        table.unary(RPCMethod(service: Self.serviceName, name: "Check", kind: .unary, idempotency: .noSideEffects)) {
            (request: HealthMessages.CheckRequest, _) in
            guard let status = self.status(of: request.service) else {
                throw RPCError(.notFound, "The service is not known.")
            }
            return HealthMessages.CheckResponse(status)
        }
        table.unary(RPCMethod(service: Self.serviceName, name: "List", kind: .unary, idempotency: .noSideEffects)) {
            (_: HealthMessages.ListRequest, _) in
            let statuses = self.statuses
            guard statuses.count <= Self.listMax else {
                throw RPCError(.resourceExhausted, "There are more than \(Self.listMax) services.")
            }
            return HealthMessages.ListResponse(statuses: statuses.mapValues { HealthMessages.CheckResponse($0) })
        }
        table.serverStreaming(RPCMethod(service: Self.serviceName, name: "Watch", kind: .serverStreaming)) {
            (request: HealthMessages.CheckRequest, responses: RPCResponseWriter<HealthMessages.CheckResponse>, _) in
            try await self.watch(request.service, responses)
        }
    }

    private func watch(
        _ service: String, _ responses: RPCResponseWriter<HealthMessages.CheckResponse>
    ) async throws {
        while true {
            let status = self.status(of: service)
            try await responses.write(HealthMessages.CheckResponse(status ?? .serviceUnknown))
            if self.isClosed { throw RPCError(.unavailable, "The server is going away.") }
            await self.waitForChange(of: service, from: status)
            try Task.checkCancellation()
        }
    }
}

/// The messages of `grpc/health/v1/health.proto`.
enum HealthMessages {
    static let file = ProtobufFile(
        name: "grpc/health/v1/health.proto",
        base64: """
            ChtncnBjL2hlYWx0aC92MS9oZWFsdGgucHJvdG8SDmdycGMuaGVhbHRoLnYxIi4KEkhlYWx0aENoZWNrUmVxdWVzdBIYCgdzZXJ2aWNl\
            GAEgASgJUgdzZXJ2aWNlIrEBChNIZWFsdGhDaGVja1Jlc3BvbnNlEkkKBnN0YXR1cxgBIAEoDjIxLmdycGMuaGVhbHRoLnYxLkhlYWx0\
            aENoZWNrUmVzcG9uc2UuU2VydmluZ1N0YXR1c1IGc3RhdHVzIk8KDVNlcnZpbmdTdGF0dXMSCwoHVU5LTk9XThAAEgsKB1NFUlZJTkcQ\
            ARIPCgtOT1RfU0VSVklORxACEhMKD1NFUlZJQ0VfVU5LTk9XThADIhMKEUhlYWx0aExpc3RSZXF1ZXN0IsQBChJIZWFsdGhMaXN0UmVz\
            cG9uc2USTAoIc3RhdHVzZXMYASADKAsyMC5ncnBjLmhlYWx0aC52MS5IZWFsdGhMaXN0UmVzcG9uc2UuU3RhdHVzZXNFbnRyeVIIc3Rh\
            dHVzZXMaYAoNU3RhdHVzZXNFbnRyeRIQCgNrZXkYASABKAlSA2tleRI5CgV2YWx1ZRgCIAEoCzIjLmdycGMuaGVhbHRoLnYxLkhlYWx0\
            aENoZWNrUmVzcG9uc2VSBXZhbHVlOgI4ATL9AQoGSGVhbHRoElAKBUNoZWNrEiIuZ3JwYy5oZWFsdGgudjEuSGVhbHRoQ2hlY2tSZXF1\
            ZXN0GiMuZ3JwYy5oZWFsdGgudjEuSGVhbHRoQ2hlY2tSZXNwb25zZRJNCgRMaXN0EiEuZ3JwYy5oZWFsdGgudjEuSGVhbHRoTGlzdFJl\
            cXVlc3QaIi5ncnBjLmhlYWx0aC52MS5IZWFsdGhMaXN0UmVzcG9uc2USUgoFV2F0Y2gSIi5ncnBjLmhlYWx0aC52MS5IZWFsdGhDaGVj\
            a1JlcXVlc3QaIy5ncnBjLmhlYWx0aC52MS5IZWFsdGhDaGVja1Jlc3BvbnNlMAFiBnByb3RvMw==
            """)

    struct CheckRequest: ProtobufMessage {
        var service = ""

        static var protoName: String { "grpc.health.v1.HealthCheckRequest" }
        init() {}
        init(service: String) { self.service = service }

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                switch field {
                case 1: try reader.read(.string, into: &self.service)
                default: try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) { writer.write(.string, self.service, field: 1) }
    }

    struct CheckResponse: ProtobufMessage {
        /// `RPCHealth.Status`
        var status: Int32 = 0

        static var protoName: String { "grpc.health.v1.HealthCheckResponse" }
        init() {}
        init(_ status: RPCHealth.Status) { self.status = status.rawValue }

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                switch field {
                case 1: try reader.read(.int32, into: &self.status)
                default: try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) { writer.write(.int32, self.status, field: 1) }
    }

    struct ListRequest: ProtobufMessage {
        static var protoName: String { "grpc.health.v1.HealthListRequest" }
        init() {}
        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while try reader.nextField() != nil { try reader.skip() }
        }
        func encode(to writer: inout ProtobufWriter) {}
    }

    struct ListResponse: ProtobufMessage {
        var statuses: [String: CheckResponse] = [:]

        static var protoName: String { "grpc.health.v1.HealthListResponse" }
        init() {}
        init(statuses: [String: CheckResponse]) { self.statuses = statuses }

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                switch field {
                case 1: try reader.read(key: .string, value: .message(CheckResponse.self), into: &self.statuses)
                default: try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) {
            writer.write(key: .string, value: .message(CheckResponse.self), self.statuses, field: 1)
        }
    }
}
