/// Writes a message with all that is declared inside it.
struct MessageGenerator {
    let descriptor: MessageDescriptor
    /// `.vitrine.product.v1.Product`
    let fullName: String
    let file: String
    let path: [Int32]
    let comments: Comments
    let types: TypeTable

    private let fields: [FieldShape]
    private let oneofs: [OneofGenerator]

    init(
        _ descriptor: MessageDescriptor, fullName: String, file: String, path: [Int32], comments: Comments,
        types: TypeTable
    ) throws(GeneratorError) {
        self.descriptor = descriptor
        self.fullName = fullName
        self.file = file
        self.path = path
        self.comments = comments
        self.types = types
        try Self.requireKnown(descriptor, fullName, file)
        var fields: [FieldShape] = []
        for (index, field) in descriptor.fields.enumerated() {
            fields.append(
                try FieldShape(
                    field, of: fullName, comment: comments[path + [2, Int32(index)]], types, file))
        }
        self.fields = fields
        self.oneofs = Self.oneofs(descriptor, fields, fullName, path, comments, types)
    }

    /// Refuses what only proto2 has.
    private static func requireKnown(
        _ descriptor: MessageDescriptor, _ fullName: String, _ file: String
    ) throws(GeneratorError) {
        func refuse(_ what: String) -> GeneratorError {
            GeneratorError(file: file, message: "message '\(fullName.dropFirst())' \(what), which proto3 has not")
        }
        if !descriptor.extensionRanges.isEmpty { throw refuse("can be extended") }
        if !descriptor.extensions.isEmpty { throw refuse("declares extensions") }
        if descriptor.options.isMessageSet { throw refuse("is a message set") }
        if let field = descriptor.fields.first(where: \.isRequired) { throw refuse("requires '\(field.name)'") }
        if let field = descriptor.fields.first(where: { $0.kind == .group }) {
            throw refuse("has a group '\(field.name)'")
        }
    }

    /// Those that somebody wrote. The ones of `optional` fields come after them.
    private static func oneofs(
        _ descriptor: MessageDescriptor, _ fields: [FieldShape], _ fullName: String, _ path: [Int32],
        _ comments: Comments, _ types: TypeTable
    ) -> [OneofGenerator] {
        let written = Set(descriptor.fields.compactMap(\.writtenOneof))
        let taken = Set(descriptor.messages.map(\.name) + descriptor.enums.map(\.name))
        return descriptor.oneofs.enumerated().filter { written.contains($0.offset) }.map { index, oneof in
            let members = fields.filter { if case .member(index) = $0.cardinality { true } else { false } }
            let recursive = descriptor.fields.contains {
                $0.writtenOneof == index && $0.kind == .message && types.embeds($0.typeName, fullName)
            }
            let type = SwiftNames.declared(SwiftNames.type(oneof.name), "Oneof")
            return OneofGenerator(
                index: index, name: SwiftNames.property(oneof.name), type: taken.contains(type) ? type + "Oneof" : type,
                members: members, isIndirect: recursive, comment: comments[path + [8, Int32(index)]])
        }
    }

    func write(to writer: inout SwiftWriter) throws(GeneratorError) {
        if let comment = self.comments[self.path] { writer.documentation(comment) }
        let name = SwiftNames.declared(self.descriptor.name, "Message")
        try writer.block("public struct \(name): ProtobufMessage") { writer throws(GeneratorError) in
            writer.line("public static let protoName = \"\(self.fullName.dropFirst())\"")
            writer.line()
            self.writeProperties(&writer)
            try self.writeInitializers(&writer)
            writer.line()
            try self.writeDecode(&writer)
            writer.line()
            try self.writeEncode(&writer)
            try self.writeNested(&writer)
        }
    }

    // MARK: - Properties

    private struct Property {
        let name: String
        let type: String
        let initial: String
        let comment: String?
        let isIndirect: Bool
    }

    /// One for each field, and one for each `oneof` where its first member stands.
    private var properties: [Property] {
        var seen: Set<Int> = []
        return self.fields.compactMap { field in
            guard case .member(let index) = field.cardinality else {
                return Property(
                    name: field.name, type: field.type, initial: field.initial, comment: field.comment,
                    isIndirect: field.isIndirect)
            }
            guard seen.insert(index).inserted, let oneof = self.oneofs.first(where: { $0.index == index }) else {
                return nil
            }
            return Property(
                name: oneof.name, type: oneof.type + "?", initial: "nil", comment: oneof.comment, isIndirect: false)
        }
    }

