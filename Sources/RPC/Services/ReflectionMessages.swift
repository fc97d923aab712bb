import Protobuf

/// The messages of `grpc/reflection/v1/reflection.proto`, and of `v1alpha`, which are the same.
enum ReflectionMessages {
    static let file = ProtobufFile(
        name: "grpc/reflection/v1/reflection.proto",
        base64: """
            CiNncnBjL3JlZmxlY3Rpb24vdjEvcmVmbGVjdGlvbi5wcm90bxISZ3JwYy5yZWZsZWN0aW9uLnYxIvMCChdTZXJ2ZXJSZWZsZWN0aW9u\
            UmVxdWVzdBISCgRob3N0GAEgASgJUgRob3N0EioKEGZpbGVfYnlfZmlsZW5hbWUYAyABKAlIAFIOZmlsZUJ5RmlsZW5hbWUSNgoWZmls\
            ZV9jb250YWluaW5nX3N5bWJvbBgEIAEoCUgAUhRmaWxlQ29udGFpbmluZ1N5bWJvbBJiChlmaWxlX2NvbnRhaW5pbmdfZXh0ZW5zaW9u\
            GAUgASgLMiQuZ3JwYy5yZWZsZWN0aW9uLnYxLkV4dGVuc2lvblJlcXVlc3RIAFIXZmlsZUNvbnRhaW5pbmdFeHRlbnNpb24SQgodYWxs\
            X2V4dGVuc2lvbl9udW1iZXJzX29mX3R5cGUYBiABKAlIAFIZYWxsRXh0ZW5zaW9uTnVtYmVyc09mVHlwZRIlCg1saXN0X3NlcnZpY2Vz\
            GAcgASgJSABSDGxpc3RTZXJ2aWNlc0IRCg9tZXNzYWdlX3JlcXVlc3QiZgoQRXh0ZW5zaW9uUmVxdWVzdBInCg9jb250YWluaW5nX3R5\
            cGUYASABKAlSDmNvbnRhaW5pbmdUeXBlEikKEGV4dGVuc2lvbl9udW1iZXIYAiABKAVSD2V4dGVuc2lvbk51bWJlciKuBAoYU2VydmVy\
            UmVmbGVjdGlvblJlc3BvbnNlEh0KCnZhbGlkX2hvc3QYASABKAlSCXZhbGlkSG9zdBJWChBvcmlnaW5hbF9yZXF1ZXN0GAIgASgLMisu\
            Z3JwYy5yZWZsZWN0aW9uLnYxLlNlcnZlclJlZmxlY3Rpb25SZXF1ZXN0Ug9vcmlnaW5hbFJlcXVlc3QSZgoYZmlsZV9kZXNjcmlwdG9y\
            X3Jlc3BvbnNlGAQgASgLMiouZ3JwYy5yZWZsZWN0aW9uLnYxLkZpbGVEZXNjcmlwdG9yUmVzcG9uc2VIAFIWZmlsZURlc2NyaXB0b3JS\
            ZXNwb25zZRJyCh5hbGxfZXh0ZW5zaW9uX251bWJlcnNfcmVzcG9uc2UYBSABKAsyKy5ncnBjLnJlZmxlY3Rpb24udjEuRXh0ZW5zaW9u\
            TnVtYmVyUmVzcG9uc2VIAFIbYWxsRXh0ZW5zaW9uTnVtYmVyc1Jlc3BvbnNlEl8KFmxpc3Rfc2VydmljZXNfcmVzcG9uc2UYBiABKAsy\
            Jy5ncnBjLnJlZmxlY3Rpb24udjEuTGlzdFNlcnZpY2VSZXNwb25zZUgAUhRsaXN0U2VydmljZXNSZXNwb25zZRJKCg5lcnJvcl9yZXNw\
            b25zZRgHIAEoCzIhLmdycGMucmVmbGVjdGlvbi52MS5FcnJvclJlc3BvbnNlSABSDWVycm9yUmVzcG9uc2VCEgoQbWVzc2FnZV9yZXNw\
            b25zZSJMChZGaWxlRGVzY3JpcHRvclJlc3BvbnNlEjIKFWZpbGVfZGVzY3JpcHRvcl9wcm90bxgBIAMoDFITZmlsZURlc2NyaXB0b3JQ\
            cm90byJqChdFeHRlbnNpb25OdW1iZXJSZXNwb25zZRIkCg5iYXNlX3R5cGVfbmFtZRgBIAEoCVIMYmFzZVR5cGVOYW1lEikKEGV4dGVu\
            c2lvbl9udW1iZXIYAiADKAVSD2V4dGVuc2lvbk51bWJlciJUChNMaXN0U2VydmljZVJlc3BvbnNlEj0KB3NlcnZpY2UYASADKAsyIy5n\
            cnBjLnJlZmxlY3Rpb24udjEuU2VydmljZVJlc3BvbnNlUgdzZXJ2aWNlIiUKD1NlcnZpY2VSZXNwb25zZRISCgRuYW1lGAEgASgJUgRu\
            YW1lIlMKDUVycm9yUmVzcG9uc2USHQoKZXJyb3JfY29kZRgBIAEoBVIJZXJyb3JDb2RlEiMKDWVycm9yX21lc3NhZ2UYAiABKAlSDGVy\
            cm9yTWVzc2FnZTKJAQoQU2VydmVyUmVmbGVjdGlvbhJ1ChRTZXJ2ZXJSZWZsZWN0aW9uSW5mbxIrLmdycGMucmVmbGVjdGlvbi52MS5T\
            ZXJ2ZXJSZWZsZWN0aW9uUmVxdWVzdBosLmdycGMucmVmbGVjdGlvbi52MS5TZXJ2ZXJSZWZsZWN0aW9uUmVzcG9uc2UoATABYgZwcm90\
            bzM=
            """)
    static let alphaFile = ProtobufFile(
        name: "grpc/reflection/v1alpha/reflection.proto",
        base64: """
            CihncnBjL3JlZmxlY3Rpb24vdjFhbHBoYS9yZWZsZWN0aW9uLnByb3RvEhdncnBjLnJlZmxlY3Rpb24udjFhbHBoYSL4AgoXU2VydmVy\
            UmVmbGVjdGlvblJlcXVlc3QSEgoEaG9zdBgBIAEoCVIEaG9zdBIqChBmaWxlX2J5X2ZpbGVuYW1lGAMgASgJSABSDmZpbGVCeUZpbGVu\
            YW1lEjYKFmZpbGVfY29udGFpbmluZ19zeW1ib2wYBCABKAlIAFIUZmlsZUNvbnRhaW5pbmdTeW1ib2wSZwoZZmlsZV9jb250YWluaW5n\
            X2V4dGVuc2lvbhgFIAEoCzIpLmdycGMucmVmbGVjdGlvbi52MWFscGhhLkV4dGVuc2lvblJlcXVlc3RIAFIXZmlsZUNvbnRhaW5pbmdF\
            eHRlbnNpb24SQgodYWxsX2V4dGVuc2lvbl9udW1iZXJzX29mX3R5cGUYBiABKAlIAFIZYWxsRXh0ZW5zaW9uTnVtYmVyc09mVHlwZRIl\
            Cg1saXN0X3NlcnZpY2VzGAcgASgJSABSDGxpc3RTZXJ2aWNlc0IRCg9tZXNzYWdlX3JlcXVlc3QiZgoQRXh0ZW5zaW9uUmVxdWVzdBIn\
            Cg9jb250YWluaW5nX3R5cGUYASABKAlSDmNvbnRhaW5pbmdUeXBlEikKEGV4dGVuc2lvbl9udW1iZXIYAiABKAVSD2V4dGVuc2lvbk51\
            bWJlciLHBAoYU2VydmVyUmVmbGVjdGlvblJlc3BvbnNlEh0KCnZhbGlkX2hvc3QYASABKAlSCXZhbGlkSG9zdBJbChBvcmlnaW5hbF9y\
            ZXF1ZXN0GAIgASgLMjAuZ3JwYy5yZWZsZWN0aW9uLnYxYWxwaGEuU2VydmVyUmVmbGVjdGlvblJlcXVlc3RSD29yaWdpbmFsUmVxdWVz\
            dBJrChhmaWxlX2Rlc2NyaXB0b3JfcmVzcG9uc2UYBCABKAsyLy5ncnBjLnJlZmxlY3Rpb24udjFhbHBoYS5GaWxlRGVzY3JpcHRvclJl\
            c3BvbnNlSABSFmZpbGVEZXNjcmlwdG9yUmVzcG9uc2USdwoeYWxsX2V4dGVuc2lvbl9udW1iZXJzX3Jlc3BvbnNlGAUgASgLMjAuZ3Jw\
            Yy5yZWZsZWN0aW9uLnYxYWxwaGEuRXh0ZW5zaW9uTnVtYmVyUmVzcG9uc2VIAFIbYWxsRXh0ZW5zaW9uTnVtYmVyc1Jlc3BvbnNlEmQK\
            Fmxpc3Rfc2VydmljZXNfcmVzcG9uc2UYBiABKAsyLC5ncnBjLnJlZmxlY3Rpb24udjFhbHBoYS5MaXN0U2VydmljZVJlc3BvbnNlSABS\
            FGxpc3RTZXJ2aWNlc1Jlc3BvbnNlEk8KDmVycm9yX3Jlc3BvbnNlGAcgASgLMiYuZ3JwYy5yZWZsZWN0aW9uLnYxYWxwaGEuRXJyb3JS\
            ZXNwb25zZUgAUg1lcnJvclJlc3BvbnNlQhIKEG1lc3NhZ2VfcmVzcG9uc2UiTAoWRmlsZURlc2NyaXB0b3JSZXNwb25zZRIyChVmaWxl\
            X2Rlc2NyaXB0b3JfcHJvdG8YASADKAxSE2ZpbGVEZXNjcmlwdG9yUHJvdG8iagoXRXh0ZW5zaW9uTnVtYmVyUmVzcG9uc2USJAoOYmFz\
            ZV90eXBlX25hbWUYASABKAlSDGJhc2VUeXBlTmFtZRIpChBleHRlbnNpb25fbnVtYmVyGAIgAygFUg9leHRlbnNpb25OdW1iZXIiWQoT\
            TGlzdFNlcnZpY2VSZXNwb25zZRJCCgdzZXJ2aWNlGAEgAygLMiguZ3JwYy5yZWZsZWN0aW9uLnYxYWxwaGEuU2VydmljZVJlc3BvbnNl\
            UgdzZXJ2aWNlIiUKD1NlcnZpY2VSZXNwb25zZRISCgRuYW1lGAEgASgJUgRuYW1lIlMKDUVycm9yUmVzcG9uc2USHQoKZXJyb3JfY29k\
            ZRgBIAEoBVIJZXJyb3JDb2RlEiMKDWVycm9yX21lc3NhZ2UYAiABKAlSDGVycm9yTWVzc2FnZTKTAQoQU2VydmVyUmVmbGVjdGlvbhJ/\
            ChRTZXJ2ZXJSZWZsZWN0aW9uSW5mbxIwLmdycGMucmVmbGVjdGlvbi52MWFscGhhLlNlcnZlclJlZmxlY3Rpb25SZXF1ZXN0GjEuZ3Jw\
            Yy5yZWZsZWN0aW9uLnYxYWxwaGEuU2VydmVyUmVmbGVjdGlvblJlc3BvbnNlKAEwAWIGcHJvdG8z
            """)

