extension GoogleProtobuf.AnyMessage {
    /// What every runtime puts before the name of the type.
    private static let typePrefix = "type.googleapis.com/"

    /// A message of any kind, with the name of its kind.
    public init<Message: ProtobufMessage>(packing message: Message) {
        self.init(typeURL: Self.typePrefix + Message.protoName, value: message.bytes)
    }

    /// The message inside.
    ///
    /// - Returns: nil when it is of another kind; only what follows the last slash of the type says so.
    /// - Throws: `ProtobufError` when it is not what its type says.
    public func unpacked<Message: ProtobufMessage>(as _: Message.Type) throws(ProtobufError) -> Message? {
        guard self.typeURL.split(separator: "/").last.map(String.init) == Message.protoName else { return nil }
        return try Message(decoding: self.value)
    }
}