    private func writeProperties(_ writer: inout SwiftWriter) {
        for property in self.properties {
            if let comment = property.comment { writer.documentation(comment) }
            let wrapper = property.isIndirect ? "@ProtobufIndirect " : ""
            // An optional variable begins as nil by itself.
            let initial = property.initial == "nil" && !property.isIndirect ? "" : " = \(property.initial)"
            writer.line("\(wrapper)public var \(property.name): \(property.type)\(initial)")
        }
        if !self.properties.isEmpty { writer.line() }
    }

    private func writeInitializers(_ writer: inout SwiftWriter) throws(GeneratorError) {
        writer.line("public init() {}")
        guard !self.properties.isEmpty else { return }
        writer.line()
        writer.head("public init(", self.properties.map { "\($0.name): \($0.type) = \($0.initial)" }, ") {")
        try writer.indented { writer throws(GeneratorError) in
            for property in self.properties { writer.line("self.\(property.name) = \(property.name)") }
        }
        writer.line("}")
    }

    // MARK: - Wire format

    private func writeDecode(_ writer: inout SwiftWriter) throws(GeneratorError) {
        let head = "public mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError)"
        try writer.block(head) { writer throws(GeneratorError) in
            if self.fields.isEmpty { return writer.line("while try reader.nextField() != nil { try reader.skip() }") }
            try writer.block("while let field = try reader.nextField()") { writer throws(GeneratorError) in
                writer.line("switch field {")
                for field in self.sortedFields { try self.writeRead(field, &writer) }
                writer.line("default: try reader.skip()")
                writer.line("}")
            }
        }
    }

    private var sortedFields: [FieldShape] { self.fields.sorted { $0.number < $1.number } }

    private func writeRead(_ field: FieldShape, _ writer: inout SwiftWriter) throws(GeneratorError) {
        let label = "case \(field.number):"
        switch field.cardinality {
        case .single, .optional:
            writer.labelled(label, "try reader.read(", [field.codec, "into: &self.\(field.name)"])
        case .repeated:
            writer.labelled(label, "try reader.read(", [field.codec, "appendingTo: &self.\(field.name)"])
        case .map(let keyCodec):
            writer.labelled(
                label, "try reader.read(", ["key: \(keyCodec)", "value: \(field.codec)", "into: &self.\(field.name)"])
        case .member(let index):
            guard let oneof = self.oneofs.first(where: { $0.index == index }) else { return }
            writer.line(label)
            try writer.indented { writer throws(GeneratorError) in oneof.writeRead(field, &writer) }
        }
    }

    private func writeEncode(_ writer: inout SwiftWriter) throws(GeneratorError) {
        if self.fields.isEmpty { return writer.line("public func encode(to writer: inout ProtobufWriter) {}") }
        try writer.block("public func encode(to writer: inout ProtobufWriter)") { writer throws(GeneratorError) in
            for field in self.sortedFields { try self.writeWrite(field, &writer) }
        }
    }

    private func writeWrite(_ field: FieldShape, _ writer: inout SwiftWriter) throws(GeneratorError) {
        let value = "self.\(field.name)"
        let number = "field: \(field.number)"
        switch field.cardinality {
        case .single: writer.call("writer.write(", [field.codec, value, number])
        case .optional: writer.call("writer.write(", [field.codec, "optional: \(value)", number])
        case .repeated(let isPacked):
            writer.call("writer.write(", [field.codec, "\(isPacked ? "packed" : "repeated"): \(value)", number])
        case .map(let keyCodec):
            writer.call("writer.write(", ["key: \(keyCodec)", "value: \(field.codec)", value, number])
        case .member(let index):
            guard let oneof = self.oneofs.first(where: { $0.index == index }) else { return }
            try oneof.writeWrite(field, &writer)
        }
    }

    // MARK: - Inside

    private func writeNested(_ writer: inout SwiftWriter) throws(GeneratorError) {
        for oneof in self.oneofs {
            writer.line()
            try oneof.writeType(&writer)
        }
        for (index, nested) in self.descriptor.enums.enumerated() {
            writer.line()
            let generator = EnumGenerator(
                descriptor: nested, path: self.path + [4, Int32(index)], comments: self.comments)
            try generator.write(to: &writer)
        }
        for (index, nested) in self.descriptor.messages.enumerated() where !nested.options.isMapEntry {
            writer.line()
            let generator = try MessageGenerator(
                nested, fullName: TypeTable.join(self.fullName, nested.name), file: self.file,
                path: self.path + [3, Int32(index)], comments: self.comments, types: self.types)
            try generator.write(to: &writer)
        }
    }
}
