public import Protobuf

/// The services and methods of a server: filled by the generated `register(on:)`, then read only.
public struct RPCServiceTable: Sendable {
    /// One method and what answers it.
    struct Entry: Sendable {
        enum Handler: Sendable {
            /// Leaves its one message in the context.
            case single(@Sendable (RPCServerContext) async throws -> Void)
            case streaming(@Sendable (RPCServerContext, RPCResponseChannel) async throws -> Void)
        }
        let method: RPCMethod
        /// Its place, by which instruments are found.
        let index: Int
        /// Whether calls make spans, log lines and series.
        let isObserved: Bool
        let handler: Handler
    }

    struct Service: Sendable {
        let name: String
        let file: ProtobufFile?
    }

    private(set) var entries: [String: Entry] = [:]
    private(set) var services: [Service] = []
    private var isObserved = true

    public init() {}

    /// The methods, in no particular order.
    public var methods: [RPCMethod] { self.entries.values.map(\.method) }

    /// Announces a service; its methods follow.
    ///
    /// - Parameter file: Where it is declared, for reflection.
    /// - Precondition: it is not there yet.
    public mutating func add(service name: String, file: ProtobufFile) {
        self.add(service: name, file: file, isObserved: true)
    }

    /// - Parameter isObserved: False for probes, which would drown what matters.
    mutating func add(service name: String, file: ProtobufFile?, isObserved: Bool) {
        precondition(!self.services.contains { $0.name == name }, "\(name) is already served")
        self.services.append(Service(name: name, file: file))
        self.isObserved = isObserved
    }

    public mutating func unary<Request: ProtobufMessage, Response: ProtobufMessage>(
        _ method: RPCMethod,
        _ body: @escaping @Sendable (Request, RPCServerContext) async throws -> Response
    ) {
        self.add(
            method, .unary,
            .single { context in
                try context.respond(try await body(try await context.request(Request.self), context))
            })
    }

    public mutating func clientStreaming<Request: ProtobufMessage, Response: ProtobufMessage>(
        _ method: RPCMethod,
        _ body: @escaping @Sendable (RPCRequestStream<Request>, RPCServerContext) async throws -> Response
    ) {
        self.add(
            method, .clientStreaming,
            .single { context in
                try context.respond(try await body(RPCRequestStream(input: context.input), context))
            })
    }

    public mutating func serverStreaming<Request: ProtobufMessage, Response: ProtobufMessage>(
        _ method: RPCMethod,
        _ body: @escaping @Sendable (Request, RPCResponseWriter<Response>, RPCServerContext) async throws -> Void
    ) {
        self.add(
            method, .serverStreaming,
            .streaming { context, channel in
                let request = try await context.request(Request.self)
                try await body(request, RPCResponseWriter(channel: channel, context: context), context)
            })
    }

    public mutating func bidirectional<Request: ProtobufMessage, Response: ProtobufMessage>(
        _ method: RPCMethod,
        _ body:
            @escaping @Sendable (
                RPCRequestStream<Request>, RPCResponseWriter<Response>, RPCServerContext
            ) async throws -> Void
    ) {
        self.add(
            method, .bidirectional,
            .streaming { context, channel in
                try await body(
                    RPCRequestStream(input: context.input), RPCResponseWriter(channel: channel, context: context),
                    context)
            })
    }

    private mutating func add(_ method: RPCMethod, _ kind: RPCMethod.Kind, _ handler: Entry.Handler) {
        precondition(method.kind == kind, "\(method) is declared as \(method.kind)")
        precondition(self.services.last?.name == method.service, "\(method) follows its service")
        precondition(self.entries[method.path] == nil, "\(method) is already answered")
        self.entries[method.path] = Entry(
            method: method, index: self.entries.count, isObserved: self.isObserved, handler: handler)
    }
}
