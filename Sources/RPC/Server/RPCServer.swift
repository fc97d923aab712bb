public import HTTPCore
public import Telemetry

/// Answers calls of gRPC: finds the method, watches the deadline, runs the handler, and says the status.
///
/// Source: gRPC, `doc/PROTOCOL-HTTP2.md`.
public final class RPCServer: HTTPResponder, Sendable {
    private let entries: [String: RPCServiceTable.Entry]
    private let configuration: RPCServerConfiguration
    private let interceptors: [any RPCServerInterceptor]
    private let observer: RPCServerTelemetry
    private let watch: RPCDeadlineWatch

    /// - Parameter interceptors: the outermost first; probes of health and reflection pass through them too.
    public init(
        _ table: RPCServiceTable, telemetry: Telemetry, configuration: RPCServerConfiguration = .init(),
        interceptors: [any RPCServerInterceptor] = []
    ) {
        self.entries = table.entries
        self.configuration = configuration
        self.interceptors = interceptors
        self.observer = RPCServerTelemetry(telemetry, methodCount: table.entries.count)
        self.watch = RPCDeadlineWatch(clock: configuration.clock)
    }

    /// Whether a request is one of gRPC, for a listener that answers others too.
    public static func accepts(_ request: HTTPRequest) -> Bool { self.accepts(request.fields) }

    /// Whether fields are those of a call.
    public static func accepts(_ fields: HTTPFields) -> Bool { RPCField.isGRPC(fields) }

    public func respond(to request: HTTPRequest) async -> HTTPResponse {
        if let refusal = Self.refusal(of: request) { return refusal }
        let entry = self.entries[request.path]
        guard let entry else {
            let call = self.observer.begin(request, nil)
            return self.refuse(call, RPCError(.unimplemented, "There is no method \(request.path.prefix(200))."))
        }
        let call =
            entry.isObserved ? self.observer.begin(request, entry) : self.observer.beginUnobserved(request, entry)
        let context: RPCServerContext
        do throws(RPCError) {
            context = try self.makeContext(request, entry, call.span)
        } catch {
            return self.refuse(call, error)
        }
        switch entry.handler {
        case .single(let handler): return await self.answer(context, call, handler)
        case .streaming(let handler): return await self.stream(context, call, handler)
        }
    }

    // MARK: Before the handler

    /// The answer to what is no call at all, as HTTP says it.
    private static func refusal(of request: HTTPRequest) -> HTTPResponse? {
        guard RPCField.isGRPC(request.fields) else { return HTTPResponse(.unsupportedMediaType) }
        guard request.method == .post else {
            var fields = HTTPFields()
            fields.append(.allow, literal: "POST")
            return HTTPResponse(.methodNotAllowed, fields: fields)
        }
        return nil
    }

    private func makeContext(
        _ request: HTTPRequest, _ entry: RPCServiceTable.Entry, _ span: ActiveSpan
    ) throws(RPCError) -> RPCServerContext {
        let fields = request.fields
        guard fields.listContains(.te, ignoringCase: "trailers") else {
            throw RPCError(
                .internal, "The call does not say 'te: trailers': something on the way is no proxy for gRPC.")
        }
        guard RPCMetadata.byteCount(fields) <= self.configuration.metadataBytesMax else {
            throw RPCError(
                .resourceExhausted,
                "The metadata has more than the \(self.configuration.metadataBytesMax) bytes accepted.")
        }
        let compression = try Self.compression(of: fields)
        let answersInGzip =
            self.configuration.compressesAnswers && compression == .gzip
            && fields.listContains(RPCField.acceptEncoding, ignoringCase: "gzip")
        return RPCServerContext(
            method: entry.method, metadata: RPCMetadata(received: fields), deadline: try self.deadline(of: fields),
            span: span, telemetry: self.observer.telemetry, remoteAddress: request.remoteAddress,
            input: RPCMessageInput(
                request.body, compression: compression, limit: self.configuration.receivedMessageBytesMax),
            compression: answersInGzip ? .gzip : .identity, sendLimit: self.configuration.sentMessageBytesMax)
    }

    private static func compression(of fields: HTTPFields) throws(RPCError) -> RPCCompression {
        guard let named = fields.withValue(RPCField.encoding, { RPCCompression(wire: $0) }) else { return .identity }
        guard let known = named else {
            throw RPCError(.unimplemented, "The compression \(fields[RPCField.encoding] ?? "") is not known.")
        }
        return known
    }

    /// The earlier of what the caller waits and the server's own bound.
    private func deadline(of fields: HTTPFields) throws(RPCError) -> Deadline {
        var timeout = self.configuration.callTimeout
        if let parsed = fields.withValue(.grpcTimeout, { RPCTimeout.parse($0) }) {
            guard let parsed else { throw RPCError(.internal, "The field grpc-timeout is no timeout.") }
            guard parsed > .zero else { throw .deadlineExceeded }
            timeout = min(timeout ?? parsed, parsed)
        }
        guard let timeout else { return .distantFuture }
        return Deadline(self.configuration.clock.now().advanced(by: timeout))
    }

