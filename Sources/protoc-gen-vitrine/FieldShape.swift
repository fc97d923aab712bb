/// A field as the generated code sees it.
struct FieldShape {
    enum Cardinality {
        /// Always there, the default when it was not set.
        case single
        /// Nil when it was not set.
        case optional
        case repeated(isPacked: Bool)
        case map(keyCodec: String)
        case member(oneof: Int)
    }

    let number: Int
    /// `imageURL`
    let name: String
    /// `[ProductV1.ReservedItem]`
    let type: String
    /// The initial value.
    let initial: String
    /// `.string`, of the value or of the map's value.
    let codec: String
    let cardinality: Cardinality
    /// Whether the value must lie on the heap, because the message would hold itself.
    let isIndirect: Bool
    let isMessage: Bool
    let comment: String?
}

extension FieldShape {
    init(
        _ field: FieldDescriptor, of message: String, comment: String?, _ types: TypeTable, _ file: String
    ) throws(GeneratorError) {
        let isRecursive = field.kind == .message && !field.isRepeated && types.embeds(field.typeName, message)
        self.number = Int(field.number)
        self.name = SwiftNames.property(field.name)
        self.comment = comment
        self.isIndirect = isRecursive && field.writtenOneof == nil
        self.isMessage = field.kind == .message
        if let entry = types.messages[field.typeName]?.descriptor, entry.options.isMapEntry, entry.fields.count == 2 {
            let key = try ValueShape(entry.fields[0], types, file)
            let value = try ValueShape(entry.fields[1], types, file)
            self.type = "[\(key.type): \(value.type)]"
            self.initial = "[:]"
            self.codec = value.codec
            self.cardinality = .map(keyCodec: key.codec)
            return
        }
        let value = try ValueShape(field, types, file)
        self.codec = value.codec
        if field.isRepeated {
            self.type = "[\(value.type)]"
            self.initial = "[]"
            self.cardinality = .repeated(isPacked: value.isNumber && field.options.isPacked ?? true)
        } else if let oneof = field.writtenOneof {
            self.type = value.type
            self.initial = ""
            self.cardinality = .member(oneof: oneof)
        } else if field.isProto3Optional || field.kind == .message {
            self.type = value.type + "?"
            self.initial = "nil"
            self.cardinality = .optional
        } else {
            self.type = value.type
            self.initial = value.initial
            self.cardinality = .single
        }
    }
}

/// A single value of a field's type.
private struct ValueShape {
    let type: String
    let codec: String
    let initial: String
    var isNumber = true

    init(_ field: FieldDescriptor, _ types: TypeTable, _ file: String) throws(GeneratorError) {
        guard let kind = field.kind else {
            throw GeneratorError(file: file, message: "field '\(field.name)' has the unknown type \(field.type)")
        }
        switch kind {
        case .double: self.init("Double", "double", "0")
        case .float: self.init("Float", "float", "0")
        case .int64: self.init("Int64", "int64", "0")
        case .uint64: self.init("UInt64", "uint64", "0")
        case .int32: self.init("Int32", "int32", "0")
        case .fixed64: self.init("UInt64", "fixed64", "0")
        case .fixed32: self.init("UInt32", "fixed32", "0")
        case .bool: self.init("Bool", "bool", "false")
        case .uint32: self.init("UInt32", "uint32", "0")
        case .sfixed32: self.init("Int32", "sfixed32", "0")
        case .sfixed64: self.init("Int64", "sfixed64", "0")
        case .sint32: self.init("Int32", "sint32", "0")
        case .sint64: self.init("Int64", "sint64", "0")
        case .string: self.init("String", "string", "\"\"", isNumber: false)
        case .bytes: self.init("[UInt8]", "bytes", "[]", isNumber: false)
        case .message: try self.init(message: field, types, file)
        case .enumeration: try self.init(enumeration: field, types, file)
        case .group: throw GeneratorError(file: file, message: "field '\(field.name)' is a group, which proto3 has not")
        }
    }

    private init(_ type: String, _ codec: String, _ initial: String, isNumber: Bool = true) {
        self.type = type
        self.codec = "." + codec
        self.initial = initial
        self.isNumber = isNumber
    }

    private init(message field: FieldDescriptor, _ types: TypeTable, _ file: String) throws(GeneratorError) {
        guard let message = types.messages[field.typeName] else {
            throw GeneratorError(file: file, message: "field '\(field.name)' is of an unknown type \(field.typeName)")
        }
        self.init(message.swiftName, "message(\(message.swiftName).self)", "", isNumber: false)
    }

    private init(enumeration field: FieldDescriptor, _ types: TypeTable, _ file: String) throws(GeneratorError) {
        guard let enumeration = types.enumerations[field.typeName], let first = enumeration.descriptor.values.first
        else {
            throw GeneratorError(file: file, message: "field '\(field.name)' is of an unknown type \(field.typeName)")
        }
        let initial = "." + SwiftNames.enumCase(first.name, of: enumeration.descriptor)
        self.init(enumeration.swiftName, "enumeration(\(enumeration.swiftName).self)", initial)
    }
}
