/// `string`: UTF-8, which is checked when it is read.
public struct ProtobufString: ProtobufMapKey {
    @inlinable
    public init() {}
    @inlinable
    public static var wireType: ProtobufWireType { .delimited }
    @inlinable
    public var empty: String { "" }
    @inlinable
    public func isDefault(_ value: String) -> Bool { value.isEmpty }

    @inlinable
    public func merge(into value: inout String, from reader: inout ProtobufReader) throws(ProtobufError) {
        value = try reader.string()
    }

    @inlinable
    public func put(_ value: String, to writer: inout ProtobufWriter) { writer.string(value) }

    /// By bytes: the order of `String` goes by what characters mean, and depends on the version of Unicode.
    @inlinable
    public func precedes(_ left: String, _ right: String) -> Bool { left.utf8.lexicographicallyPrecedes(right.utf8) }
}

extension ProtobufCodec where Self == ProtobufString {
    @inlinable
    public static var string: Self { Self() }
}

/// `bytes`.
public struct ProtobufBytes: ProtobufCodec {
    @inlinable
    public init() {}
    @inlinable
    public static var wireType: ProtobufWireType { .delimited }
    @inlinable
    public var empty: [UInt8] { [] }
    @inlinable
    public func isDefault(_ value: [UInt8]) -> Bool { value.isEmpty }

    @inlinable
    public func merge(into value: inout [UInt8], from reader: inout ProtobufReader) throws(ProtobufError) {
        value = Array(try reader.delimited())
    }

    @inlinable
    public func put(_ value: [UInt8], to writer: inout ProtobufWriter) {
        value.withUnsafeBytes { writer.delimited($0) }
    }
}

extension ProtobufCodec where Self == ProtobufBytes {
    @inlinable
    public static var bytes: Self { Self() }
}

/// A message inside another.
public struct ProtobufMessageCodec<Value: ProtobufMessage>: ProtobufCodec {
    @inlinable
    public init() {}
    @inlinable
    public static var wireType: ProtobufWireType { .delimited }
    @inlinable
    public var empty: Value { Value() }
    /// A message is written whenever it is there, be it empty.
    @inlinable
    public func isDefault(_: Value) -> Bool { false }

    @inlinable
    public func merge(into value: inout Value, from reader: inout ProtobufReader) throws(ProtobufError) {
        try reader.nested { inner throws(ProtobufError) in try value.decode(from: &inner) }
    }

    @inlinable
    public func put(_ value: Value, to writer: inout ProtobufWriter) {
        writer.nested { value.encode(to: &$0) }
    }
}

extension ProtobufCodec {
    @inlinable
    public static func message<Value>(_: Value.Type) -> Self where Self == ProtobufMessageCodec<Value> { Self() }
}
