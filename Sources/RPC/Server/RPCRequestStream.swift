public import Protobuf

/// The messages that a caller sends, in their order: read once, by the handler. Nothing is read from the caller before
/// it is asked for.
public struct RPCRequestStream<Message: ProtobufMessage>: AsyncSequence, Sendable {
    public typealias Element = Message
    let input: RPCMessageInput

    public func makeAsyncIterator() -> Iterator { Iterator(input: self.input) }

    public struct Iterator: AsyncIteratorProtocol {
        let input: RPCMessageInput

        /// - Throws: `RPCError` for what is no such message, and what the transport throws once the caller has gone.
        public mutating func next() async throws -> Message? {
            guard let payload = try await self.input.next() else { return nil }
            return try RPCMessageCoding.decode(Message.self, payload)
        }
    }
}
