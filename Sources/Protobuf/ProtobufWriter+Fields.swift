/// What generated messages call.
extension ProtobufWriter {
    /// A single field, unless it has its default.
    @inlinable
    public mutating func write<Codec: ProtobufCodec>(_ codec: Codec, _ value: Codec.Value, field: Int) {
        guard !codec.isDefault(value) else { return }
        self.write(codec, always: value, field: field)
    }

    /// A field whose presence is known by itself: `optional`, a message, a member of a `oneof`.
    @inlinable
    public mutating func write<Codec: ProtobufCodec>(_ codec: Codec, always value: Codec.Value, field: Int) {
        self.tag(field, Codec.wireType)
        codec.put(value, to: &self)
    }

    /// A field with presence, unless it is nil.
    @inlinable
    public mutating func write<Codec: ProtobufCodec>(_ codec: Codec, optional value: Codec.Value?, field: Int) {
        guard let value else { return }
        self.write(codec, always: value, field: field)
    }

    /// A repeated field, one tag for each value.
    @inlinable
    public mutating func write<Codec: ProtobufCodec>(_ codec: Codec, repeated values: [Codec.Value], field: Int) {
        for value in values { self.write(codec, always: value, field: field) }
    }

    /// A repeated field of numbers, one tag for all.
    @inlinable
    public mutating func write<Codec: ProtobufCodec>(_ codec: Codec, packed values: [Codec.Value], field: Int) {
        guard !values.isEmpty else { return }
        self.tag(field, .delimited)
        self.nested { writer in
            for value in values { codec.put(value, to: &writer) }
        }
    }

    /// A map, by ascending key.
    @inlinable
    public mutating func write<Key: ProtobufMapKey, Value: ProtobufCodec>(
        key keyCodec: Key, value valueCodec: Value, _ map: [Key.Value: Value.Value], field: Int
    ) {
        for entry in map.sorted(by: { keyCodec.precedes($0.key, $1.key) }) {
            self.tag(field, .delimited)
            self.nested { writer in
                writer.write(keyCodec, always: entry.key, field: 1)
                writer.write(valueCodec, always: entry.value, field: 2)
            }
        }
    }
}
