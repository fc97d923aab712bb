/// Writes a service: what serves it, what its methods are called, and what calls them.
struct ServiceGenerator {
    let descriptor: ServiceDescriptor
    /// `vitrine.product.v1.ProductService`
    let fullName: String
    let file: FileDescriptor
    let namespace: String
    let path: [Int32]
    let comments: Comments
    let types: TypeTable

    private var handler: String { self.descriptor.name + "Handler" }
    private var methods: String { self.descriptor.name + "Descriptor" }
    private var client: String { self.descriptor.name + "Client" }

    /// The types, to stand inside the namespace.
    func write(to writer: inout SwiftWriter) throws(GeneratorError) {
        try self.writeHandler(&writer)
        writer.line()
        try self.writeDescriptor(&writer)
        writer.line()
        try self.writeClient(&writer)
    }

    private func swiftType(_ protoType: String) throws(GeneratorError) -> String {
        guard let message = self.types.messages[protoType] else {
            throw GeneratorError(file: self.file.name, message: "service '\(self.fullName)' speaks of \(protoType)")
        }
        return message.swiftName
    }

    private func comment(_ index: Int) -> String? { self.comments[self.path + [2, Int32(index)]] }

    // MARK: - Server

    private func writeHandler(_ writer: inout SwiftWriter) throws(GeneratorError) {
        if let comment = self.comments[self.path] { writer.documentation(comment) }
        try writer.block("public protocol \(self.handler): Sendable") { writer throws(GeneratorError) in
            for (index, method) in self.descriptor.methods.enumerated() {
                if index > 0 { writer.line() }
                if let comment = self.comment(index) { writer.documentation(comment) }
                try self.writeRequirement(method, &writer)
            }
        }
    }

    private func writeRequirement(_ method: MethodDescriptor, _ writer: inout SwiftWriter) throws(GeneratorError) {
        let request = try self.swiftType(method.inputType)
        let response = try self.swiftType(method.outputType)
        var parameters = [
            method.isClientStreaming ? "_ requests: RPCRequestStream<\(request)>" : "_ request: \(request)"
        ]
        if method.isServerStreaming { parameters.append("_ responses: RPCResponseWriter<\(response)>") }
        parameters.append("_ context: RPCServerContext")
        let result = method.isServerStreaming ? "" : " -> \(response)"
        writer.head("func \(SwiftNames.property(method.name))(", parameters, ") async throws\(result)")
    }

    /// `register(on:)`, to stand outside of the namespace.
    func writeRegistration(to writer: inout SwiftWriter) throws(GeneratorError) {
        let scope = "\(self.namespace).\(self.methods)"
        try writer.block("extension \(self.namespace).\(self.handler)") { writer throws(GeneratorError) in
            writer.line("/// Announces the service, and answers its methods.")
            try writer.block("public func register(on table: inout RPCServiceTable)") { writer throws(GeneratorError) in
                writer.call(
                    "table.add(",
                    ["service: \(scope).service", "file: \(self.namespace).\(self.file.descriptorName)"])
                for method in self.descriptor.methods { try self.writeTableEntry(method, scope, &writer) }
            }
        }
    }

    private func writeTableEntry(
        _ method: MethodDescriptor, _ scope: String, _ writer: inout SwiftWriter
    ) throws(GeneratorError) {
        let name = SwiftNames.property(method.name)
        let arguments = method.isServerStreaming ? "$0, $1, $2" : "$0, $1"
        let head = "table.\(method.kind)(\(scope).\(name))"
        let line = "\(head) { try await self.\(name)(\(arguments)) }"
        if writer.fits(line) { return writer.line(line) }
        try writer.block(head) { writer throws(GeneratorError) in
            writer.line("try await self.\(name)(\(arguments))")
        }
    }

    // MARK: - Names

    private func writeDescriptor(_ writer: inout SwiftWriter) throws(GeneratorError) {
        writer.line("/// What `\(self.fullName)` and its methods are called on the wire.")
        try writer.block("public enum \(self.methods)") { writer throws(GeneratorError) in
            writer.line("public static let service = \"\(self.fullName)\"")
            for method in self.descriptor.methods {
                writer.call(
                    "public static let \(SwiftNames.property(method.name)) = RPCMethod(",
                    [
                        "service: Self.service", "name: \"\(method.name)\"", "kind: .\(method.kind)",
                        "idempotency: .\(method.idempotency)",
                    ])
            }
        }
    }

    // MARK: - Client

    private func writeClient(_ writer: inout SwiftWriter) throws(GeneratorError) {
        if let comment = self.comments[self.path] { writer.documentation(comment) }
        try writer.block("public struct \(self.client): Sendable") { writer throws(GeneratorError) in
            writer.line("private let client: RPCClient")
            writer.line()
            writer.line("public init(_ client: RPCClient) { self.client = client }")
            for (index, method) in self.descriptor.methods.enumerated() where !method.isClientStreaming {
                writer.line()
                if let comment = self.comment(index) { writer.documentation(comment) }
                try self.writeCall(method, &writer)
            }
        }
    }

    private func writeCall(_ method: MethodDescriptor, _ writer: inout SwiftWriter) throws(GeneratorError) {
        let request = try self.swiftType(method.inputType)
        let response = try self.swiftType(method.outputType)
        let result = method.isServerStreaming ? "RPCResponseStream<\(response)>" : response
        let name = SwiftNames.property(method.name)
        writer.head(
            "public func \(name)(",
            ["_ request: \(request)", "_ options: RPCCallOptions = RPCCallOptions()"],
            ") async throws(RPCError) -> \(result) {")
        try writer.indented { writer throws(GeneratorError) in
            writer.call(
                "try await self.client.\(method.kind)(", ["\(self.methods).\(name)", "request", "options"])
        }
        writer.line("}")
    }
}

extension MethodDescriptor {
    /// The case of `RPCMethod.Kind`, which is also what the table and the client call it.
    fileprivate var kind: String {
        switch (self.isClientStreaming, self.isServerStreaming) {
        case (false, false): "unary"
        case (false, true): "serverStreaming"
        case (true, false): "clientStreaming"
        case (true, true): "bidirectional"
        }
    }

    /// The case of `RPCMethod.Idempotency`.
    fileprivate var idempotency: String {
        switch self.options.idempotencyLevel {
        case 1: "noSideEffects"
        case 2: "idempotent"
        default: "unknown"
        }
    }
}
