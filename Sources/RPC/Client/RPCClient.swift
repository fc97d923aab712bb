public import HTTPCore
public import Protobuf
public import Telemetry

/// Calls the services of one server of gRPC, through any transport that speaks HTTP/2.
public final class RPCClient: Sendable {
    private let transport: any HTTPTransport
    private let observer: RPCClientTelemetry
    private let configuration: RPCClientConfiguration
    private let authority: String
    private let scheme: String
    /// What every request begins with.
    private let fields: HTTPFields
    let interceptors: [any RPCClientInterceptor]

    /// - Parameters:
    ///   - transport: An upstream with its connections, or a server in the same process.
    ///   - serverAddress: For telemetry and, with the port, for `:authority`.
    ///   - metadata: Sent with every call.
    ///   - interceptors: The outermost first.
    public init(
        transport: any HTTPTransport, serverAddress: String, serverPort: Int, scheme: String = "http",
        metadata: RPCMetadata = .init(), telemetry: Telemetry, configuration: RPCClientConfiguration = .init(),
        interceptors: [any RPCClientInterceptor] = []
    ) {
        self.transport = transport
        self.observer = RPCClientTelemetry(telemetry, serverAddress: serverAddress, serverPort: serverPort)
        self.configuration = configuration
        self.authority =
            serverAddress.contains(":") ? "[\(serverAddress)]:\(serverPort)" : "\(serverAddress):\(serverPort)"
        self.scheme = scheme
        self.interceptors = interceptors
        var fields = HTTPFields()
        fields.append(.te, literal: "trailers")
        fields.append(.contentType, literal: "application/grpc")
        fields.append(RPCField.acceptEncoding, literal: RPCCompression.accepted)
        fields.append(.userAgent, literal: "grpc-swift-vitrine/1")
        fields.append(metadata: metadata)
        self.fields = fields
    }

    // MARK: Calls

    /// Sends one message and gives the one that comes back.
    ///
    /// - Throws: the status, whether the server said it or the way there.
    public func unary<Request: ProtobufMessage, Response: ProtobufMessage>(
        _ method: RPCMethod, _ request: Request, _ options: RPCCallOptions = .init()
    ) async throws(RPCError) -> Response {
        let answer = try await self.send(method, .bytes(try self.frame(request, options)), options)
        return try self.message(of: answer)
    }

    /// Sends one message and gives those that come back, once the first has begun or the server has said how the answer
    /// begins.
    public func serverStreaming<Request: ProtobufMessage, Response: ProtobufMessage>(
        _ method: RPCMethod, _ request: Request, _ options: RPCCallOptions = .init()
    ) async throws(RPCError) -> RPCResponseStream<Response> {
        let answer = try await self.send(method, .bytes(try self.frame(request, options)), options)
        return try self.stream(of: answer)
    }

    private func frame(_ message: some ProtobufMessage, _ options: RPCCallOptions) throws(RPCError) -> [UInt8] {
        try RPCMessageCoding.frame(
            message, compression: options.compression, limit: self.configuration.sentMessageBytesMax)
    }

    private func message<Message: ProtobufMessage>(of answer: RPCClientAnswer) throws(RPCError) -> Message {
        guard case .message(let payload) = answer.content else {
            throw RPCError(.internal, "An interceptor answered a call of one message with many.")
        }
        return try RPCMessageCoding.decode(Message.self, payload)
    }

    private func stream<Message: ProtobufMessage>(
        of answer: RPCClientAnswer
    ) throws(RPCError) -> RPCResponseStream<Message> {
        guard case .stream(let messages) = answer.content else {
            throw RPCError(.internal, "An interceptor answered a call of many messages with one.")
        }
        return RPCResponseStream(messages: messages, metadata: answer.metadata)
    }

    private func send(
        _ method: RPCMethod, _ body: HTTPBody, _ options: RPCCallOptions
    ) async throws(RPCError) -> RPCClientAnswer {
        var deadline = options.deadline ?? .distantFuture
        if let current = RPCDeadline.current { deadline = min(deadline, current) }
        let isStream = method.kind == .serverStreaming || method.kind == .bidirectional
        if deadline == .distantFuture, !isStream { deadline = .after(self.configuration.timeout) }
        let call = RPCClientCall(method: method, options: options, deadline: deadline, body: body)
        return try await RPCClientProceed(client: self, index: 0)(call)
    }

    // MARK: One attempt

    /// Sends a call once.
    func attempt(_ call: RPCClientCall) async throws(RPCError) -> RPCClientAnswer {
        let attempt = self.observer.begin(call.method, resendCount: call.options.resendCount)
        do throws(RPCError) {
            let answer = try await self.exchange(call, attempt)
            // A stream ends later, and says so itself.
            if case .message = answer.content { self.observer.finish(attempt, nil) }
            return answer
        } catch {
            let error = Self.settle(error, call.deadline)
            self.observer.finish(attempt, error)
            throw error
        }
    }

