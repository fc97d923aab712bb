/// Reading straight from the wire, for whoever makes something else than messages of a contract: a loop over
/// `nextField`, as a message's own `decode` has it, without the message.
extension ProtobufReader {
    /// Lends a reader of `bytes` to `body`.
    ///
    /// - Throws: what `body` throws, and `ProtobufError` when it stops before the end.
    public static func read<Result>(
        _ bytes: [UInt8], limits: ProtobufLimits = ProtobufLimits(),
        _ body: (inout ProtobufReader) throws(ProtobufError) -> Result
    ) throws(ProtobufError) -> Result {
        // No bytes have no address; a reader needs one, and does not look at what is there.
        let lent = bytes.isEmpty ? [0] : bytes
        return try lent.span.withUnsafeBytes { buffer throws(ProtobufError) in
            guard let start = buffer.baseAddress else { preconditionFailure("At least one byte has an address") }
            var reader = ProtobufReader(start: start, count: bytes.count, limits: limits)
            let result = try body(&reader)
            try reader.requireEnd()
            return result
        }
    }

    /// Runs `body` over the fields of a sub-message; passes over a field of another wire type.
    ///
    /// - Returns: whether it was one.
    @inlinable
    @discardableResult
    public mutating func readMessage(
        _ body: (inout ProtobufReader) throws(ProtobufError) -> Void
    ) throws(ProtobufError) -> Bool {
        guard self.wireType == .delimited else {
            try self.skip()
            return false
        }
        try self.nested(body)
        return true
    }

    /// Lends the payload of a `bytes` field in place, no copy made; passes over a field of another wire type.
    ///
    /// - Returns: what `body` makes of it; nil for another wire type.
    @inlinable
    public mutating func readBytes<Result>(
        _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(ProtobufError) -> Result? {
        guard self.wireType == .delimited else {
            try self.skip()
            return nil
        }
        return body(try self.delimited())
    }

    /// Counts memory that is about to be taken for what is read.
    ///
    /// - Throws: `.tooLarge` past `ProtobufLimits.memoryBytesMax`.
    @inlinable
    public mutating func charge(_ bytes: Int) throws(ProtobufError) {
        self.memoryLeft -= bytes
        guard self.memoryLeft >= 0 else { throw self.tooLarge }
    }
}
