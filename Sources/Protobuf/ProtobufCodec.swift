/// How one of the types of the language lies on the wire. The codecs have no state: they name the type in a call, as in
/// `reader.read(.sint32, into: &self.offset)`.
public protocol ProtobufCodec: Sendable {
    associatedtype Value: Sendable

    /// The wire type of a value that is not packed.
    static var wireType: ProtobufWireType { get }

    /// The default.
    var empty: Value { get }
    /// Whether `value` is the default, and need not be written. Minus zero is not.
    func isDefault(_ value: Value) -> Bool

    /// Reads a payload over `value`: in its place, or into it when it is a message.
    func merge(into value: inout Value, from reader: inout ProtobufReader) throws(ProtobufError)
    /// Writes a payload.
    func put(_ value: Value, to writer: inout ProtobufWriter)
}

/// A codec whose values can be the keys of a map.
public protocol ProtobufMapKey: ProtobufCodec where Value: Hashable {
    /// The order in which a map is written.
    func precedes(_ left: Value, _ right: Value) -> Bool
}

extension ProtobufMapKey where Value: Comparable {
    @inlinable
    public func precedes(_ left: Value, _ right: Value) -> Bool { left < right }
}

// MARK: - Numbers

/// A number, as the word that it is on the wire.
public protocol ProtobufNumberCodec: ProtobufCodec {
    associatedtype Word: FixedWidthInteger & UnsignedInteger & BitwiseCopyable
    func value(_ word: Word) -> Value
    func word(_ value: Value) -> Word
}

extension ProtobufNumberCodec {
    @inlinable
    public var empty: Value { self.value(0) }
    @inlinable
    public func isDefault(_ value: Value) -> Bool { self.word(value) == 0 }
}

/// A number of variable length. Those narrower than 64 bits are cut to their width when read.
public protocol ProtobufVarintCodec: ProtobufNumberCodec where Word == UInt64 {}

extension ProtobufVarintCodec {
    @inlinable
    public static var wireType: ProtobufWireType { .varint }

    @inlinable
    public func merge(into value: inout Value, from reader: inout ProtobufReader) throws(ProtobufError) {
        value = self.value(try reader.varint())
    }

    @inlinable
    public func put(_ value: Value, to writer: inout ProtobufWriter) { writer.varint(self.word(value)) }
}

/// A number of four bytes.
public protocol ProtobufFixed32Codec: ProtobufNumberCodec where Word == UInt32 {}

extension ProtobufFixed32Codec {
    @inlinable
    public static var wireType: ProtobufWireType { .fixed32 }

    @inlinable
    public func merge(into value: inout Value, from reader: inout ProtobufReader) throws(ProtobufError) {
        value = self.value(try reader.fixed(UInt32.self))
    }

    @inlinable
    public func put(_ value: Value, to writer: inout ProtobufWriter) { writer.fixed32(self.word(value)) }
}

/// A number of eight bytes.
public protocol ProtobufFixed64Codec: ProtobufNumberCodec where Word == UInt64 {}

extension ProtobufFixed64Codec {
    @inlinable
    public static var wireType: ProtobufWireType { .fixed64 }

    @inlinable
    public func merge(into value: inout Value, from reader: inout ProtobufReader) throws(ProtobufError) {
        value = self.value(try reader.fixed(UInt64.self))
    }

    @inlinable
    public func put(_ value: Value, to writer: inout ProtobufWriter) { writer.fixed64(self.word(value)) }
}
