import HTTPCore
public import Protobuf
import Synchronization

/// The messages of an answer, read once and as they come. Whoever drops it before the end gives the call up.
public struct RPCResponseStream<Message: ProtobufMessage>: AsyncSequence, Sendable {
    public typealias Element = Message
    public typealias Failure = RPCError

    let messages: RPCResponseMessages
    /// What the server sent before its first message.
    public let metadata: RPCMetadata

    /// What the server sent with the status; empty before the end.
    public var trailingMetadata: RPCMetadata { self.messages.trailingMetadata }

    public func makeAsyncIterator() -> Iterator { Iterator(messages: self.messages) }

    /// Gives the call up; nothing comes any more.
    public func cancel() { self.messages.cancel() }

    public struct Iterator: AsyncIteratorProtocol {
        let messages: RPCResponseMessages

        /// - Throws: the status, where it is not OK.
        public mutating func next() async throws(RPCError) -> Message? {
            guard let payload = try await self.messages.next() else { return nil }
            return try RPCMessageCoding.decode(Message.self, payload)
        }

        public mutating func next(isolation actor: isolated (any Actor)?) async throws(RPCError) -> Message? {
            guard let payload = try await self.messages.next() else { return nil }
            return try RPCMessageCoding.decode(Message.self, payload)
        }
    }
}

/// The messages of an answer as bytes, and the end of the attempt.
final class RPCResponseMessages: Sendable {
    private let input: RPCMessageInput
    private let status: HTTPStatus
    private let deadline: Deadline
    private let observer: RPCClientTelemetry
    private let attempt: RPCClientTelemetry.Attempt

    private struct State {
        var hasEnded = false
        var trailing = RPCMetadata()
    }
    private let state = Mutex(State())

    init(
        _ input: RPCMessageInput, _ status: HTTPStatus, deadline: Deadline, observer: RPCClientTelemetry,
        _ attempt: RPCClientTelemetry.Attempt
    ) {
        self.input = input
        self.status = status
        self.deadline = deadline
        self.observer = observer
        self.attempt = attempt
    }

    deinit { self.cancel() }

    var trailingMetadata: RPCMetadata { self.state.withLock { $0.trailing } }

    func next() async throws(RPCError) -> ArraySlice<UInt8>? {
        if self.state.withLock({ $0.hasEnded }) { return nil }
        do throws(RPCError) {
            if let message = try await self.input.next() { return message }
            // An answer that was nothing but a status has no trailers, and its status was OK.
            if let trailers = self.input.trailers {
                self.state.withLock { $0.trailing = RPCMetadata(received: trailers) }
                if let error = RPCError.read(trailers: trailers, httpStatus: self.status) { throw error }
            } else if self.input.isStreamed {
                throw RPCError(.internal, "The answer ended without a status.")
            }
            self.end(nil)
            return nil
        } catch {
            self.input.cancel()
            let error = RPCClient.settle(error, self.deadline)
            self.end(error)
            throw error
        }
    }

    func cancel() {
        if self.end(RPCError(.cancelled, "The caller gave up.")) { self.input.cancel() }
    }

    /// True for the first time.
    @discardableResult
    private func end(_ error: RPCError?) -> Bool {
        let isFirst = self.state.withLock { state in
            defer { state.hasEnded = true }
            return !state.hasEnded
        }
        if isFirst { self.observer.finish(self.attempt, error) }
        return isFirst
    }
}
