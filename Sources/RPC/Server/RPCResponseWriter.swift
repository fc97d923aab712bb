public import Protobuf

/// Where a handler writes the messages of its answer.
public struct RPCResponseWriter<Message: ProtobufMessage>: Sendable {
    let channel: RPCResponseChannel
    let context: RPCServerContext

    /// Sends one message. Waits while the caller takes no more.
    ///
    /// - Throws: `CancellationError` once the caller has gone or the deadline has passed, `RESOURCE_EXHAUSTED` for a
    ///   message that is larger than may be sent.
    public func write(_ message: Message) async throws {
        try await self.channel.write(try self.context.frame(message))
    }

    /// Sends the head, with the metadata set so far, before there is a message.
    public func begin() { self.channel.open() }
}
