import Protobuf

/// The files behind a server's services, by name and by what they declare.
struct DescriptorIndex: Sendable {
    /// In alphabetical order.
    let services: [String]
    private var files: [String: ProtobufFile] = [:]
    /// The file's name by the full name of what it declares.
    private var symbols: [String: String] = [:]

    init(services: [String], files: [ProtobufFile]) {
        self.services = services.sorted()
        for root in files {
            for file in Self.closure(of: root) where self.files[file.name] == nil {
                self.files[file.name] = file
                // What protoc wrote can be read; what it cannot be is found by its name all the same.
                let declared = (try? FileDescriptor(decoding: file.bytes))?.symbols ?? []
                for symbol in declared { self.symbols[symbol] = file.name }
            }
        }
    }

    func file(named name: String) -> ProtobufFile? { self.files[name] }
    func file(declaring symbol: String) -> ProtobufFile? { self.symbols[symbol].flatMap { self.files[$0] } }

    /// A file and all that it imports, each once, the file first.
    static func closure(of file: ProtobufFile) -> [ProtobufFile] {
        var found: [ProtobufFile] = []
        var names: Set<String> = []
        var waiting = [file]
        while let next = waiting.popLast() {
            guard names.insert(next.name).inserted else { continue }
            found.append(next)
            waiting += next.dependencies.reversed()
        }
        return found
    }
}

/// As much of `google.protobuf.FileDescriptorProto` as names what a file declares.
struct FileDescriptor: ProtobufMessage {
    var package = ""
    var messages: [Declaration<MessageShape>] = []
    var enums: [Declaration<EnumShape>] = []
    var services: [Declaration<ServiceShape>] = []

    static var protoName: String { "google.protobuf.FileDescriptorProto" }

    mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
        while let field = try reader.nextField() {
            switch field {
            case 2: try reader.read(.string, into: &self.package)
            case 4: try reader.read(.message(Declaration<MessageShape>.self), appendingTo: &self.messages)
            case 5: try reader.read(.message(Declaration<EnumShape>.self), appendingTo: &self.enums)
            case 6: try reader.read(.message(Declaration<ServiceShape>.self), appendingTo: &self.services)
            default: try reader.skip()
            }
        }
    }

    func encode(to writer: inout ProtobufWriter) { preconditionFailure("descriptors are only read") }

    /// The full names of messages, fields, enumerations, their values, services and methods.
    var symbols: [String] {
        let scope = self.package.isEmpty ? "" : self.package + "."
        return self.messages.flatMap { $0.symbols(in: scope) } + self.enums.flatMap { $0.symbols(in: scope) }
            + self.services.flatMap { $0.symbols(in: scope) }
    }

    /// Which fields of a descriptor hold the declarations within.
    protocol Shape: Sendable, Hashable {
        static var members: [Int] { get }
        static var messages: Int? { get }
        static var enums: Int? { get }
    }
    /// Fields 2, nested messages 3, enumerations 4, extensions 6, choices 8.
    enum MessageShape: Shape {
        static var members: [Int] { [2, 6, 8] }
        static var messages: Int? { 3 }
        static var enums: Int? { 4 }
    }
    enum EnumShape: Shape {
        static var members: [Int] { [2] }
        static var messages: Int? { nil }
        static var enums: Int? { nil }
    }
    enum ServiceShape: Shape {
        static var members: [Int] { [2] }
        static var messages: Int? { nil }
        static var enums: Int? { nil }
    }
    /// What declares nothing within.
    enum LeafShape: Shape {
        static var members: [Int] { [] }
        static var messages: Int? { nil }
        static var enums: Int? { nil }
    }

    /// A declaration: its name, which is field 1 of them all, and what is declared within.
    struct Declaration<Kind: Shape>: ProtobufMessage {
        var name = ""
        var members: [Declaration<LeafShape>] = []
        var messages: [Declaration<MessageShape>] = []
        var enums: [Declaration<EnumShape>] = []

        static var protoName: String { "descriptor" }

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                if field == 1 {
                    try reader.read(.string, into: &self.name)
                } else if Kind.members.contains(field) {
                    try reader.read(.message(Declaration<LeafShape>.self), appendingTo: &self.members)
                } else if field == Kind.messages {
                    try reader.read(.message(Declaration<MessageShape>.self), appendingTo: &self.messages)
                } else if field == Kind.enums {
                    try reader.read(.message(Declaration<EnumShape>.self), appendingTo: &self.enums)
                } else {
                    try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) { preconditionFailure("descriptors are only read") }

        func symbols(in scope: String) -> [String] {
            let full = scope + self.name
            // Values of an enumeration are named beside it, not within it (google/protobuf/descriptor.proto).
            let inner = Kind.self == EnumShape.self ? scope : full + "."
            return [full] + self.members.map { inner + $0.name } + self.messages.flatMap { $0.symbols(in: full + ".") }
                + self.enums.flatMap { $0.symbols(in: full + ".") }
        }
    }
}
