// The numbers of the language. Negative `int32` are written as 64 bits, so that they can be read as `int64`.

/// `int32`: ten bytes when negative.
public struct ProtobufInt32: ProtobufVarintCodec, ProtobufMapKey {
    public typealias Value = Int32
    @inlinable
    public init() {}
    @inlinable
    public func value(_ word: UInt64) -> Int32 { Int32(truncatingIfNeeded: word) }
    @inlinable
    public func word(_ value: Int32) -> UInt64 { UInt64(bitPattern: Int64(value)) }
}

extension ProtobufCodec where Self == ProtobufInt32 {
    @inlinable
    public static var int32: Self { Self() }
}

/// `int64`: ten bytes when negative.
public struct ProtobufInt64: ProtobufVarintCodec, ProtobufMapKey {
    public typealias Value = Int64
    @inlinable
    public init() {}
    @inlinable
    public func value(_ word: UInt64) -> Int64 { Int64(bitPattern: word) }
    @inlinable
    public func word(_ value: Int64) -> UInt64 { UInt64(bitPattern: value) }
}

extension ProtobufCodec where Self == ProtobufInt64 {
    @inlinable
    public static var int64: Self { Self() }
}

/// `uint32`.
public struct ProtobufUInt32: ProtobufVarintCodec, ProtobufMapKey {
    public typealias Value = UInt32
    @inlinable
    public init() {}
    @inlinable
    public func value(_ word: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: word) }
    @inlinable
    public func word(_ value: UInt32) -> UInt64 { UInt64(value) }
}

extension ProtobufCodec where Self == ProtobufUInt32 {
    @inlinable
    public static var uint32: Self { Self() }
}

/// `uint64`.
public struct ProtobufUInt64: ProtobufVarintCodec, ProtobufMapKey {
    public typealias Value = UInt64
    @inlinable
    public init() {}
    @inlinable
    public func value(_ word: UInt64) -> UInt64 { word }
    @inlinable
    public func word(_ value: UInt64) -> UInt64 { value }
}

extension ProtobufCodec where Self == ProtobufUInt64 {
    @inlinable
    public static var uint64: Self { Self() }
}

/// `sint32`: zigzag, short for small numbers of either sign.
public struct ProtobufSInt32: ProtobufVarintCodec, ProtobufMapKey {
    public typealias Value = Int32
    @inlinable
    public init() {}
    @inlinable
    public func value(_ word: UInt64) -> Int32 {
        Int32(bitPattern: UInt32(truncatingIfNeeded: word) >> 1) ^ -Int32(word & 1)
    }
    @inlinable
    public func word(_ value: Int32) -> UInt64 { UInt64(UInt32(bitPattern: value << 1 ^ value >> 31)) }
}

extension ProtobufCodec where Self == ProtobufSInt32 {
    @inlinable
    public static var sint32: Self { Self() }
}

/// `sint64`: zigzag, short for small numbers of either sign.
public struct ProtobufSInt64: ProtobufVarintCodec, ProtobufMapKey {
    public typealias Value = Int64
    @inlinable
    public init() {}
    @inlinable
    public func value(_ word: UInt64) -> Int64 { Int64(bitPattern: word >> 1) ^ -Int64(word & 1) }
    @inlinable
    public func word(_ value: Int64) -> UInt64 { UInt64(bitPattern: value << 1 ^ value >> 63) }
}

extension ProtobufCodec where Self == ProtobufSInt64 {
    @inlinable
    public static var sint64: Self { Self() }
}

/// `bool`.
public struct ProtobufBool: ProtobufVarintCodec, ProtobufMapKey {
    public typealias Value = Bool
    @inlinable
    public init() {}
    @inlinable
    public func value(_ word: UInt64) -> Bool { word != 0 }
    @inlinable
    public func word(_ value: Bool) -> UInt64 { value ? 1 : 0 }
    @inlinable
    public func precedes(_ left: Bool, _ right: Bool) -> Bool { !left && right }
}

extension ProtobufCodec where Self == ProtobufBool {
    @inlinable
    public static var bool: Self { Self() }
}

/// `fixed32`.
public struct ProtobufFixed32: ProtobufFixed32Codec, ProtobufMapKey {
    public typealias Value = UInt32
    @inlinable
    public init() {}
    @inlinable
    public func value(_ word: UInt32) -> UInt32 { word }
    @inlinable
    public func word(_ value: UInt32) -> UInt32 { value }
}

extension ProtobufCodec where Self == ProtobufFixed32 {
    @inlinable
    public static var fixed32: Self { Self() }
}

/// `fixed64`.
public struct ProtobufFixed64: ProtobufFixed64Codec, ProtobufMapKey {
    public typealias Value = UInt64
    @inlinable
    public init() {}
    @inlinable
    public func value(_ word: UInt64) -> UInt64 { word }
    @inlinable
    public func word(_ value: UInt64) -> UInt64 { value }
}

extension ProtobufCodec where Self == ProtobufFixed64 {
    @inlinable
    public static var fixed64: Self { Self() }
}

/// `sfixed32`.
public struct ProtobufSFixed32: ProtobufFixed32Codec, ProtobufMapKey {
    public typealias Value = Int32
    @inlinable
    public init() {}
    @inlinable
    public func value(_ word: UInt32) -> Int32 { Int32(bitPattern: word) }
    @inlinable
    public func word(_ value: Int32) -> UInt32 { UInt32(bitPattern: value) }
}

extension ProtobufCodec where Self == ProtobufSFixed32 {
    @inlinable
    public static var sfixed32: Self { Self() }
}

/// `sfixed64`.
public struct ProtobufSFixed64: ProtobufFixed64Codec, ProtobufMapKey {
    public typealias Value = Int64
    @inlinable
    public init() {}
    @inlinable
    public func value(_ word: UInt64) -> Int64 { Int64(bitPattern: word) }
    @inlinable
    public func word(_ value: Int64) -> UInt64 { UInt64(bitPattern: value) }
}

extension ProtobufCodec where Self == ProtobufSFixed64 {
    @inlinable
    public static var sfixed64: Self { Self() }
}

/// `float`.
public struct ProtobufFloat: ProtobufFixed32Codec {
    public typealias Value = Float
    @inlinable
    public init() {}
    @inlinable
    public func value(_ word: UInt32) -> Float { Float(bitPattern: word) }
    @inlinable
    public func word(_ value: Float) -> UInt32 { value.bitPattern }
}

extension ProtobufCodec where Self == ProtobufFloat {
    @inlinable
    public static var float: Self { Self() }
}

/// `double`.
public struct ProtobufDouble: ProtobufFixed64Codec {
    public typealias Value = Double
    @inlinable
    public init() {}
    @inlinable
    public func value(_ word: UInt64) -> Double { Double(bitPattern: word) }
    @inlinable
    public func word(_ value: Double) -> UInt64 { value.bitPattern }
}

extension ProtobufCodec where Self == ProtobufDouble {
    @inlinable
    public static var double: Self { Self() }
}

/// An enumeration, as its number.
public struct ProtobufEnumCodec<Value: ProtobufEnum>: ProtobufVarintCodec {
    @inlinable
    public init() {}
    @inlinable
    public func value(_ word: UInt64) -> Value { Value(rawValue: Int32(truncatingIfNeeded: word)) }
    @inlinable
    public func word(_ value: Value) -> UInt64 { UInt64(bitPattern: Int64(value.rawValue)) }
}

extension ProtobufCodec {
    @inlinable
    public static func enumeration<Value>(_: Value.Type) -> Self where Self == ProtobufEnumCodec<Value> { Self() }
}
