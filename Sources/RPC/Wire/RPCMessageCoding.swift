import Protobuf

/// Messages to bytes and back, with the errors a call ends with.
enum RPCMessageCoding {
    /// - Throws: `INTERNAL` for bytes that are no such message.
    static func decode<Message: ProtobufMessage>(
        _ type: Message.Type, _ payload: ArraySlice<UInt8>
    ) throws(RPCError) -> Message {
        do throws(ProtobufError) {
            return try Message(decoding: payload)
        } catch {
            throw RPCError(.internal, "A message is no \(Message.protoName): \(error)")
        }
    }

    /// The message behind its prefix, compressed where that is worth it.
    ///
    /// - Throws: `RESOURCE_EXHAUSTED` for one that is larger than may be sent.
    static func frame(
        _ message: some ProtobufMessage, compression: RPCCompression, limit: Int
    ) throws(RPCError) -> [UInt8] {
        var prefix: [UInt8] = []
        // Room for the usual message at once.
        prefix.reserveCapacity(256)
        let start = RPCFrame.begin(in: &prefix)
        var writer = ProtobufWriter(appendingTo: prefix)
        message.encode(to: &writer)
        return try self.finish(writer, from: start, compression: compression, limit: limit)
    }

    private static func finish(
        _ writer: consuming ProtobufWriter, from start: Int, compression: RPCCompression, limit: Int
    ) throws(RPCError) -> [UInt8] {
        var bytes = writer.bytes
        let count = bytes.count - start - RPCFrame.prefixByteCount
        guard count <= limit else {
            throw RPCError(.resourceExhausted, "A message has \(count) bytes; at most \(limit) may be sent.")
        }
        compression.finish(&bytes, from: start)
        return bytes
    }
}
