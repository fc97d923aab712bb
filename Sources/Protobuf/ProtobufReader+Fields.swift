/// What generated messages call. A field whose wire type is not the declared one is skipped like an unknown one.
extension ProtobufReader {
    /// A single field: the last one wins, sub-messages merge.
    @inlinable
    public mutating func read<Codec: ProtobufCodec>(
        _ codec: Codec, into value: inout Codec.Value
    ) throws(ProtobufError) {
        guard self.wireType == Codec.wireType else { return try self.skip() }
        try codec.merge(into: &value, from: &self)
    }

    /// A field with presence: `optional`, or a message.
    @inlinable
    public mutating func read<Codec: ProtobufCodec>(
        _ codec: Codec, into value: inout Codec.Value?
    ) throws(ProtobufError) {
        guard self.wireType == Codec.wireType else { return try self.skip() }
        try self.take(Codec.Value.self)
        var merged = value.take() ?? codec.empty
        try codec.merge(into: &merged, from: &self)
        value = merged
    }

    /// A member of a `oneof`, for messages written by hand: the last one wins; a message merges with `current`, which is
    /// nil unless the same member was read before.
    ///
    /// - Returns: nil when the field was skipped.
    @inlinable
    public mutating func member<Codec: ProtobufCodec>(
        _ codec: Codec, merging current: Codec.Value?
    ) throws(ProtobufError) -> Codec.Value? {
        var merged = self.wireType == Codec.wireType ? current : nil
        try self.read(codec, into: &merged)
        return merged
    }

    /// A repeated field, packed or not.
    @inlinable
    public mutating func read<Codec: ProtobufCodec>(
        _ codec: Codec, appendingTo values: inout [Codec.Value]
    ) throws(ProtobufError) {
        if self.wireType == Codec.wireType {
            try self.append(codec, to: &values)
        } else if self.wireType == .delimited {
            // The codec's own type is another one: a number, packed.
            try self.readPacked(codec, appendingTo: &values)
        } else {
            try self.skip()
        }
    }

    @inlinable
    mutating func append<Codec: ProtobufCodec>(
        _ codec: Codec, to values: inout [Codec.Value]
    ) throws(ProtobufError) {
        try self.take(Codec.Value.self)
        var value = codec.empty
        try codec.merge(into: &value, from: &self)
        values.append(value)
    }

    @inlinable
    mutating func readPacked<Codec: ProtobufCodec>(
        _ codec: Codec, appendingTo values: inout [Codec.Value]
    ) throws(ProtobufError) {
        let length = try self.length()
        let outerEnd = self.end
        self.end = self.cursor + length
        while self.cursor < self.end { try self.append(codec, to: &values) }
        self.end = outerEnd
    }

    /// An entry of a map: the last of the same key wins; a key or value left out is the default.
    @inlinable
    public mutating func read<Key: ProtobufMapKey, Value: ProtobufCodec>(
        key keyCodec: Key, value valueCodec: Value, into map: inout [Key.Value: Value.Value]
    ) throws(ProtobufError) {
        guard self.wireType == .delimited else { return try self.skip() }
        try self.take((Key.Value, Value.Value).self)
        var key = keyCodec.empty
        var value = valueCodec.empty
        try self.nested { reader throws(ProtobufError) in
            while let field = try reader.nextField() {
                switch field {
                case 1: try reader.read(keyCodec, into: &key)
                case 2: try reader.read(valueCodec, into: &value)
                default: try reader.skip()
                }
            }
        }
        map[key] = value
    }
}
