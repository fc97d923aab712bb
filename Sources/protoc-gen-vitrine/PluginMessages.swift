import Protobuf

/// `google.protobuf.compiler.CodeGeneratorRequest`
struct CodeGeneratorRequest: ProtobufMessage {
    static let protoName = "google.protobuf.compiler.CodeGeneratorRequest"
    var filesToGenerate: [String] = []
    var parameter = ""
    /// Serialized `FileDescriptorProto`s: those to generate and all that they import, what is imported first.
    var files: [[UInt8]] = []

    mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
        while let field = try reader.nextField() {
            switch field {
            case 1: try reader.read(.string, appendingTo: &self.filesToGenerate)
            case 2: try reader.read(.string, into: &self.parameter)
            case 15: try reader.read(.bytes, appendingTo: &self.files)
            default: try reader.skip()
            }
        }
    }

    func encode(to writer: inout ProtobufWriter) {
        writer.write(.string, repeated: self.filesToGenerate, field: 1)
        writer.write(.string, self.parameter, field: 2)
        writer.write(.bytes, repeated: self.files, field: 15)
    }
}

/// `google.protobuf.compiler.CodeGeneratorResponse`
struct CodeGeneratorResponse: ProtobufMessage {
    static let protoName = "google.protobuf.compiler.CodeGeneratorResponse"
    /// `FEATURE_PROTO3_OPTIONAL`
    static let proto3Optional: UInt64 = 1

    /// What is wrong with the files, for a person; nothing is written then.
    var error: String?
    var supportedFeatures = Self.proto3Optional
    var files: [GeneratedFile] = []

    mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
        while let field = try reader.nextField() {
            switch field {
            case 1: try reader.read(.string, into: &self.error)
            case 2: try reader.read(.uint64, into: &self.supportedFeatures)
            case 15: try reader.read(.message(GeneratedFile.self), appendingTo: &self.files)
            default: try reader.skip()
            }
        }
    }

    func encode(to writer: inout ProtobufWriter) {
        writer.write(.string, optional: self.error, field: 1)
        writer.write(.uint64, self.supportedFeatures, field: 2)
        writer.write(.message(GeneratedFile.self), repeated: self.files, field: 15)
    }

    struct GeneratedFile: ProtobufMessage {
        static let protoName = "google.protobuf.compiler.CodeGeneratorResponse.File"
        var name = ""
        var content = ""

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                switch field {
                case 1: try reader.read(.string, into: &self.name)
                case 15: try reader.read(.string, into: &self.content)
                default: try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) {
            writer.write(.string, self.name, field: 1)
            writer.write(.string, self.content, field: 15)
        }
    }
}
