/// Writes an enumeration: a case for each number, one for the rest, and constants for second names.
struct EnumGenerator {
    let descriptor: EnumDescriptor
    let path: [Int32]
    let comments: Comments

    func write(to writer: inout SwiftWriter) throws(GeneratorError) {
        if let comment = self.comments[self.path] { writer.documentation(comment) }
        let name = SwiftNames.declared(self.descriptor.name, "Enum")
        try writer.block("public enum \(name): ProtobufEnum") { writer throws(GeneratorError) in
            self.writeCases(&writer)
            writer.line()
            writer.line("public init() { self = .\(self.name(self.descriptor.values[0])) }")
            writer.line()
            try self.writeInitializer(&writer)
            writer.line()
            try self.writeRawValue(&writer)
            self.writeAliases(&writer)
        }
    }

    private func name(_ value: NamedDescriptor) -> String { SwiftNames.enumCase(value.name, of: self.descriptor) }

    /// The first name of each number.
    private var named: [(index: Int, value: NamedDescriptor)] {
        var seen: Set<Int32> = []
        return self.descriptor.values.enumerated().compactMap {
            seen.insert($0.element.number).inserted ? ($0.offset, $0.element) : nil
        }
    }

    private func comment(_ index: Int) -> String? { self.comments[self.path + [2, Int32(index)]] }

    private func writeCases(_ writer: inout SwiftWriter) {
        for (index, value) in self.named {
            if let comment = self.comment(index) { writer.documentation(comment) }
            writer.line("case \(self.name(value))")
        }
        writer.line("/// A number without a name here, from a newer contract.")
        writer.line("case unrecognized(Int32)")
    }

    private func writeInitializer(_ writer: inout SwiftWriter) throws(GeneratorError) {
        try writer.block("public init(rawValue: Int32)") { writer throws(GeneratorError) in
            writer.line("switch rawValue {")
            for (_, value) in self.named { writer.line("case \(value.number): self = .\(self.name(value))") }
            writer.line("default: self = .unrecognized(rawValue)")
            writer.line("}")
        }
    }

    private func writeRawValue(_ writer: inout SwiftWriter) throws(GeneratorError) {
        try writer.block("public var rawValue: Int32") { writer throws(GeneratorError) in
            writer.line("switch self {")
            for (_, value) in self.named { writer.line("case .\(self.name(value)): \(value.number)") }
            writer.line("case .unrecognized(let rawValue): rawValue")
            writer.line("}")
        }
    }

    private func writeAliases(_ writer: inout SwiftWriter) {
        let first = Dictionary(self.named.map { ($0.value.number, $0.value) }, uniquingKeysWith: { left, _ in left })
        let primary = Set(self.named.map(\.index))
        for (index, value) in self.descriptor.values.enumerated() where !primary.contains(index) {
            guard let original = first[value.number] else { continue }
            writer.line()
            if let comment = self.comment(index) { writer.documentation(comment) }
            writer.line("public static var \(self.name(value)): Self { .\(self.name(original)) }")
        }
    }
}
