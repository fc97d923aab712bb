/// Writes a `oneof`: an enumeration with the member that is set.
struct OneofGenerator {
    let index: Int
    /// The property of the message.
    let name: String
    /// The enumeration inside the message.
    let type: String
    let members: [FieldShape]
    let isIndirect: Bool
    let comment: String?

    func writeType(_ writer: inout SwiftWriter) throws(GeneratorError) {
        if let comment { writer.documentation(comment) }
        let keyword = self.isIndirect ? "indirect enum" : "enum"
        try writer.block("public \(keyword) \(self.type): Sendable, Hashable") { writer throws(GeneratorError) in
            for member in self.members {
                if let comment = member.comment { writer.documentation(comment) }
                writer.line("case \(member.name)(\(member.type))")
            }
        }
    }

    /// A message merges with itself; anything else replaces what is there.
    func writeRead(_ member: FieldShape, _ writer: inout SwiftWriter) {
        writer.line("var value: \(member.type)?")
        if member.isMessage {
            writer.line("if case .\(member.name)(let current) = self.\(self.name) { value = current }")
        }
        writer.call("try reader.read(", [member.codec, "into: &value"])
        writer.line("if let value { self.\(self.name) = .\(member.name)(value) }")
    }

    /// On one line where it fits.
    func writeWrite(_ member: FieldShape, _ writer: inout SwiftWriter) throws(GeneratorError) {
        let condition = "if case .\(member.name)(let value) = self.\(self.name)"
        let arguments = [member.codec, "always: value", "field: \(member.number)"]
        let line = "\(condition) { writer.write(\(arguments.joined(separator: ", "))) }"
        if writer.fits(line) { return writer.line(line) }
        try writer.block(condition) { writer throws(GeneratorError) in writer.call("writer.write(", arguments) }
    }
}