    /// Answers a call that never reaches its handler.
    private func refuse(_ call: RPCServerTelemetry.Observation, _ error: RPCError) -> HTTPResponse {
        self.observer.finish(call, RPCServerEnd(error))
        var response = Self.trailersOnly(error, head: .init())
        if error.code == .unimplemented {
            response.fields.append(RPCField.acceptEncoding, literal: RPCCompression.accepted)
        }
        return response
    }

    // MARK: One message

    private func answer(
        _ context: RPCServerContext, _ call: RPCServerTelemetry.Observation,
        _ handler: @escaping @Sendable (RPCServerContext) async throws -> Void
    ) async -> HTTPResponse {
        let proceed = RPCServerProceed(
            interceptors: self.interceptors, index: 0, context: context, handler: handler)
        let task = self.start(context, call, proceed)
        let thrown = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            context.cancel()
        }
        let end = self.end(context, call, thrown)
        let (bytes, head, trailing) = context.takeResponse()
        if let error = end.error { return Self.trailersOnly(error, head: head) }
        let body = RPCSingleBody(bytes ?? [], trailers: Self.trailers(trailing))
        return HTTPResponse(.ok, fields: Self.head(context, head), body: .stream(body, length: nil))
    }

    // MARK: Many messages

    private func stream(
        _ context: RPCServerContext, _ call: RPCServerTelemetry.Observation,
        _ handler: @escaping @Sendable (RPCServerContext, RPCResponseChannel) async throws -> Void
    ) async -> HTTPResponse {
        let channel = RPCResponseChannel()
        let proceed = RPCServerProceed(interceptors: self.interceptors, index: 0, context: context) { context in
            try await handler(context, channel)
        }
        _ = self.start(context, call, proceed) { thrown in
            let end = self.end(context, call, thrown)
            var trailers = HTTPFields()
            if let error = end.error {
                error.append(to: &trailers)
            } else {
                trailers = Self.trailers(context.takeResponse().trailing)
            }
            channel.finish(trailers)
        }
        let body = RPCStreamedBody(channel, context)
        let opening = await withTaskCancellationHandler {
            await channel.opening()
        } onCancel: {
            body.cancel()
        }
        let head = Self.head(context, context.responseMetadata)
        switch opening {
        case .open: return HTTPResponse(.ok, fields: head, body: .stream(body, length: nil))
        case .ended:
            var fields = head
            fields.append(contentsOf: channel.trailers ?? HTTPFields())
            return HTTPResponse(.ok, fields: fields)
        }
    }

    // MARK: The handler's task

    /// Runs the handler in a task of its own, which can be cancelled without cancelling the one that answers.
    private func start(
        _ context: RPCServerContext, _ call: RPCServerTelemetry.Observation, _ proceed: RPCServerProceed,
        then finish: (@Sendable ((any Error)?) -> Void)? = nil
    ) -> RPCServerContext.HandlerTask {
        let hasDeadline = context.deadline < .distantFuture
        let place = hasDeadline ? self.watch.insert(context, deadline: context.deadline) : nil
        let watch = self.watch
        let task = RPCServerContext.HandlerTask.detached(executorPreference: self.configuration.executor()) {
            let thrown = await Self.run(context, call.context, proceed)
            if let place { watch.remove(place) }
            context.detach()
            finish?(thrown)
            return thrown
        }
        context.attach(task)
        return task
    }

    private static func run(
        _ context: RPCServerContext, _ telemetry: TelemetryContext, _ proceed: RPCServerProceed
    ) async -> (any Error)? {
        await TelemetryContext.$current.withValue(telemetry) {
            await RPCDeadline.$current.withValue(context.deadline) {
                do {
                    try await proceed()
                    return nil
                } catch {
                    return error
                }
            }
        }
    }

    /// Records how the call ended.
    private func end(
        _ context: RPCServerContext, _ call: RPCServerTelemetry.Observation, _ thrown: (any Error)?
    ) -> RPCServerEnd {
        let end = RPCServerEnd(thrown, hasExpired: context.hasExpired, isCancelled: context.isCancelled)
        if end.isUnexpected, let thrown {
            self.observer.telemetry.log.exception(thrown, level: .error, in: call.span.context)
        }
        self.observer.finish(call, end)
        return end
    }

    // MARK: Fields

    private static func head(_ context: RPCServerContext, _ metadata: RPCMetadata) -> HTTPFields {
        var fields = RPCField.responseHead
        if context.compression == .gzip { fields.append(RPCField.encoding, literal: "gzip") }
        fields.append(metadata: metadata)
        return fields
    }

    private static func trailers(_ metadata: RPCMetadata) -> HTTPFields {
        var fields = RPCField.okTrailers
        fields.append(metadata: metadata)
        return fields
    }

    private static func trailersOnly(_ error: RPCError, head: RPCMetadata) -> HTTPResponse {
        var fields = RPCField.responseHead
        fields.append(metadata: head)
        error.append(to: &fields)
        return HTTPResponse(.ok, fields: fields)
    }
}

extension RPCError {
    static var deadlineExceeded: RPCError { RPCError(.deadlineExceeded, "The deadline has passed.") }
}