    private func exchange(
        _ call: RPCClientCall, _ attempt: RPCClientTelemetry.Attempt
    ) async throws(RPCError) -> RPCClientAnswer {
        let request = try self.request(call, attempt)
        let response: HTTPResponse
        do {
            response = try await self.transport.send(request, deadline: call.deadline)
        } catch {
            throw RPCError(transport: error, isCancelled: Task.isCancelled)
        }
        let head = RPCMetadata(received: response.fields)
        let limit = call.options.messageBytesMax ?? self.configuration.receivedMessageBytesMax
        let input = try Self.input(response, limit: limit)
        if call.method.kind == .serverStreaming || call.method.kind == .bidirectional {
            let messages = RPCResponseMessages(
                input, response.status, deadline: call.deadline, observer: self.observer, attempt)
            return RPCClientAnswer(content: .stream(messages), metadata: head, trailingMetadata: .init())
        }
        return try await Self.only(input, response.status, head)
    }

    private func request(
        _ call: RPCClientCall, _ attempt: RPCClientTelemetry.Attempt
    ) throws(RPCError) -> HTTPRequest {
        var fields = HTTPFields()
        fields.reserve(fields: self.fields.count + 5, bytes: self.fields.serializedCount + 192)
        if call.deadline < .distantFuture {
            let remaining = call.deadline.remaining
            guard remaining > .zero else {
                var error = RPCError.deadlineExceeded
                error.requestWasNotSent = true
                throw error
            }
            RPCTimeout.append(remaining, to: &fields)
        }
        fields.append(contentsOf: self.fields)
        if call.options.compression == .gzip { fields.append(RPCField.encoding, literal: "gzip") }
        fields.append(metadata: call.options.metadata)
        self.observer.inject(attempt, into: &fields)
        return HTTPRequest(
            method: .post, scheme: self.scheme, authority: self.authority, path: call.method.path, query: nil,
            version: .http2, fields: fields, body: call.body)
    }

    /// The messages of an answer, if it is one of gRPC.
    ///
    /// - Throws: the status of an answer that is nothing but a status.
    private static func input(_ response: HTTPResponse, limit: Int) throws(RPCError) -> RPCMessageInput {
        let fields = response.fields
        if fields.contains(RPCField.status) {
            if let error = RPCError.read(trailers: fields, httpStatus: response.status) {
                Self.cancel(response.body)
                throw error
            }
            return RPCMessageInput(.empty, compression: .identity, limit: limit)
        }
        guard response.status == .ok, RPCField.isGRPC(fields) else {
            Self.cancel(response.body)
            throw RPCError(notGRPC: response)
        }
        guard RPCMetadata.byteCount(fields) <= RPCMetadata.byteCountMax * 2 else {
            Self.cancel(response.body)
            throw RPCError(.resourceExhausted, "The answer's metadata is too large.")
        }
        var compression = RPCCompression.identity
        if let named = fields.withValue(RPCField.encoding, { RPCCompression(wire: $0) }) {
            guard let named else {
                Self.cancel(response.body)
                throw RPCError(.internal, "The answer's compression is not known.")
            }
            compression = named
        }
        return RPCMessageInput(response.body, compression: compression, limit: limit)
    }

    private static func cancel(_ body: HTTPBody) {
        if case .stream(let stream, _) = body { stream.cancel() }
    }

    private static func only(
        _ input: RPCMessageInput, _ status: HTTPStatus, _ head: RPCMetadata
    ) async throws(RPCError) -> RPCClientAnswer {
        do throws(RPCError) {
            let message = try await input.next()
            if message != nil, try await input.next() != nil {
                throw RPCError(.internal, "The answer has more than one message.")
            }
            let trailers = input.trailers ?? head.fields
            if let error = RPCError.read(trailers: trailers, httpStatus: status) { throw error }
            guard let message else { throw RPCError(.internal, "The answer has no message.") }
            return RPCClientAnswer(
                content: .message(message), metadata: head, trailingMetadata: RPCMetadata(received: trailers))
        } catch {
            input.cancel()
            throw error
        }
    }

    /// A call that was cancelled because its time was over has failed for that reason (gRPC, `doc/PROTOCOL-HTTP2.md`,
    /// "Client Cancellation").
    static func settle(_ error: RPCError, _ deadline: Deadline) -> RPCError {
        error.code == .cancelled && deadline.isPast ? .deadlineExceeded : error
    }
}

extension RPCError {
    /// The answer of something that is no server of gRPC.
    fileprivate init(notGRPC response: HTTPResponse) {
        guard response.status == .ok else {
            self = RPCError.read(trailers: .init(), httpStatus: response.status) ?? .init(.unknown, "")
            return
        }
        self.init(.unknown, "The answer is no message of gRPC but \(response.fields[.contentType] ?? "nothing").")
    }
}
