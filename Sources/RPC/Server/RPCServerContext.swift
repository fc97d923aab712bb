public import HTTPCore
import Protobuf
import Synchronization
public import Telemetry

/// One call, as its handler and the interceptors see it.
public final class RPCServerContext: Sendable {
    public let method: RPCMethod
    /// What the caller sent beside its messages.
    public let metadata: RPCMetadata
    /// When the caller stops waiting; the server's own bound where it said nothing or more. Calls made by the handler
    /// through `RPCClient` keep it by themselves.
    public let deadline: Deadline
    /// The call's span; attributes set here appear on it.
    public let span: ActiveSpan
    public let telemetry: Telemetry
    /// The caller's numeric address without its port; nil when there is no socket.
    public let remoteAddress: String?

    let input: RPCMessageInput
    let compression: RPCCompression
    let sendLimit: Int

    /// Runs the handler and gives what it threw.
    typealias HandlerTask = Task<(any Error)?, Never>

    private struct State: Sendable {
        var head = RPCMetadata()
        var trailing = RPCMetadata()
        var response: [UInt8]?
        var task: HandlerTask?
        var hasExpired = false
        var isCancelled = false
    }
    private let state = Mutex(State())

    init(
        method: RPCMethod, metadata: RPCMetadata, deadline: Deadline, span: ActiveSpan, telemetry: Telemetry,
        remoteAddress: String?, input: RPCMessageInput, compression: RPCCompression, sendLimit: Int
    ) {
        self.method = method
        self.metadata = metadata
        self.deadline = deadline
        self.span = span
        self.telemetry = telemetry
        self.remoteAddress = remoteAddress
        self.input = input
        self.compression = compression
        self.sendLimit = sendLimit
    }

    /// Metadata that goes before the first message; what is set later does not go.
    public var responseMetadata: RPCMetadata {
        get { self.state.withLock { $0.head } }
        set { self.state.withLock { $0.head = newValue } }
    }

    /// Metadata that goes with the status of a call that ends well. An error brings its own.
    public var trailingMetadata: RPCMetadata {
        get { self.state.withLock { $0.trailing } }
        set { self.state.withLock { $0.trailing = newValue } }
    }

    // MARK: Messages

    /// The one message, of a call that has one.
    func request<Message: ProtobufMessage>(_ type: Message.Type) async throws -> Message {
        try RPCMessageCoding.decode(type, try await self.input.only())
    }

    func frame(_ message: some ProtobufMessage) throws(RPCError) -> [UInt8] {
        try RPCMessageCoding.frame(message, compression: self.compression, limit: self.sendLimit)
    }

    func respond(_ message: some ProtobufMessage) throws(RPCError) {
        let bytes = try self.frame(message)
        self.state.withLock { $0.response = bytes }
    }

    /// The framed answer, and the metadata of head and trailers.
    func takeResponse() -> (bytes: [UInt8]?, head: RPCMetadata, trailing: RPCMetadata) {
        self.state.withLock { state in
            defer { state.response = nil }
            return (state.response, state.head, state.trailing)
        }
    }

    // MARK: Cancellation

    /// Whether the deadline passed before the handler ended.
    var hasExpired: Bool { self.state.withLock { $0.hasExpired } }

    /// Whether the caller went before the handler ended.
    var isCancelled: Bool { self.state.withLock { $0.isCancelled } }

    /// Binds the task that runs the handler.
    func attach(_ task: HandlerTask) {
        let isLate = self.state.withLock { state in
            state.task = task
            return state.hasExpired || state.isCancelled
        }
        if isLate { task.cancel() }
    }

    /// The handler has ended: nothing is left to cancel, and the task and this refer to each other no more.
    func detach() {
        self.state.withLock { $0.task = nil }
    }

    /// The caller has gone.
    func cancel() {
        let task = self.state.withLock { state in
            state.isCancelled = true
            return state.task
        }
        task?.cancel()
    }
}

extension RPCServerContext: RPCDeadlineWatch.Expiring {
    func expire() {
        let task = self.state.withLock { state in
            state.hasExpired = true
            return state.task
        }
        task?.cancel()
    }
}