    enum Question: Sendable, Hashable {
        case fileByName(String)
        case fileWithSymbol(String)
        case fileWithExtension(ExtensionRequest)
        case extensionNumbers(String)
        case listServices(String)
    }

    struct ExtensionRequest: ProtobufMessage {
        var containingType = ""
        var number: Int32 = 0

        static var protoName: String { "grpc.reflection.v1.ExtensionRequest" }

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                switch field {
                case 1: try reader.read(.string, into: &self.containingType)
                case 2: try reader.read(.int32, into: &self.number)
                default: try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) {
            writer.write(.string, self.containingType, field: 1)
            writer.write(.int32, self.number, field: 2)
        }
    }

    struct Request: ProtobufMessage {
        var host = ""
        var question: Question?

        static var protoName: String { "grpc.reflection.v1.ServerReflectionRequest" }
        init() {}
        init(_ question: Question) { self.question = question }

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                switch field {
                case 1: try reader.read(.string, into: &self.host)
                case 3: self.take(try reader.member(.string, merging: nil)) { .fileByName($0) }
                case 4: self.take(try reader.member(.string, merging: nil)) { .fileWithSymbol($0) }
                case 5:
                    self.take(try reader.member(.message(ExtensionRequest.self), merging: nil)) {
                        .fileWithExtension($0)
                    }
                case 6: self.take(try reader.member(.string, merging: nil)) { .extensionNumbers($0) }
                case 7: self.take(try reader.member(.string, merging: nil)) { .listServices($0) }
                default: try reader.skip()
                }
            }
        }

        private mutating func take<Value>(_ value: Value?, _ make: (Value) -> Question) {
            if let value { self.question = make(value) }
        }

        func encode(to writer: inout ProtobufWriter) {
            writer.write(.string, self.host, field: 1)
            switch self.question {
            case .fileByName(let name): writer.write(.string, always: name, field: 3)
            case .fileWithSymbol(let symbol): writer.write(.string, always: symbol, field: 4)
            case .fileWithExtension(let which):
                writer.write(.message(ExtensionRequest.self), always: which, field: 5)
            case .extensionNumbers(let type): writer.write(.string, always: type, field: 6)
            case .listServices(let content): writer.write(.string, always: content, field: 7)
            case nil: break
            }
        }
    }

    /// What a request is answered with; numbers of extensions never are.
    enum Answer: Sendable, Hashable {
        case files([[UInt8]])
        case services([String])
        case error(RPCCode, String)
    }

    struct Response: ProtobufMessage {
        var host = ""
        var original: Request?
        var files: FileList?
        var services: ServiceList?
        var error: Failure?

        static var protoName: String { "grpc.reflection.v1.ServerReflectionResponse" }
        init() {}
        init(to request: Request, _ answer: Answer) {
            self.host = request.host
            self.original = request
            switch answer {
            case .files(let files): self.files = FileList(files)
            case .services(let names): self.services = ServiceList(names)
            case .error(let code, let message): self.error = Failure(code, message)
            }
        }

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                switch field {
                case 1: try reader.read(.string, into: &self.host)
                case 2: try reader.read(.message(Request.self), into: &self.original)
                case 4: try reader.read(.message(FileList.self), into: &self.files)
                case 6: try reader.read(.message(ServiceList.self), into: &self.services)
                case 7: try reader.read(.message(Failure.self), into: &self.error)
                default: try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) {
            writer.write(.string, self.host, field: 1)
            writer.write(.message(Request.self), optional: self.original, field: 2)
            writer.write(.message(FileList.self), optional: self.files, field: 4)
            writer.write(.message(ServiceList.self), optional: self.services, field: 6)
            writer.write(.message(Failure.self), optional: self.error, field: 7)
        }
    }

    struct FileList: ProtobufMessage {
        var files: [[UInt8]] = []

        static var protoName: String { "grpc.reflection.v1.FileDescriptorResponse" }
        init() {}
        init(_ files: [[UInt8]]) { self.files = files }

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                switch field {
                case 1: try reader.read(.bytes, appendingTo: &self.files)
                default: try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) { writer.write(.bytes, repeated: self.files, field: 1) }
    }

    struct ServiceList: ProtobufMessage {
        var services: [Service] = []

        static var protoName: String { "grpc.reflection.v1.ListServiceResponse" }
        init() {}
        init(_ names: [String]) { self.services = names.map { Service($0) } }

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                switch field {
                case 1: try reader.read(.message(Service.self), appendingTo: &self.services)
                default: try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) {
            writer.write(.message(Service.self), repeated: self.services, field: 1)
        }
    }

    struct Service: ProtobufMessage {
        var name = ""

        static var protoName: String { "grpc.reflection.v1.ServiceResponse" }
        init() {}
        init(_ name: String) { self.name = name }

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                switch field {
                case 1: try reader.read(.string, into: &self.name)
                default: try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) { writer.write(.string, self.name, field: 1) }
    }

    struct Failure: ProtobufMessage {
        var code: Int32 = 0
        var message = ""

        static var protoName: String { "grpc.reflection.v1.ErrorResponse" }
        init() {}
        init(_ code: RPCCode, _ message: String) {
            self.code = Int32(code.rawValue)
            self.message = message
        }

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                switch field {
                case 1: try reader.read(.int32, into: &self.code)
                case 2: try reader.read(.string, into: &self.message)
                default: try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) {
            writer.write(.int32, self.code, field: 1)
            writer.write(.string, self.message, field: 2)
        }
    }
}
