import Protobuf

// What of descriptor.proto the generator needs, decoded by hand: descriptor.proto is proto2, which it does not speak,
// and to need its own output to be built would be a knot. They are only read; `encode` writes nothing.

/// `google.protobuf.FileDescriptorProto`
struct FileDescriptor: ProtobufMessage {
    static let protoName = "google.protobuf.FileDescriptorProto"
    var name = ""
    var package = ""
    var dependencies: [String] = []
    var publicDependencies: [Int32] = []
    var messages: [MessageDescriptor] = []
    var enums: [EnumDescriptor] = []
    var services: [ServiceDescriptor] = []
    var extensions: [FieldDescriptor] = []
    var options = FileOptions()
    var source = SourceCodeInfo()
    var syntax = ""
    /// The message as it came, without the source code information.
    var stripped: [UInt8] = []

    mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
        while let field = try reader.nextField() {
            switch field {
            case 1: try reader.read(.string, into: &self.name)
            case 2: try reader.read(.string, into: &self.package)
            case 3: try reader.read(.string, appendingTo: &self.dependencies)
            case 4: try reader.read(.message(MessageDescriptor.self), appendingTo: &self.messages)
            case 5: try reader.read(.message(EnumDescriptor.self), appendingTo: &self.enums)
            case 6: try reader.read(.message(ServiceDescriptor.self), appendingTo: &self.services)
            case 7: try reader.read(.message(FieldDescriptor.self), appendingTo: &self.extensions)
            case 8: try reader.read(.message(FileOptions.self), into: &self.options)
            case 9: try reader.read(.message(SourceCodeInfo.self), into: &self.source)
            case 10: try reader.read(.int32, appendingTo: &self.publicDependencies)
            case 12: try reader.read(.string, into: &self.syntax)
            default: try reader.skip()
            }
        }
    }

    func encode(to writer: inout ProtobufWriter) {}

    /// Decodes a file and keeps its bytes.
    static func parsing(_ bytes: [UInt8]) throws(ProtobufError) -> FileDescriptor {
        var file = try FileDescriptor(decoding: bytes)
        file.stripped = try FieldRanges(decoding: bytes).ranges.filter { $0.field != 9 }.flatMap { bytes[$0.range] }
        return file
    }
}

/// Where the fields of any message lie in its bytes.
struct FieldRanges: ProtobufMessage {
    struct Entry: Hashable {
        let field: Int
        let range: Range<Int>
    }

    static let protoName = ""
    var ranges: [Entry] = []

    mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
        var start = reader.offset
        while let field = try reader.nextField() {
            try reader.skip()
            self.ranges.append(Entry(field: field, range: start..<reader.offset))
            start = reader.offset
        }
    }

    func encode(to writer: inout ProtobufWriter) {}
}

/// `google.protobuf.FileOptions`
struct FileOptions: ProtobufMessage {
    static let protoName = "google.protobuf.FileOptions"
    var swiftPrefix = ""

    mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
        while let field = try reader.nextField() {
            switch field {
            case 39: try reader.read(.string, into: &self.swiftPrefix)
            default: try reader.skip()
            }
        }
    }

    func encode(to writer: inout ProtobufWriter) {}
}

/// `google.protobuf.DescriptorProto`
struct MessageDescriptor: ProtobufMessage {
    static let protoName = "google.protobuf.DescriptorProto"
    var name = ""
    var fields: [FieldDescriptor] = []
    var messages: [MessageDescriptor] = []
    var enums: [EnumDescriptor] = []
    var extensionRanges: [FieldRanges] = []
    var extensions: [FieldDescriptor] = []
    var oneofs: [NamedDescriptor] = []
    var options = MessageOptions()

    mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
        while let field = try reader.nextField() {
            switch field {
            case 1: try reader.read(.string, into: &self.name)
            case 2: try reader.read(.message(FieldDescriptor.self), appendingTo: &self.fields)
            case 3: try reader.read(.message(MessageDescriptor.self), appendingTo: &self.messages)
            case 4: try reader.read(.message(EnumDescriptor.self), appendingTo: &self.enums)
            case 5: try reader.read(.message(FieldRanges.self), appendingTo: &self.extensionRanges)
            case 6: try reader.read(.message(FieldDescriptor.self), appendingTo: &self.extensions)
            case 7: try reader.read(.message(MessageOptions.self), into: &self.options)
            case 8: try reader.read(.message(NamedDescriptor.self), appendingTo: &self.oneofs)
            default: try reader.skip()
            }
        }
    }

    func encode(to writer: inout ProtobufWriter) {}
}

/// `google.protobuf.MessageOptions`
struct MessageOptions: ProtobufMessage {
    static let protoName = "google.protobuf.MessageOptions"
    var isMessageSet = false
    var isMapEntry = false

    mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
        while let field = try reader.nextField() {
            switch field {
            case 1: try reader.read(.bool, into: &self.isMessageSet)
            case 7: try reader.read(.bool, into: &self.isMapEntry)
            default: try reader.skip()
            }
        }
    }

    func encode(to writer: inout ProtobufWriter) {}
}

/// `google.protobuf.FieldDescriptorProto`
struct FieldDescriptor: ProtobufMessage {
    /// `google.protobuf.FieldDescriptorProto.Type`
    enum Kind: Int32 {
        case double = 1, float, int64, uint64, int32, fixed64, fixed32, bool, string, group, message, bytes, uint32
        case enumeration, sfixed32, sfixed64, sint32, sint64
    }

    static let protoName = "google.protobuf.FieldDescriptorProto"
    var name = ""
    var number: Int32 = 0
    var label: Int32 = 1
    var type: Int32 = 0
    /// `.vitrine.common.v1.Money`
    var typeName = ""
    var oneofIndex: Int32?
    var isProto3Optional = false
    var options = FieldOptions()

