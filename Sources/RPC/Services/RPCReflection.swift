import Protobuf

/// Tells what a server serves: `grpc.reflection.v1.ServerReflection`, and the same under its older name.
///
/// Source: gRPC, `doc/server-reflection.md`.
public struct RPCReflection: Sendable {
    private let index: DescriptorIndex

    /// - Parameter table: With all services but this one; it adds itself to what it tells.
    public init(_ table: RPCServiceTable) {
        self.index = DescriptorIndex(
            services: table.services.map(\.name) + Self.versions.map { "\($0.package).ServerReflection" },
            files: table.services.compactMap(\.file) + Self.versions.map(\.file))
    }

    private static let versions: [(package: String, file: ProtobufFile)] = [
        ("grpc.reflection.v1", GRPCReflectionV1.reflectionFile),
        ("grpc.reflection.v1alpha", GRPCReflectionV1Alpha.reflectionFile),
    ]

    /// Answers both versions, which differ in their name alone.
    public func register(on table: inout RPCServiceTable) {
        for (package, file) in Self.versions {
            let service = "\(package).ServerReflection"
            table.add(service: service, file: file, isObserved: false)
            table.bidirectional(
                RPCMethod(
                    service: service, name: "ServerReflectionInfo", kind: .bidirectional, idempotency: .noSideEffects)
            ) {
                (
                    requests: RPCRequestStream<GRPCReflectionV1.ServerReflectionRequest>,
                    responses: RPCResponseWriter<GRPCReflectionV1.ServerReflectionResponse>, _
                ) in
                for try await request in requests { try await responses.write(self.answer(request)) }
            }
        }
    }

    func answer(_ request: GRPCReflectionV1.ServerReflectionRequest) -> GRPCReflectionV1.ServerReflectionResponse {
        GRPCReflectionV1.ServerReflectionResponse(
            validHost: request.host, originalRequest: request, messageResponse: self.content(request.messageRequest))
    }

    private typealias Question = GRPCReflectionV1.ServerReflectionRequest.MessageRequest
    private typealias Answer = GRPCReflectionV1.ServerReflectionResponse.MessageResponse

    private func content(_ question: Question?) -> Answer {
        switch question {
        case .listServices:
            return .listServicesResponse(.init(service: self.index.services.map { .init(name: $0) }))
        case .fileByFilename(let name): return Self.files(self.index.file(named: name), "There is no such file.")
        case .fileContainingSymbol(let symbol):
            return Self.files(self.index.file(declaring: symbol), "There is no such symbol.")
        case .fileContainingExtension, .allExtensionNumbersOfType:
            return Self.error(.notFound, "No message here has extensions.")
        case nil: return Self.error(.invalidArgument, "The request asks nothing.")
        }
    }

    private static func files(_ file: ProtobufFile?, _ complaint: String) -> Answer {
        guard let file else { return self.error(.notFound, complaint) }
        return .fileDescriptorResponse(
            .init(fileDescriptorProto: DescriptorIndex.closure(of: file).map(\.bytes)))
    }

    private static func error(_ code: RPCCode, _ message: String) -> Answer {
        .errorResponse(.init(errorCode: Int32(code.rawValue), errorMessage: message))
    }
}
