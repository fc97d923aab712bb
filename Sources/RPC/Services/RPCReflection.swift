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
        ("grpc.reflection.v1", ReflectionMessages.file), ("grpc.reflection.v1alpha", ReflectionMessages.alphaFile),
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
                    requests: RPCRequestStream<ReflectionMessages.Request>,
                    responses: RPCResponseWriter<ReflectionMessages.Response>, _
                ) in
                for try await request in requests { try await responses.write(self.answer(request)) }
            }
        }
    }

    func answer(_ request: ReflectionMessages.Request) -> ReflectionMessages.Response {
        ReflectionMessages.Response(to: request, self.content(request.question))
    }

    private func content(_ question: ReflectionMessages.Question?) -> ReflectionMessages.Answer {
        switch question {
        case .listServices: return .services(self.index.services)
        case .fileByName(let name): return self.files(self.index.file(named: name), "There is no such file.")
        case .fileWithSymbol(let symbol):
            return self.files(self.index.file(declaring: symbol), "There is no such symbol.")
        case .fileWithExtension, .extensionNumbers:
            return .error(.notFound, "No message here has extensions.")
        case nil: return .error(.invalidArgument, "The request asks nothing.")
        }
    }

    private func files(_ file: ProtobufFile?, _ complaint: String) -> ReflectionMessages.Answer {
        guard let file else { return .error(.notFound, complaint) }
        return .files(DescriptorIndex.closure(of: file).map(\.bytes))
    }
}