    var kind: Kind? { Kind(rawValue: self.type) }
    var isRequired: Bool { self.label == 2 }
    var isRepeated: Bool { self.label == 3 }
    /// The `oneof` that somebody wrote: every `optional` field has one of its own as well.
    var writtenOneof: Int? { self.isProto3Optional ? nil : self.oneofIndex.map(Int.init) }

    mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
        while let field = try reader.nextField() {
            switch field {
            case 1: try reader.read(.string, into: &self.name)
            case 3: try reader.read(.int32, into: &self.number)
            case 4: try reader.read(.int32, into: &self.label)
            case 5: try reader.read(.int32, into: &self.type)
            case 6: try reader.read(.string, into: &self.typeName)
            case 8: try reader.read(.message(FieldOptions.self), into: &self.options)
            case 9: try reader.read(.int32, into: &self.oneofIndex)
            case 17: try reader.read(.bool, into: &self.isProto3Optional)
            default: try reader.skip()
            }
        }
    }

    func encode(to writer: inout ProtobufWriter) {}
}

/// `google.protobuf.FieldOptions`
struct FieldOptions: ProtobufMessage {
    static let protoName = "google.protobuf.FieldOptions"
    /// Nil where the file does not say: packed, in proto3.
    var isPacked: Bool?

    mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
        while let field = try reader.nextField() {
            switch field {
            case 2: try reader.read(.bool, into: &self.isPacked)
            default: try reader.skip()
            }
        }
    }

    func encode(to writer: inout ProtobufWriter) {}
}

/// `google.protobuf.EnumDescriptorProto`
struct EnumDescriptor: ProtobufMessage {
    static let protoName = "google.protobuf.EnumDescriptorProto"
    var name = ""
    var values: [NamedDescriptor] = []

    mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
        while let field = try reader.nextField() {
            switch field {
            case 1: try reader.read(.string, into: &self.name)
            case 2: try reader.read(.message(NamedDescriptor.self), appendingTo: &self.values)
            default: try reader.skip()
            }
        }
    }

    func encode(to writer: inout ProtobufWriter) {}
}

/// `google.protobuf.EnumValueDescriptorProto`, and `OneofDescriptorProto`, which has no number.
struct NamedDescriptor: ProtobufMessage {
    static let protoName = "google.protobuf.EnumValueDescriptorProto"
    var name = ""
    var number: Int32 = 0

    mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
        while let field = try reader.nextField() {
            switch field {
            case 1: try reader.read(.string, into: &self.name)
            case 2: try reader.read(.int32, into: &self.number)
            default: try reader.skip()
            }
        }
    }

    func encode(to writer: inout ProtobufWriter) {}
}

/// `google.protobuf.ServiceDescriptorProto`
struct ServiceDescriptor: ProtobufMessage {
    static let protoName = "google.protobuf.ServiceDescriptorProto"
    var name = ""
    var methods: [MethodDescriptor] = []

    mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
        while let field = try reader.nextField() {
            switch field {
            case 1: try reader.read(.string, into: &self.name)
            case 2: try reader.read(.message(MethodDescriptor.self), appendingTo: &self.methods)
            default: try reader.skip()
            }
        }
    }

    func encode(to writer: inout ProtobufWriter) {}
}

/// `google.protobuf.MethodDescriptorProto`
struct MethodDescriptor: ProtobufMessage {
    static let protoName = "google.protobuf.MethodDescriptorProto"
    var name = ""
    var inputType = ""
    var outputType = ""
    var options = MethodOptions()
    var isClientStreaming = false
    var isServerStreaming = false

    mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
        while let field = try reader.nextField() {
            switch field {
            case 1: try reader.read(.string, into: &self.name)
            case 2: try reader.read(.string, into: &self.inputType)
            case 3: try reader.read(.string, into: &self.outputType)
            case 4: try reader.read(.message(MethodOptions.self), into: &self.options)
            case 5: try reader.read(.bool, into: &self.isClientStreaming)
            case 6: try reader.read(.bool, into: &self.isServerStreaming)
            default: try reader.skip()
            }
        }
    }

    func encode(to writer: inout ProtobufWriter) {}
}

/// `google.protobuf.MethodOptions`
struct MethodOptions: ProtobufMessage {
    static let protoName = "google.protobuf.MethodOptions"
    /// `IdempotencyLevel`: 1 without side effects, 2 idempotent.
    var idempotencyLevel: Int32 = 0

    mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
        while let field = try reader.nextField() {
            switch field {
            case 34: try reader.read(.int32, into: &self.idempotencyLevel)
            default: try reader.skip()
            }
        }
    }

    func encode(to writer: inout ProtobufWriter) {}
}

/// `google.protobuf.SourceCodeInfo`
struct SourceCodeInfo: ProtobufMessage {
    static let protoName = "google.protobuf.SourceCodeInfo"
    var locations: [Location] = []

    mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
        while let field = try reader.nextField() {
            switch field {
            case 1: try reader.read(.message(Location.self), appendingTo: &self.locations)
            default: try reader.skip()
            }
        }
    }

    func encode(to writer: inout ProtobufWriter) {}

    struct Location: ProtobufMessage {
        static let protoName = "google.protobuf.SourceCodeInfo.Location"
        /// Field numbers and indices from the file down, such as `[4, 0, 2, 1]` for the second field of the first message.
        var path: [Int32] = []
        var leadingComments = ""
        var trailingComments = ""

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                switch field {
                case 1: try reader.read(.int32, appendingTo: &self.path)
                case 3: try reader.read(.string, into: &self.leadingComments)
                case 4: try reader.read(.string, into: &self.trailingComments)
                default: try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) {}
    }
}
